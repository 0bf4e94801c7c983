"""Which engine reads: chosen in the settings, built in the process that reads."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from hoso.ocr.engine import OcrEngine
from hoso.ocr.inprocess import InProcessEngine
from hoso.ocr.tesseract import TesseractEngine
from hoso.settings import EngineKind, Settings


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """An engine, its language and where its data are (None: where Tesseract looks itself)."""

    language: str = "vie"
    tessdata_dir: Path | None = None
    kind: EngineKind = "pytesseract"

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """As the settings say."""
        return cls(settings.ocr_language, settings.tessdata_dir, settings.ocr_engine)

    def engine(self) -> OcrEngine:
        """The engine, ready to read in this process."""
        make = InProcessEngine if self.kind == "tesserocr" else TesseractEngine
        return make(self.language, self.tessdata_dir)
