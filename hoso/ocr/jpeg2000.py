"""What PDF/A-2 asks of JPEG 2000 (ISO 19005-2, 6.2.8.3), which pikepdf's validator cannot say."""

import struct
from collections.abc import Iterator

import pikepdf

_CHANNELS = {1, 3, 4}
_DIFFERENT_DEPTHS = 255
_CIE_JAB = 19
_BY_NUMBER, _BY_ICC = 1, 2


def are_archival(pdf: pikepdf.Pdf) -> bool:
    """Whether every JPEG 2000 picture of the file may stay as it is."""
    return all(
        _is_archival(bytes(thing.read_raw_bytes()))
        for thing in pdf.objects
        if isinstance(thing, pikepdf.Stream) and thing.get("/Filter") == "/JPXDecode"
    )


def _is_archival(file: bytes) -> bool:
    try:
        header = next(body for name, body in _boxes(file) if name == b"jp2h")
        boxes = list(_boxes(header))
        (size,) = (body for name, body in boxes if name == b"ihdr")
        (colour,) = (body for name, body in boxes if name == b"colr")
        channels, depth = struct.unpack(">8xHB", size[:11])
        method = colour[0]
        number = struct.unpack(">I", colour[3:7])[0] if method == _BY_NUMBER else None
    except (StopIteration, ValueError, IndexError, struct.error):
        return False
    named = method == _BY_ICC or number not in {None, _CIE_JAB}
    return channels in _CHANNELS and depth != _DIFFERENT_DEPTHS and named


def _boxes(file: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The boxes of a JP2 file, or within one of its boxes: name and contents."""
    at = 0
    while at + 8 <= len(file):
        length, name = struct.unpack(">I4s", file[at : at + 8])
        end = at + length if length else len(file)
        if length == 1 or end <= at:  # 64-bit lengths are for pictures of gigabytes
            return
        yield name, file[at + 8 : end]
        at = end
