"""Picture files (TIFF, JPEG, PNG, WebP) opened through Pillow, without its surprises."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image, ImageSequence

from hoso.errors import FileDamaged
from hoso.imaging.kinds import FileKind
from hoso.imaging.limits import Limits

# Limits says how large a page may be, and says it in a sentence; Pillow's own limit would
# refuse an A2 plan at 300 dpi.
Image.MAX_IMAGE_PIXELS = None

# All that Pillow's readers raise on bytes that are not what they promise.
# (UnidentifiedImageError is an OSError.)
_UNREADABLE = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    OverflowError,
)


@contextmanager
def opened_picture(path: Path, kind: FileKind, *, name: str) -> Iterator[Image.Image]:
    """The picture, nothing decoded yet. Whatever cannot be read within is FileDamaged.

    Pillow warns of odd tags that hurt nobody; those warnings are not passed on.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=[kind.value]) as picture:
                yield picture
    except _UNREADABLE as error:
        raise FileDamaged(name=name) from error


def pages_of(picture: Image.Image) -> Iterator[Image.Image]:
    """Its pages in turn. Only TIFF has several: the frames of an animation are not pages."""
    return iter(ImageSequence.Iterator(picture)) if picture.format == "TIFF" else iter([picture])


def check_picture(path: Path, kind: FileKind, *, name: str, limits: Limits) -> int:
    """Count the pages of a picture file, having decoded each of them once.

    Refuses with FileDamaged (also what ends too early), FileTooManyPages or PageTooLarge; the
    sizes are looked at before anything is decoded.
    """
    with opened_picture(path, kind, name=name) as picture:
        pages = getattr(picture, "n_frames", 1) if kind is FileKind.TIFF else 1
        limits.check_pages(pages, name=name)
        for number, page in enumerate(pages_of(picture), start=1):
            limits.check_page(page.width * page.height, name=name, page=number)
            # An eighth of a JPEG costs an eighth and still reads it to its end; others ignore it.
            page.draft(None, (1, 1))
            page.load()
    return pages
