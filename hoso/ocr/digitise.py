"""Reading a page as durable work: recognised in a child process, its words kept and indexed."""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from hoso.dossier import components, page_index, pages
from hoso.dossier.tables import Page
from hoso.dossier.work import Workbench
from hoso.errors import FileRefused, WorkFailed
from hoso.imaging.fingerprint import WIDTH, fingerprint_of
from hoso.imaging.pages import load_page
from hoso.ocr.clean import READING_DPI
from hoso.ocr.engines import EngineChoice
from hoso.ocr.read import read_page
from hoso.ocr.reading import PageReading
from hoso.ocr.sheet import in_grey, upright

# Opening and cleaning a page on a busy machine, on top of what the engine may take.
_AROUND_RECOGNITION_SECONDS = 30.0


# x0, y0, x1, y1 as shares of the picture's width and height: true at every resolution.
Shares = tuple[float, float, float, float]


def read_one_page(bench: Workbench, engine: EngineChoice, page_id: int) -> str | None:
    """Read one page and keep its words; gives its source's SHA-256, None if it was read before.

    A page that cannot be read is kept with the reason, and its paper goes on without its words.
    """
    with bench.database.read() as session:
        page = pages.by_id(session, page_id)
        if page.state != "seen":
            return None
    boxes = [tuple(code["box"]) for code in page.codes]
    reading, fingerprint = _read_isolated(bench, engine, page, boxes)
    with bench.database.write() as session:
        _keep(bench, session, page_id, reading, fingerprint)
    return page.source


def _read_isolated(
    bench: Workbench, engine: EngineChoice, page: Page, boxes: Sequence[Shares]
) -> tuple[PageReading, str | None]:
    seconds = bench.page_timeout_seconds
    try:
        with bench.store.local_copy(page.source) as source:
            text, fingerprint = bench.try_isolated(
                read_in_child,
                source,
                page.place,
                boxes,
                engine,
                seconds,
                seconds=seconds + _AROUND_RECOGNITION_SECONDS,
            )
    except (FileRefused, WorkFailed) as error:
        return PageReading.unread(error.code, engine.language), None
    return PageReading.from_json(text), fingerprint


def read_in_child(
    source: Path,
    number: int,
    boxes: Sequence[Shares],
    choice: EngineChoice,
    timeout_seconds: float,
) -> tuple[str, str | None]:
    """Recognise page `number` of a PDF; gives the reading as JSON, and the picture's fingerprint.

    Runs in a child process.
    """
    page = in_grey(load_page(source, number, dpi=READING_DPI))
    wide, high = page.image.width, page.image.height
    in_pixels = [(x0 * wide, y0 * high, x1 * wide, y1 * high) for x0, y0, x1, y1 in boxes]
    reading = read_page(
        source,
        number,
        page,
        engine=choice.engine(),
        code_boxes=in_pixels,
        timeout_seconds=timeout_seconds,
    )
    return reading.to_json(), fingerprint_of(upright(page, reading.turn, reading.skew, width=WIDTH))


def _keep(
    bench: Workbench,
    session: Session,
    page_id: int,
    reading: PageReading,
    fingerprint: str | None,
) -> None:
    """Keep a reading; the last page of a paper to be read has the paper archived.

    The page is locked before its component is asked for: a clerk may be claiming it. The component
    is locked too: of two pages ending at once, the second one sees the first.
    """
    page = pages.by_id(session, page_id, lock=True)
    if page.state != "seen":
        return
    component_id = components.component_of_page(session, page_id)
    if component_id:
        components.by_id(session, component_id, lock=True)
    page.state = "failed" if reading.failure else "read"
    page.failure = reading.failure
    page.confidence = reading.confidence
    page.text = reading.text.replace("\0", "")  # PostgreSQL keeps no NUL
    page.reading = reading.to_json()
    page.fingerprint = fingerprint
    session.flush()
    page_index.index(session, page)
    if component_id:
        components.has_been_read(session, bench.jobs, component_id)
