"""Tesseract through pytesseract: a program of its own for every page. The default engine."""

import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytesseract

from hoso.errors import OcrUnavailable, PageTimedOut, RecognitionCrashed
from hoso.imaging.page import Pixels
from hoso.ocr.engine import RawLine, RawWord
from hoso.text import nfc

# Sauvola (2) reads grey and unevenly lit scans best; inversion costs 6 % and finds nothing on
# paper.
VARIABLES = {"thresholding_method": "2", "tessedit_do_invert": "0"}
SINGLE_LINE = 7
DIGITS = {"tessedit_char_whitelist": "0123456789/.-"}
# Tesseract refuses smaller and larger pictures, and with one of them the whole page.
_SIDES = range(7, 32_768)
_MEASURES = ("conf", "left", "top", "width", "height")


class TesseractEngine:
    """Reads with Tesseract in a process of its own: a crash ends that process only."""

    def __init__(self, language: str = "vie", tessdata_dir: Path | None = None) -> None:
        one_thread()
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
        """See `OcrEngine.check`."""
        self.version()
        try:
            languages = pytesseract.get_languages(self._data_option())
        except (pytesseract.TesseractError, pytesseract.TesseractNotFoundError) as error:
            raise OcrUnavailable(language=self._language) from error
        if not set(self._language.split("+")) <= set(languages):
            raise OcrUnavailable(language=self._language)
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
        legible = [pixels for pixels in lines if is_legible(pixels)]
        if not legible:
            return [()] * len(lines)
        variables = VARIABLES | (DIGITS if digits_only else {})
        options = " ".join(f"-c {name}={value}" for name, value in variables.items())
        config = f"{self._data_option()} --dpi {round(dpi)} --psm {SINGLE_LINE} {options}"
        # A list of pictures is read by one program: its start costs as much as ten lines.
        with TemporaryDirectory(prefix="hoso-lines-") as folder:
            table = self._table(_written(legible, Path(folder)), config, timeout_seconds)
        read = iter(_lines(table, len(legible)))
        return [next(read) if is_legible(pixels) else () for pixels in lines]

    def _table(self, pictures: Path, config: str, seconds: float) -> dict[str, list[str]]:
        """Tesseract's TSV, a list a column."""
        try:
            table: dict[str, list[str]] = pytesseract.image_to_data(
                str(pictures),
                lang=self._language,
                config=config,
                timeout=seconds,
                output_type=pytesseract.Output.DICT,
            )
        except pytesseract.TesseractNotFoundError as error:
            raise OcrUnavailable(language=self._language) from error
        except pytesseract.TesseractError as error:
            if "traineddata" in error.message or "load any languages" in error.message:
                raise OcrUnavailable(language=self._language) from error
            raise RecognitionCrashed(reason=f"Tesseract {error.status}") from error
        except RuntimeError as error:  # how pytesseract says that time is up
            raise PageTimedOut(seconds=round(seconds, 1)) from error
        return table

    def _data_option(self) -> str:
        return f'--tessdata-dir "{self._tessdata_dir}"' if self._tessdata_dir else ""


def one_thread() -> None:
    """Have Tesseract use one thread, for which each of its versions asks the environment.

    Its threads fight each other and hoso's other processes: one is 3 to 5 times faster. An
    operator's own choice wins.
    """
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")


def is_legible(pixels: Pixels) -> bool:
    """Whether Tesseract takes a picture of this size; there is nothing to read on any other."""
    return all(side in _SIDES for side in pixels.shape)


def word(text: str, confidence: float, box: Iterable[float]) -> RawWord | None:
    """A word as hoso keeps it, of Tesseract's confidence from -1 to 100; None for mere space."""
    text = nfc(text).strip()
    return RawWord(text, max(0.0, confidence) / 100, *box) if text else None


@cache
def _version() -> str:
    return str(pytesseract.get_tesseract_version())


def _written(lines: Sequence[Pixels], folder: Path) -> Path:
    """A file that names the pictures, each written as plain pixels: PNG would take time."""
    names = [folder / f"{number}.pgm" for number in range(len(lines))]
    for name, pixels in zip(names, lines, strict=True):
        height, width = pixels.shape
        name.write_bytes(b"P5 %d %d 255\n" % (width, height) + pixels.tobytes())
    pictures = folder / "lines.txt"
    pictures.write_text("".join(f"{name}\n" for name in names))
    return pictures


def _lines(table: dict[str, list[str]], count: int) -> list[RawLine]:
    """The words of each picture; Tesseract numbers them as pages."""
    found: defaultdict[int, list[RawWord]] = defaultdict(list)
    for row, text in enumerate(table["text"]):
        confidence, *box = (float(table[name][row]) for name in _MEASURES)
        if read := word(str(text), confidence, box):
            found[int(table["page_num"][row])].append(read)
    return [tuple(found[number]) for number in range(1, count + 1)]
