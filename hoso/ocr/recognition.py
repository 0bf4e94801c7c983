"""One scan recognised: the right way up where that can be told, line by line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from time import monotonic

from hoso.errors import PageTimedOut
from hoso.imaging.page import Pixels
from hoso.ocr import orient
from hoso.ocr.calibration import chance_of_being_right
from hoso.ocr.engine import OcrEngine, RawLine, RawWord
from hoso.ocr.lines import crops
from hoso.ocr.numbers import looked_at_again
from hoso.ocr.order import Cell, Piece, in_reading_order
from hoso.ocr.orient import Lines
from hoso.ocr.rules import cell_around
from hoso.ocr.sheet import Scan, Sheet
from hoso.ocr.spaces import with_spaces
from hoso.ocr.tidy import tidied
from hoso.ocr.words import Word, mean_confidence

# Below this, "words" are folds, frames, seals and signatures.
_LEAST_CONFIDENCE = 0.3
_LEAST_ALONE = 0.5  # chance of being right, for a short word that stands by itself
_LONGEST_JUMBLE = 2
_LEAST_DIGITS = 6  # dates, ids and paper numbers are shown, however doubtful


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was recognised on a scan; the fields mean what they do in `PageReading`."""

    words: tuple[Word, ...]
    turn: int
    skew: float
    turn_sure: bool = True


class Deadline:
    """An engine with the time that is left for one page."""

    def __init__(self, engine: OcrEngine, seconds: float) -> None:
        self._engine, self._allowed = engine, seconds
        self._ends = monotonic() + seconds

    def lines(
        self, pictures: list[Pixels], dpi: float, *, digits_only: bool = False
    ) -> list[RawLine]:
        """The words of each picture. Raises PageTimedOut when the page's time is up."""
        left = self._ends - monotonic()
        if left <= 0:
            raise PageTimedOut(seconds=self._allowed)
        return self._engine.recognise(
            pictures, dpi=dpi, timeout_seconds=left, digits_only=digits_only
        )


def recognise(scan: Scan, reader: Deadline) -> Recognised:
    """Read the page the right way up, where that can be told; else as it came."""
    level = scan.sheet(0)
    as_it_came = None
    if orient.run_of_lines(scan.ink) is Lines.LEVEL:
        as_it_came, sureness = _read(level, reader)
        if sureness >= orient.READS_WELL:
            return as_it_came
    sheets = {0: level, 90: scan.sheet(90)}
    turn = _upright_turn(sheets, reader)
    if as_it_came is None or turn:
        as_it_came, _ = _read(sheets.get(turn or 0) or scan.sheet(turn or 0), reader)
    return replace(as_it_came, turn_sure=turn is not None)


def recognise_upright(scan: Scan, reader: Deadline) -> Recognised:
    """Read the page as it lies, neither turned nor straightened."""
    return _read(scan.sheet(0, straighten=False), reader)[0]


def _upright_turn(sheets: Mapping[int, Sheet], reader: Deadline) -> int | None:
    """The turn at which some lines read best; None where no way up is clearly the best.

    `sheets` lie at 0 and 90 degrees; their lines are also read on their heads.
    """
    sureness = {}
    for turn, sheet in sheets.items():
        lines = orient.sample(sheet.layout)
        read = reader.lines(lines + [orient.on_its_head(line) for line in lines], sheet.dpi)
        sureness[turn] = _sureness(read[: len(lines)])
        sureness[turn + 180] = _sureness(read[len(lines) :])
    return orient.upright_turn(sureness)


def _read(sheet: Sheet, reader: Deadline) -> tuple[Recognised, float]:
    """What was read, and how sure the engine was of all it saw, traces of ink included."""
    lines = reader.lines(list(crops(sheet.layout)), sheet.dpi)

    def look(pictures: list[Pixels], larger: float) -> list[RawLine]:
        return reader.lines(pictures, sheet.dpi * larger, digits_only=True)

    lines = with_spaces(sheet.layout, looked_at_again(sheet.layout, lines, look))
    words = in_reading_order(_pieces(sheet, lines))
    return Recognised(words, sheet.turn, sheet.skew), _sureness(lines)


def _pieces(sheet: Sheet, lines: list[RawLine]) -> Iterator[Piece]:
    for (x0, y0, x1, y1), line in zip(sheet.layout.lines, lines, strict=True):
        kept = (tidied(word) for word in line if word.confidence >= _LEAST_CONFIDENCE)
        words = [_placed(word, x0, y0, sheet) for word in kept if word]
        if not is_scratch(words):
            yield Piece(words, _cell(sheet, (x0 + x1) / 2, (y0 + y1) / 2))


def is_scratch(words: Sequence[Word]) -> bool:
    """Whether a piece is no print: a scratch, the edge of a stain, half a rule, a signature.

    It has no letter or digit, or is one doubtful jumble of signs. Words of three letters and
    numbers stay, however doubtful.
    """
    if len(words) != 1 or words[0].confidence >= _LEAST_ALONE:
        return not any(sign.isalnum() for word in words for sign in word.text)
    text = words[0].text
    digits = sum(sign.isdigit() for sign in text)
    is_word = text.isalnum() and len(text) > _LONGEST_JUMBLE
    return not (is_word or text.isdigit() or digits >= _LEAST_DIGITS)


def _cell(sheet: Sheet, x: float, y: float) -> Cell | None:
    step = sheet.layout.rules.level.shape[1] / sheet.layout.pixels.shape[1]
    cell = cell_around(sheet.layout.rules, x * step, y * step)
    if cell is None:
        return None
    x0, y0, x1, y1 = sheet.view((cell[0] / step, cell[1] / step, cell[2] / step, cell[3] / step))
    return round(x0), round(y0), round(x1), round(y1)


def _placed(word: RawWord, left: float, top: float, sheet: Sheet) -> Word:
    """The word on the page as seen; `left` and `top` are where its line begins."""
    x, y = round(left) + word.x, round(top) + word.y
    x0, y0, x1, y1 = sheet.view((x, y, x + word.width, y + word.height))
    chance = chance_of_being_right(word.confidence)
    return Word.at((x0, y0, x1 - x0, y1 - y0), word.text, chance)


def _sureness(lines: list[RawLine]) -> float:
    return mean_confidence([word for line in lines for word in line]) or 0.0
