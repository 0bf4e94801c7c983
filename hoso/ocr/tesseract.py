"""Tesseract through pytesseract. The only module that knows either."""

import os
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytesseract
from PIL import Image

from hoso.errors import OcrUnavailable, PageTimedOut, RecognitionCrashed
from hoso.imaging.page import Pixels
from hoso.ocr.engine import RawLine, RawWord
from hoso.text import nfc

# Sauvola (2) halves the errors of grey and unevenly lit scans; inversion costs 6 % and finds
# nothing on paper.
_PARAMETERS = "-c thresholding_method=2 -c tessedit_do_invert=0"
# 11 finds sparse text: it reads the words under seals that the layout analysis of 3 throws away.
# Its order means nothing, so lines are sorted by where they stand (words.py).
_PAGE, _STRIP = 11, 6
_LINE_KEYS = ("block_num", "par_num", "line_num")


class TesseractEngine:
    """Reads with Tesseract in a process of its own: a crash ends that process only."""

    def __init__(self, language: str = "vie", tessdata_dir: Path | None = None) -> None:
        # Tesseract's threads fight each other and hoso's other processes: one thread is 3–5 times
        # faster. The variable only reaches children, and an operator's own choice wins.
        os.environ.setdefault("OMP_THREAD_LIMIT", "1")
        self._language = language
        self._tessdata_dir = tessdata_dir

    @property
    def name(self) -> str:
        """Such as `tesseract 5.3.0 vie`."""
        return f"tesseract {self.version()} {self._language}"

    def version(self) -> str:
        """Tesseract's version. Raises OcrUnavailable when it is not installed."""
        try:
            return _version()
        except pytesseract.TesseractNotFoundError as error:
            raise OcrUnavailable(language=self._language) from error

    def check(self) -> str:
        """The engine's name if it could read now; otherwise raises OcrUnavailable."""
        self.version()
        try:
            languages = pytesseract.get_languages(self._data_option())
        except (pytesseract.TesseractError, pytesseract.TesseractNotFoundError) as error:
            raise OcrUnavailable(language=self._language) from error
        if not set(self._language.split("+")) <= set(languages):
            raise OcrUnavailable(language=self._language)
        return self.name

    def recognise(
        self, pixels: Pixels, *, dpi: float, timeout_seconds: float, strip: bool = False
    ) -> list[RawLine]:
        """See `OcrEngine.recognise`."""
        picture = Image.fromarray(pixels)
        picture.format = "PPM"  # travels as plain pixels: pytesseract would spend time on PNG
        mode = _STRIP if strip else _PAGE
        config = f"{self._data_option()} --dpi {round(dpi)} --psm {mode} {_PARAMETERS}"
        try:
            table = pytesseract.image_to_data(
                picture,
                lang=self._language,
                config=config,
                timeout=timeout_seconds,
                output_type=pytesseract.Output.DICT,
            )
        except pytesseract.TesseractNotFoundError as error:
            raise OcrUnavailable(language=self._language) from error
        except pytesseract.TesseractError as error:
            if "traineddata" in error.message or "load any languages" in error.message:
                raise OcrUnavailable(language=self._language) from error
            raise RecognitionCrashed(reason=f"Tesseract {error.status}") from error
        except RuntimeError as error:  # how pytesseract says that time is up
            raise PageTimedOut(seconds=round(timeout_seconds, 1)) from error
        return _lines(table)

    def _data_option(self) -> str:
        return f'--tessdata-dir "{self._tessdata_dir}"' if self._tessdata_dir else ""


@cache
def _version() -> str:
    return str(pytesseract.get_tesseract_version())


def _lines(table: dict[str, list[int | float | str]]) -> list[RawLine]:
    lines: dict[tuple[object, ...], list[RawWord]] = defaultdict(list)
    for row, text in enumerate(table["text"]):
        if words := nfc(str(text)).strip():
            key = tuple(table[name][row] for name in _LINE_KEYS)
            lines[key].append(_word(words, {name: float(table[name][row]) for name in _MEASURES}))
    return [tuple(line) for line in lines.values()]


_MEASURES = ("conf", "left", "top", "width", "height")


def _word(text: str, row: dict[str, float]) -> RawWord:
    confidence = max(0.0, row["conf"]) / 100
    return RawWord(text, confidence, row["left"], row["top"], row["width"], row["height"])
