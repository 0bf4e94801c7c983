"""Pages whose codes are known: separators, cards, slips, stamps, citizens' cards, plain papers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

import cv2
import numpy as np
import segno

from hoso.barcode.code import CommandLabel, DeskLabel, DossierCode, SeparatorLabel, StaffLabel
from hoso.barcode.label import stamp_pdf
from hoso.barcode.sheets import Card, SeparatorSheet, cards_pdf, separator_sheets_pdf
from hoso.barcode.slip import SlipComponent, SlipData, legal_qr_text, slip_pdf
from hoso.imaging.page import Pixels
from tests.paper.degrade import seal_on, stamped
from tests.paper.ink import pixels as in_pixels
from tests.paper.people import draw_person
from tests.paper.render import KINDS, pixels_of, render_paper

KIND_NAMES = {
    "separator": "separators 0.5 mm",
    "card": "cards 0.4 mm",
    "slip": "slips 0.33 mm",
    "stamp": "stamps 0.25 mm",
    "qr": "slips' QR",
    "citizen": "citizens' QR",
}
_RECEIVED = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
_AGENCIES = ("H57.22.10", "H57", "G15.3", "H57.242")
_STAMP_AT_MM = (136, 4)  # a free corner at the top right
_CARD_QR_MM = 17.0


@dataclass(frozen=True)
class CodePage:
    """A clean page (at `ink.DPI`) and the symbols on it, by the kind they are counted under."""

    pixels: Pixels
    symbols: Sequence[tuple[str, str]] = ()  # (kind, text)


def code_pages(seeds: range) -> Iterator[CodePage]:
    """A page of every kind for each seed, the last of them a paper without codes."""
    for seed in seeds:
        rng = Random(seed)
        agency, day = rng.choice(_AGENCIES), _RECEIVED.date() + timedelta(days=rng.randrange(700))
        code = DossierCode.make(agency, day, rng.randrange(1, 9999))
        yield _separator(rng.randrange(10_000), rng.randrange(10**9) if seed % 2 else None)
        yield _cards(rng)
        yield _slip(code)
        yield _stamped_paper(code, seed)
        yield _citizens_card(rng)
        yield CodePage(plain_paper(seed))


def plain_paper(seed: int) -> Pixels:
    """The first page of a paper, every kind in turn, sealed."""
    kinds = list(KINDS)
    paper = render_paper(kinds[seed % len(kinds)], seed)
    return stamped(paper.pages[0], seal_on(paper, 0), np.random.default_rng([5, seed])).copy()


def citizens_text(rng: Random) -> str:
    """What the QR of a citizen's card says; the old number is there for some."""
    person = draw_person(rng)
    old = rng.choice(("", f"{rng.randrange(10**9):09d}"))
    born, issued = f"{person.born:%d%m%Y}", f"{person.card_issued_on:%d%m%Y}"
    fields = [person.citizen_id, old, person.name, born, person.sex.value, person.address, issued]
    return "|".join(fields)


def turned(page: Pixels, degrees: float) -> Pixels:
    """The whole page turned on a sheet of A4's shape that is large enough."""
    height, width = page.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    cos, sin = abs(turn[0, 0]), abs(turn[0, 1])
    wide, high = width * cos + height * sin, width * sin + height * cos
    wide, high = max(wide, high / 2**0.5), max(high, wide * 2**0.5)
    turn[:, 2] += ((wide - width) / 2, (high - height) / 2)
    size = (round(wide), round(high))
    return np.asarray(cv2.warpAffine(page, turn, size, borderValue=(236, 236, 236)), np.uint8)


def _separator(sheet_number: int, dossier_number: int | None) -> CodePage:
    """A separator bears its label at the top and at the bottom: two symbols."""
    label = SeparatorLabel(sheet_number, dossier_number)
    (page,) = pixels_of(separator_sheets_pdf([SeparatorSheet(label=label, title="Giấy tờ")]))
    return CodePage(page, [("separator", label.digits())] * 2)


def _cards(rng: Random) -> CodePage:
    labels = (
        DeskLabel(rng.randrange(10**4)),
        CommandLabel(rng.randrange(10**2)),
        StaffLabel(rng.randrange(10**8)),
    )
    (page,) = pixels_of(cards_pdf([Card(label, "Thẻ") for label in labels]))
    return CodePage(page, [("card", label.digits()) for label in labels])


def _slip(code: DossierCode) -> CodePage:
    """A slip (A5), lying on the glass of an A4 scanner."""
    due = _RECEIVED + timedelta(days=3)
    legal = legal_qr_text(
        code=code, procedure_code="1.001193", person_number="001185012345",
        issued_at=_RECEIVED, due_at=due,
    )  # fmt: skip
    link = f"http://127.0.0.1:8480/track/{code.ordinal:022}"
    data = SlipData(
        code=code, agency="UBND xã Mẫu", place="Xã Mẫu", procedure_name="Đăng ký khai sinh",
        procedure_code="1.001193", owner="Nguyễn Thị Lan", submitter="Nguyễn Thị Lan",
        components=[SlipComponent(name="Giấy chứng sinh", originals=1)], limit="03 ngày làm việc",
        received_at=_RECEIVED, due_at=due, return_place="Quầy trả kết quả",
        receiver="Trần Văn Hùng", legal_text=legal, tracking_url=link,
    )  # fmt: skip
    glass = _glass()
    _lay(glass, pixels_of(slip_pdf(data))[0], (4, 4))
    return CodePage(glass, [("slip", str(code)), ("qr", legal), ("qr", link)])


def _stamped_paper(code: DossierCode, seed: int) -> CodePage:
    page = plain_paper(seed)
    _lay(page, pixels_of(stamp_pdf(code))[0], _STAMP_AT_MM)
    return CodePage(page, [("stamp", str(code))])


def _citizens_card(rng: Random) -> CodePage:
    """The back of a card on the glass: UTF-8 that names no character set, as the cards have it."""
    text = citizens_text(rng)
    rows = segno.make_qr(text.encode(), error="l", mode="byte").matrix_iter(border=4)
    modules = np.array([[255 * (1 - dark) for dark in row] for row in rows], np.uint8)
    side = in_pixels(_CARD_QR_MM)
    symbol = cv2.resize(modules, (side * 4, side * 4), interpolation=cv2.INTER_NEAREST)
    symbol = cv2.resize(symbol, (side, side), interpolation=cv2.INTER_AREA)
    glass = _glass()
    _lay(glass, np.repeat(symbol[..., None], 3, axis=2), (60, 30))
    return CodePage(glass, [("citizen", text)])


def _glass() -> Pixels:
    return np.full((in_pixels(297), in_pixels(210), 3), 250, np.uint8)


def _lay(page: Pixels, piece: Pixels, at_mm: tuple[int, int]) -> None:
    """Put a piece on a page, its top left corner `at_mm`; what sticks out is lost."""
    left, top = in_pixels(at_mm[0]), in_pixels(at_mm[1])
    there = page[top : top + piece.shape[0], left : left + piece.shape[1]]
    there[...] = piece[: there.shape[0], : there.shape[1]]
