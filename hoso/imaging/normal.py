"""Every file taken in becomes a PDF, so that all further work knows one kind of file only.

Pictures are wrapped, not re-encoded: a JPEG's own bytes (also out of a TIFF) and a PNG's own
samples are copied, fax pages stay CCITT group 4. What PDF cannot hold (transparency, 16 bits,
WebP) is decoded and kept without loss.
"""

import io
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import img2pdf
import numpy as np
import pikepdf
from PIL import Image, ImageOps

from hoso.imaging.geometry import POINTS_PER_INCH
from hoso.imaging.kinds import FileKind
from hoso.imaging.paper import guessed_dpi, is_credible
from hoso.imaging.pictures import opened_picture, pages_of
from hoso.imaging.saving import opened_for_pdf
from hoso.imaging.tiff_jpeg import jpeg_in

# Pages held in memory at once while a long TIFF is wrapped.
_BATCH: Final = 32
_UPRIGHT: Final = 1
_MIRRORED: Final = {2, 4, 5, 7}
_EXIF_ORIENTATION: Final = 0x0112
_PNG_DEPTH_AT: Final = 24
_A_BYTE: Final = 8


def as_pdf(path: Path, kind: FileKind, target: Path) -> None:
    """Write the file as PDF to `target`; a PDF stays byte for byte as it is.

    The same file gives the same bytes. A camera's turn (EXIF) becomes the page's /Rotate. The
    paper's size follows the picture's resolution where that can be true (100 to 1250 dpi and
    no larger than A0), else it is guessed from the pixels. Refuses with FileDamaged.
    """
    if kind is FileKind.PDF:
        shutil.copyfile(path, target)
        return
    with (
        TemporaryDirectory(dir=target.parent) as folder,
        opened_picture(path, kind, name=path.name) as picture,
    ):
        sheets = (_sheet(page, path) for page in pages_of(picture))
        _join(_written(sheets, Path(folder)), target)


def paper_size(width: int, height: int, dpi: tuple[float, float]) -> tuple[float, float]:
    """Points across and down of a picture of so many pixels with this claimed resolution."""
    if not is_credible(width, height, dpi):
        dpi = (guessed_dpi(width, height),) * 2
    across, down = dpi
    return width / across * POINTS_PER_INCH, height / down * POINTS_PER_INCH


def _layout(width: int, height: int, dpi: tuple[float, float]) -> tuple[float, ...]:
    """Img2pdf's question: the page's and the picture's size in points."""
    return paper_size(width, height, dpi) * 2


def _sheet(page: Image.Image, path: Path) -> bytes:
    """A picture file of this one page that img2pdf copies without re-encoding."""
    orientation = page.getexif().get(_EXIF_ORIENTATION)
    if orientation not in _MIRRORED and _can_be_copied(page, path):
        return path.read_bytes()
    if orientation in {None, _UPRIGHT} and (jpeg := jpeg_in(page, path, _claimed_dpi(page))):
        return jpeg
    return _saved(_plain(ImageOps.exif_transpose(page)), _claimed_dpi(page))


def _can_be_copied(page: Image.Image, path: Path) -> bool:
    if page.format in {"JPEG", "MPO"}:
        return page.mode in {"L", "RGB", "CMYK"}
    if page.format != "PNG" or _is_transparent(page):
        return False
    with path.open("rb") as file:
        return file.read(_PNG_DEPTH_AT + 1)[_PNG_DEPTH_AT] <= _A_BYTE


def _is_transparent(page: Image.Image) -> bool:
    return "transparency" in page.info or "A" in page.getbands()


def _claimed_dpi(page: Image.Image) -> tuple[float, float]:
    """The resolution the file claims, 0 where it claims none."""
    across, down = page.info.get("dpi", (0, 0))
    return float(across), float(down)


def _plain(page: Image.Image) -> Image.Image:
    """The page in black and white, grey or RGB of 8 bits, on white paper."""
    if page.mode in {"1", "L", "RGB"} and not _is_transparent(page):
        return page
    if page.mode == "F" or page.mode.startswith("I"):
        return _of_eight_bits(page)
    if not _is_transparent(page):
        return page.convert("RGB")
    paper = Image.new("RGBA", page.size, "white")
    paper.alpha_composite(page.convert("RGBA"))
    return paper.convert("L" if page.mode == "LA" else "RGB")


def _of_eight_bits(page: Image.Image) -> Image.Image:
    """Grey of 16 bits, whatever Pillow calls it; Pillow's own conversion cuts at 255."""
    samples = np.asarray(page).astype(np.float64)
    most = 65535.0 if page.mode != "F" else max(float(samples.max()), 1.0)
    return Image.fromarray((samples * (255 / most)).clip(0, 255).astype(np.uint8))


def _saved(page: Image.Image, dpi: tuple[float, float]) -> bytes:
    """The page without loss: group 4 for black and white, PNG for the rest."""
    file, claimed = io.BytesIO(), dpi if is_credible(*page.size, dpi) else None
    page.info.clear()  # no profile or comment of a mode it no longer has
    if page.mode == "1":
        page.save(file, "TIFF", compression="group4", **({"dpi": claimed} if claimed else {}))
    else:
        page.save(file, "PNG", **({"dpi": claimed} if claimed else {}))
    return file.getvalue()


def _written(sheets: Iterable[bytes], folder: Path) -> Iterator[Path]:
    """The sheets wrapped into PDF files of a few pages each, so that memory stays flat."""
    remaining = iter(sheets)
    for number in range(10**9):
        batch = list(islice(remaining, _BATCH))
        if not batch:
            return
        part = folder / f"{number}.pdf"
        with opened_for_pdf(part) as file:
            img2pdf.convert(
                batch,
                layout_fun=_layout,
                rotation=img2pdf.Rotation.ifvalid,
                nodate=True,
                outputstream=file,
            )
        yield part


def _join(parts: Iterable[Path], target: Path) -> None:
    with ExitStack() as still_open:
        whole = still_open.enter_context(pikepdf.new())
        for part in parts:
            whole.pages.extend(still_open.enter_context(pikepdf.open(part)).pages)
        with opened_for_pdf(target) as file:
            whole.save(file, deterministic_id=True)
