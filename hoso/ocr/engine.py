"""What hoso asks of any recognition engine: pixels in, words with boxes out."""

from dataclasses import dataclass
from typing import Protocol

from hoso.imaging.page import Pixels


@dataclass(frozen=True, slots=True)
class RawWord:
    """One word as the engine saw it: its box in pixels of the picture it was given (y down)."""

    text: str
    confidence: float
    x: float
    y: float
    width: float
    height: float


RawLine = tuple[RawWord, ...]


class OcrEngine(Protocol):
    """Reads one upright grey picture. An engine keeps nothing from one picture to the next."""

    @property
    def name(self) -> str:
        """Engine, version and language, as kept beside the words it read."""
        ...

    def recognise(
        self, pixels: Pixels, *, dpi: float, timeout_seconds: float, strip: bool = False
    ) -> list[RawLine]:
        """The lines on `pixels` (grey H×W) in any order, their words from left to right.

        `strip` says that the picture is a few lines cut out of a page. Confidences lie in 0–1.
        Raises PageTimedOut after `timeout_seconds`, RecognitionCrashed when the engine dies on
        this picture, OcrUnavailable when it cannot read any.
        """
        ...
