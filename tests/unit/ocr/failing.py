"""Engines that fail on some pages; a module because child processes import it."""

import ctypes
import time
from collections.abc import Sequence
from dataclasses import dataclass

from hoso.errors import RecognitionCrashed
from hoso.imaging.page import Pixels
from hoso.ocr.engine import OcrEngine, RawLine
from hoso.ocr.engines import EngineChoice
from hoso.ocr.tesseract import TesseractEngine

# Of a line, in pixels, on which the engine fails; that of other pages must be shorter.
TOO_WIDE = 1000


@dataclass(frozen=True, slots=True)
class FailingChoice(EngineChoice):
    """Reads with Tesseract, except what has a line that is too wide; there it fails in its way."""

    way: str = "refuses"

    def engine(self) -> OcrEngine:
        """The engine, ready to fail."""
        return _FailingEngine(self.way)


class _FailingEngine(TesseractEngine):
    def __init__(self, way: str) -> None:
        super().__init__()
        self._way = way

    def recognise(
        self,
        lines: Sequence[Pixels],
        *,
        dpi: float,
        timeout_seconds: float,
        digits_only: bool = False,
    ) -> list[RawLine]:
        if any(pixels.shape[1] > TOO_WIDE for pixels in lines):
            _fail(self._way)
        return super().recognise(
            lines, dpi=dpi, timeout_seconds=timeout_seconds, digits_only=digits_only
        )


def _fail(way: str) -> None:
    match way:
        case "refuses":
            raise RecognitionCrashed(reason="SIGSEGV")
        case "crashes":
            ctypes.string_at(0)
        case "hangs":
            time.sleep(600)
