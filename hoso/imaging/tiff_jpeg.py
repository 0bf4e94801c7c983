"""The JPEG inside a TIFF, as copiers write them, brought out as a file without re-encoding.

A TIFF keeps its tables apart and cuts the picture into strips, each a JPEG of its own. Every
strip begins as a JPEG goes on after a restart marker, so strips are joined by such markers.
"""

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Final

from PIL import Image

_PHOTOMETRIC, _OFFSETS, _ROWS_PER_STRIP, _COUNTS, _TABLES = 262, 273, 278, 279, 347
_COMPRESSION, _PLANAR, _JPEG, _TOGETHER = 259, 284, 7, 1
_GREY, _YCBCR = 1, 6
_SOF0, _SOI, _EOI, _SOS, _DRI, _APP0 = 0xC0, 0xD8, 0xD9, 0xDA, 0xDD, 0xE0
_APPS: Final = range(0xE0, 0xF0)
_RESTARTS: Final = range(0xD0, 0xD8)
_MOST_BETWEEN_RESTARTS: Final = 65535


@dataclass(frozen=True, slots=True)
class _Strip:
    """A JPEG taken apart: the segments before the scan, the scan's own header, its codes."""

    segments: list[tuple[int, bytes]]
    scan_header: bytes
    codes: bytes

    def segment(self, kind: int) -> bytes | None:
        """The body of its only segment of a kind."""
        found = [body for marker, body in self.segments if marker == kind]
        return found[0] if len(found) == 1 else None


def jpeg_in(page: Image.Image, path: Path, dpi: tuple[float, float]) -> bytes | None:
    """The page of the TIFF `path` as one JPEG file; None where only decoding helps."""
    tags = getattr(page, "tag_v2", {})
    if tags.get(_COMPRESSION) != _JPEG or tags.get(_PLANAR, _TOGETHER) != _TOGETHER:
        return None
    if tags.get(_PHOTOMETRIC) not in {_GREY, _YCBCR} or _OFFSETS not in tags:
        return None
    try:
        strips = [_taken_apart(strip) for strip in _read(path, tags[_OFFSETS], tags[_COUNTS])]
        tables = [(kind, body) for kind, body, _ in _segments(tags.get(_TABLES, b""))]
        rows = min(int(tags.get(_ROWS_PER_STRIP, page.height)), page.height)
        return _joined(strips, tables, page.size, rows, dpi)
    except (ValueError, IndexError, struct.error):
        return None


def _read(path: Path, offsets: tuple[int, ...], counts: tuple[int, ...]) -> Iterator[bytes]:
    with path.open("rb") as file:
        for offset, count in zip(offsets, counts, strict=True):
            file.seek(offset)
            yield file.read(count)


def _segments(jpeg: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Marker, body and end of every segment up to the scan's header."""
    at = 2
    while at + 4 <= len(jpeg) and jpeg[at + 1] != _EOI:
        lead, marker, length = struct.unpack(">BBH", jpeg[at : at + 4])
        if lead != 0xFF:  # noqa: PLR2004 - what every marker begins with
            raise ValueError("no marker where one must be")
        yield marker, jpeg[at + 4 : at + 2 + length], at + 2 + length
        if marker == _SOS:
            return
        at += 2 + length


def _taken_apart(jpeg: bytes) -> _Strip:
    *before, (marker, scan_header, end) = _segments(jpeg)
    if marker != _SOS:
        raise ValueError("no scan")
    codes = jpeg[end:].removesuffix(bytes((0xFF, _EOI)))
    segments = [(kind, body) for kind, body, _ in before if kind not in _APPS]
    return _Strip(segments, scan_header, codes)


def _joined(
    strips: list[_Strip],
    tables: list[tuple[int, bytes]],
    size: tuple[int, int],
    rows: int,
    dpi: tuple[float, float],
) -> bytes | None:
    first = strips[0]
    frame = first.segment(_SOF0)
    if frame is None or not all(_goes_on(strip, first) for strip in strips[1:]):
        return None
    segments = [(_APP0, _jfif(dpi)), *tables]
    segments += [(kind, body) for kind, body in first.segments if kind != _SOF0]
    segments.append((_SOF0, frame[:1] + struct.pack(">HH", size[1], size[0]) + frame[5:]))
    if len(strips) > 1:
        interval = _units(frame, size[0], rows)
        if interval is None or first.segment(_DRI):
            return None
        segments.append((_DRI, struct.pack(">H", interval)))
    written = [bytes((0xFF, _SOI))]
    written += [_segment(kind, body) for kind, body in [*segments, (_SOS, first.scan_header)]]
    for strip, restart in zip(strips, cycle(_RESTARTS), strict=False):
        written += [strip.codes, bytes((0xFF, restart))]
    written[-1] = bytes((0xFF, _EOI))
    return b"".join(written)


def _goes_on(strip: _Strip, first: _Strip) -> bool:
    """Whether a strip is coded as the first one is; its height alone may differ."""

    def coded(one: _Strip) -> list[tuple[int, bytes]]:
        return [
            (kind, body[:1] + body[3:] if kind == _SOF0 else body) for kind, body in one.segments
        ]

    return coded(strip) == coded(first) and strip.scan_header == first.scan_header


def _units(frame: bytes, width: int, rows: int) -> int | None:
    """How many of JPEG's units a full strip has; None where it does not end with one."""
    components = [frame[at + 1] for at in range(6, len(frame), 3)]
    alone = len(components) == 1
    across = 8 * (1 if alone else max(factors >> 4 for factors in components))
    down = 8 * (1 if alone else max(factors & 15 for factors in components))
    units = math.ceil(width / across) * (rows // down)
    return units if rows % down == 0 and units <= _MOST_BETWEEN_RESTARTS else None


def _jfif(dpi: tuple[float, float]) -> bytes:
    """Says that the colours are YCbCr, and how many dots there are to an inch (1:1 if unknown)."""
    across, down = (min(65535, round(side)) if math.isfinite(side) else 0 for side in dpi)
    known = across > 0 and down > 0
    density = (1, across, down) if known else (0, 1, 1)
    return b"JFIF\0\1\1" + struct.pack(">BHHBB", *density, 0, 0)


def _segment(kind: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, kind, len(body) + 2) + body
