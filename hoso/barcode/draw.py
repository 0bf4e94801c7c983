"""Code 128 and QR as vector drawings, to the exact millimetre.

The only module that knows python-barcode and segno. python-barcode's own pictures round modules
unevenly (a raster's whole pixels), so only its encoding is used and the bars are drawn here.
"""

from dataclasses import dataclass
from itertools import groupby

import segno
from barcode.codex import Code128

QUIET_MODULES = 10
"""White on either side of a Code 128, in modules; the symbology's least."""

QR_BORDER_MODULES = 4


@dataclass(frozen=True, slots=True)
class Drawing:
    """A symbol with its quiet zone, as SVG of `width_mm` × `height_mm`."""

    svg: str
    width_mm: float
    height_mm: float


def code128_modules(text: str) -> str:
    """The symbol's modules from start to stop, `1` a bar and `0` a gap; printable ASCII only."""
    return str(Code128(text).build()[0])


def code128_width_mm(text: str, module_mm: float) -> float:
    """How wide the symbol is with its quiet zones."""
    return (len(code128_modules(text)) + 2 * QUIET_MODULES) * module_mm


def draw_code128(text: str, *, module_mm: float = 0.33, height_mm: float = 14.0) -> Drawing:
    """A Code 128 of `text`; paper wants modules of 0.25 mm at the least."""
    modules = code128_modules(text)
    bars = _bars("0" * QUIET_MODULES + modules, row=0)
    width = len(modules) + 2 * QUIET_MODULES
    return _svg(bars, (width, 1), module_mm=module_mm, height_mm=height_mm)


def draw_qr(text: str, *, module_mm: float = 0.4, border: int = QR_BORDER_MODULES) -> Drawing:
    """A QR code of `text`, error correction M, never Micro QR (pyzbar cannot read that)."""
    # The character set is named only where it matters: readers then need not guess, and the
    # plain ones that know no ECI still read our links.
    code = segno.make(text, error="m", encoding="utf-8", eci=not text.isascii(), micro=False)
    rows = [list(row) for row in code.matrix_iter(border=border)]
    bars = "".join(
        _bars("".join("1" if dark else "0" for dark in row), row=y) for y, row in enumerate(rows)
    )
    size = len(rows)
    return _svg(bars, (size, size), module_mm=module_mm, height_mm=size * module_mm)


def code128_svg(text: str, module_mm: float = 0.33, height_mm: float = 14.0) -> str:
    """The SVG of `draw_code128`, for pages."""
    return draw_code128(text, module_mm=module_mm, height_mm=height_mm).svg


def qr_svg(text: str, module_mm: float = 0.4, border: int = QR_BORDER_MODULES) -> str:
    """The SVG of `draw_qr`, for pages."""
    return draw_qr(text, module_mm=module_mm, border=border).svg


def _bars(modules: str, *, row: int) -> str:
    """SVG path commands for the dark runs of one row, in modules."""
    commands, x = [], 0
    for module, run in groupby(modules):
        width = len(list(run))
        if module == "1":
            commands.append(f"M{x} {row}h{width}v1h-{width}z")
        x += width
    return "".join(commands)


def _svg(path: str, size: tuple[int, int], *, module_mm: float, height_mm: float) -> Drawing:
    """The path, `size` modules wide and high, stretched to its size on paper."""
    columns, rows = size
    width_mm = columns * module_mm
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width_mm:.3f}mm" '
        f'height="{height_mm:.3f}mm" viewBox="0 0 {columns} {rows}" preserveAspectRatio="none" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{columns}v{rows}H0z"/>'
        f'<path d="{path}"/></svg>'
    )
    return Drawing(svg, width_mm, height_mm)
