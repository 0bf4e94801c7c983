"""Which engine reads: chosen in the settings, built in the process that reads."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from hoso.settings import EngineKind, Settings

if TYPE_CHECKING:
    from hoso.ocr.engine import OcrEngine


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

    def engine(self) -> "OcrEngine":
        """The engine, ready to read in this process."""
        # Chosen in one process, needed in another: only there are its libraries loaded.
        if self.kind == "tesserocr":
            from hoso.ocr.inprocess import InProcessEngine  # noqa: PLC0415  # as said above

            return InProcessEngine(self.language, self.tessdata_dir)
        from hoso.ocr.tesseract import TesseractEngine  # noqa: PLC0415  # as said above

        return TesseractEngine(self.language, self.tessdata_dir)
