"""Tesseract through tesserocr: in this very process, its model loaded once for all pages.

A quarter less work a page than a program for each, at the price that a crash ends this process;
so hoso only uses it in child processes. Optional: `pip install hoso[fast]`.
"""

import os
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import Any

from hoso.errors import OcrEngineMissing, OcrUnavailable, PageTimedOut, RecognitionCrashed
from hoso.imaging.page import Pixels
from hoso.ocr.engine import RawLine
from hoso.ocr.tesseract import DIGITS, SINGLE_LINE, VARIABLES, is_legible, one_thread, word

_DATA_FOLDERS = (
    os.environ.get("TESSDATA_PREFIX", ""),
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
)


class InProcessEngine:
    """Reads with the libtesseract that tesserocr brings along."""

    def __init__(self, language: str = "vie", tessdata_dir: Path | None = None) -> None:
        one_thread()
        self._language = language
        self._folder = str(tessdata_dir) if tessdata_dir else _installed(language)

    @property
    def name(self) -> str:
        """Such as `tesserocr 5.5.4 vie`."""
        return f"tesserocr {_library().PyTessBaseAPI.Version()} {self._language}"

    def check(self) -> str:
        """See `OcrEngine.check`."""
        _loaded(self._language, self._folder)
        return self.name

    def recognise(
        self,
        lines: Sequence[Pixels],
        *,
        dpi: float,
        timeout_seconds: float,
        digits_only: bool = False,
    ) -> list[RawLine]:
        """See `OcrEngine.recognise`."""
        api = _loaded(self._language, self._folder)
        deadline = monotonic() + timeout_seconds
        (name, digits), *_ = DIGITS.items()
        api.SetVariable(name, digits if digits_only else "")
        read = []
        for pixels in lines:
            left = deadline - monotonic()
            if left <= 0:
                raise PageTimedOut(seconds=round(timeout_seconds, 1))
            read.append(tuple(_read(api, pixels, dpi, left)) if is_legible(pixels) else ())
        return read


def _read(api: Any, pixels: Pixels, dpi: float, seconds: float) -> Iterator[Any]:
    began = monotonic()
    height, width = pixels.shape
    api.SetImageBytes(pixels.tobytes(), width, height, 1, width)
    api.SetSourceResolution(round(dpi))
    if not api.Recognize(max(1, round(1000 * seconds))):  # 0 would be without a limit
        if monotonic() - began >= seconds:
            raise PageTimedOut(seconds=round(seconds, 1))
        raise RecognitionCrashed(reason="tesserocr")
    for row in api.GetTSVText(0).splitlines():
        level, *_, left, top, wide, high, confidence, text = row.split("\t", 11)
        if level == "5" and (
            read := word(text, float(confidence), map(float, (left, top, wide, high)))
        ):
            yield read


@cache
def _loaded(language: str, folder: str) -> Any:
    """The model, loaded once a process."""
    library = _library()
    try:
        api = library.PyTessBaseAPI(
            path=folder, lang=language, psm=SINGLE_LINE, oem=library.OEM.LSTM_ONLY
        )
    except RuntimeError as error:  # how tesserocr says that the data are not there
        raise OcrUnavailable(language=language) from error
    for name, value in VARIABLES.items():
        api.SetVariable(name, value)
    return api


def _library() -> Any:
    try:
        return import_module("tesserocr")
    except ModuleNotFoundError as error:
        raise OcrEngineMissing from error


def _installed(language: str) -> str:
    """Where Tesseract's own packages keep the data of this language."""
    first = language.split("+", maxsplit=1)[0]
    folders = (folder for folder in _DATA_FOLDERS if Path(folder, f"{first}.traineddata").exists())
    return next(folders, _DATA_FOLDERS[1])
