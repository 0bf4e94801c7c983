"""The list of work: what was set aside, done again once its cause is mended, or given up."""

from pathlib import Path

import pytest
from sqlalchemy import select

from hoso.dossier import pages
from hoso.dossier.tables import Component, Page
from hoso.dossier.work import ARCHIVE_COMPONENT, READ_PAGE, SORT_BATCH
from hoso.errors import BatchFiled, JobNotDroppable, JobUnknown
from hoso.jobs import State
from hoso.scanner_ingest import batches, sorting, worklist
from hoso.scanner_ingest.intake import Claim, Receipt, WayIn
from hoso.scanner_ingest.tables import Batch
from hoso.scanner_ingest.worklist import Standing
from hoso.wiring import Archive
from hoso.wiring.door import take_in_file
from tests.builders import NOW, a_dossier, a_pdf


@pytest.fixture
def taken(archive: Archive, tmp_path: Path) -> Receipt:
    """A one-page file that waits to be sorted."""
    return take_in(archive, tmp_path)


def take_in(archive: Archive, folder: Path) -> Receipt:
    claim = Claim(a_dossier(archive).code, "birth_attestation")
    path = a_pdf(folder / "scan.pdf")
    return take_in_file(archive, path, path.name, way_in=WayIn.COMMAND, by="test", claim=claim)


def set_aside(archive: Archive, batch_id: str) -> str:
    with archive.database.write() as session:
        batch = batches.by_id(session, batch_id, lock=True)
        batches.set_aside(session, batch, "Tệp bị hỏng.", at=NOW)
        archive.jobs.cancel(session, SORT_BATCH, batch_id)
    return SORT_BATCH.id_for(batch_id)


def retry(archive: Archive, id_: str) -> None:
    with archive.database.write() as session:
        worklist.retry(session, archive.jobs, id_, by="test", at=NOW)


def drop(archive: Archive, id_: str) -> None:
    with archive.database.write() as session:
        worklist.drop(session, archive.jobs, id_, by="test", at=NOW)


def lines(archive: Archive, standing: Standing) -> list[worklist.Line]:
    with archive.database.read() as session:
        return worklist.lines(session, archive.jobs, standing, limit=10)


def a_failed_page(archive: Archive, batch_id: str) -> Page:
    """The batch is sorted, and its page was archived without having been read."""
    sorting.sort_batch(archive.workbench, batch_id)
    with archive.database.write() as session:
        batch = batches.by_id(session, batch_id, lock=True)
        page = pages.of_source(session, str(batch.source))[0]
        page.state, page.failure = "failed", "ocr_timed_out"
        session.scalars(select(Component)).one().archived = "f" * 64
        archive.jobs.cancel(session, READ_PAGE, str(page.id))
        batches.finish_if_done(session, batch, at=NOW)
    return page


def state_of(archive: Archive, batch_id: str) -> str:
    with archive.database.read() as session:
        return batches.by_id(session, batch_id).state


def test_waiting_work_says_which_file_and_dossier_it_is_for(
    archive: Archive, taken: Receipt
) -> None:
    (line,) = lines(archive, Standing.WAITING)
    assert line.id == SORT_BATCH.id_for(taken.batch_id)
    assert (line.file, line.dossier is not None) == ("scan.pdf", True)


def test_a_file_set_aside_is_listed_with_its_reason_and_done_again(
    archive: Archive, taken: Receipt
) -> None:
    id_ = set_aside(archive, taken.batch_id)
    (line,) = lines(archive, Standing.SET_ASIDE)
    assert (line.id, line.reason) == (id_, "Tệp bị hỏng.")

    retry(archive, id_)

    assert state_of(archive, taken.batch_id) == "taken_in"
    assert archive.jobs.is_waiting(SORT_BATCH, taken.batch_id)
    assert not lines(archive, Standing.SET_ASIDE)


def test_a_page_that_failed_is_read_again_and_its_paper_archived_again(
    archive: Archive, taken: Receipt
) -> None:
    page = a_failed_page(archive, taken.batch_id)
    assert state_of(archive, taken.batch_id) == "finished"
    (line,) = lines(archive, Standing.SET_ASIDE)

    retry(archive, line.id)

    assert archive.jobs.is_waiting(READ_PAGE, str(page.id))
    assert state_of(archive, taken.batch_id) == "sorted"
    with archive.database.read() as session:
        assert pages.by_id(session, page.id).state == "seen"
        assert session.scalars(select(Component)).one().archived is None


def test_what_is_not_set_aside_cannot_be_done_again(archive: Archive, taken: Receipt) -> None:
    for id_ in (SORT_BATCH.id_for(taken.batch_id), "no.such:job", "page.read:x", "nothing"):
        with pytest.raises(JobUnknown):
            retry(archive, id_)


def test_a_batch_not_yet_filed_is_cancelled_and_its_file_may_come_again(
    archive: Archive, taken: Receipt, tmp_path: Path
) -> None:
    drop(archive, SORT_BATCH.id_for(taken.batch_id))
    assert state_of(archive, taken.batch_id) == "cancelled"
    assert not archive.jobs.is_waiting(SORT_BATCH, taken.batch_id)
    sorting.sort_batch(archive.workbench, taken.batch_id)  # a worker had it in hand
    assert state_of(archive, taken.batch_id) == "cancelled"

    again = take_in(archive, tmp_path)

    assert (again.batch_id, again.already) == (taken.batch_id, False)
    assert archive.jobs.is_waiting(SORT_BATCH, taken.batch_id)
    assert state_of(archive, taken.batch_id) == "taken_in"


def test_a_batch_that_is_filed_cannot_be_cancelled(archive: Archive, taken: Receipt) -> None:
    sorting.sort_batch(archive.workbench, taken.batch_id)
    with pytest.raises(BatchFiled):
        drop(archive, SORT_BATCH.id_for(taken.batch_id))


def test_a_page_given_up_lets_its_paper_go_on_without_its_words(
    archive: Archive, taken: Receipt
) -> None:
    sorting.sort_batch(archive.workbench, taken.batch_id)
    with archive.database.read() as session:
        page = session.scalars(select(Page)).one()
        paper = session.scalars(select(Component)).one()

    drop(archive, READ_PAGE.id_for(str(page.id)))

    assert not archive.jobs.is_waiting(READ_PAGE, str(page.id))
    assert archive.jobs.is_waiting(ARCHIVE_COMPONENT, paper.id)


def test_a_filed_papers_archived_copy_cannot_be_given_up(archive: Archive, taken: Receipt) -> None:
    with pytest.raises(JobNotDroppable):
        drop(archive, ARCHIVE_COMPONENT.id_for(taken.batch_id))


def test_figures_tell_what_waits_and_for_how_long(archive: Archive, taken: Receipt) -> None:
    figures = archive.jobs.figures()
    assert figures.waiting["counter"] == 1
    assert sum(figures.waiting.values()) == 1
    assert 0 <= figures.oldest_seconds["counter"] < 60
    assert figures.workers == 0
    with archive.database.read() as session:
        assert worklist.count_set_aside(session, archive.jobs) == 0


def test_a_batch_that_was_set_aside_is_not_lost_to_a_cancelled_one(
    archive: Archive, taken: Receipt
) -> None:
    drop(archive, SORT_BATCH.id_for(taken.batch_id))
    set_aside(archive, taken.batch_id)
    with archive.database.read() as session:
        assert session.scalars(select(Batch.state)).one() == "cancelled"
        assert not archive.jobs.entries(session, State.WAITING, limit=9)
