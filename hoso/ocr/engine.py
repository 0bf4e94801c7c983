"""What hoso asks of any recognition engine: pictures of lines in, words with boxes out."""

from collections.abc import Sequence
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
    """Reads upright grey pictures of one line each; keeps nothing from one call to the next."""

    @property
    def name(self) -> str:
        """Engine, version and language, as kept beside the words it read."""
        ...

    def check(self) -> str:
        """The engine's name if it could read now; otherwise raises OcrUnavailable."""
        ...

    def recognise(
        self,
        lines: Sequence[Pixels],
        *,
        dpi: float,
        timeout_seconds: float,
        digits_only: bool = False,
    ) -> list[RawLine]:
        """The words of each line (grey H×W) from left to right, one answer a picture.

        `digits_only` reads every sign as a digit or one of `/ . -`. Confidences lie in 0–1.
        Raises PageTimedOut after `timeout_seconds`, RecognitionCrashed when the engine dies on
        these pictures, OcrUnavailable when it cannot read any.
        """
        ...
