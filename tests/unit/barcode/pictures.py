"""Drawings of ours as a scanner would see them."""

from io import BytesIO
from typing import Any

import cv2
import numpy as np
import pypdfium2
import segno
from numpy.typing import NDArray

from hoso.barcode.draw import Drawing
from hoso.barcode.typeset import as_input, typeset_pdf

Pixels = NDArray[Any]


def scanned(pdf: bytes, dpi: float, page: int = 0) -> Pixels:
    """A page printed and scanned in grey, perfectly."""
    with pypdfium2.PdfDocument(pdf) as document:
        bitmap = document[page].render(scale=dpi / 72, grayscale=True)
        return np.asarray(bitmap.to_numpy().squeeze())


def on_paper(pdf: bytes, dpi: float) -> Pixels:
    """The first page of a PDF in the middle of a white square that holds it at any angle."""
    piece = scanned(pdf, dpi)
    side = round(1.1 * float(np.hypot(*piece.shape)))
    page = np.full((side, side), 255, np.uint8)
    top, left = (side - piece.shape[0]) // 2, (side - piece.shape[1]) // 2
    page[top : top + piece.shape[0], left : left + piece.shape[1]] = piece
    return page


def drawn(drawing: Drawing, tmp_path: Any, dpi: float = 200) -> Pixels:
    """A drawing alone on a page of its own size."""
    template = tmp_path / "alone.typ"
    template.write_text(
        '#set document(title: "x")\n#let d = json(bytes(sys.inputs.data))\n'
        "#set page(width: d.width * 1mm, height: d.height * 1mm, margin: 0mm)\n"
        '#image(bytes(d.svg), format: "svg", width: d.width * 1mm, height: d.height * 1mm)'
    )
    return scanned(typeset_pdf(template, as_input(drawing)), dpi)


def worn(page: Pixels, *, degrees: float = 0, noise: float = 0, quality: int = 95) -> Pixels:
    """Askew, noisy, and through JPEG; the same every time."""
    height, width = page.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    askew = cv2.warpAffine(page, turn, (width, height), borderValue=(255.0,))
    noisy = askew + np.random.default_rng(7).normal(0, noise, askew.shape)
    _, jpeg = cv2.imencode(
        ".jpg", np.clip(noisy, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    return np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_GRAYSCALE))


def nameless_qr(text: str, *, scale: int = 5) -> NDArray[np.uint8]:
    """A QR of UTF-8 that names no character set, as citizens' cards bear it."""
    return picture_of(segno.make_qr(text.encode(), error="l", mode="byte"), scale=scale)


def picture_of(qr: segno.QRCode, *, scale: int = 5) -> NDArray[np.uint8]:
    """A QR in grey, `scale` pixels a module."""
    file = BytesIO()
    qr.save(file, kind="png", scale=scale, border=8)
    picture = cv2.imdecode(np.frombuffer(file.getvalue(), np.uint8), cv2.IMREAD_GRAYSCALE)
    return np.asarray(picture, np.uint8)
