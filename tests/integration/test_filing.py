"""Filing on a real database: what the split said becomes components, the rest is asked about."""

import uuid
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from hoso.barcode.code import SeparatorLabel
from hoso.dossier import attachments, catalogue_store, components, pages
from hoso.dossier.tables import Component, Dossier, Page
from hoso.dossier.work import ARCHIVE_COMPONENT, READ_PAGE, SORT_BATCH
from hoso.errors import DossierUnknown, PagesNotUnclaimed, PresentedOnly
from hoso.scanner_ingest import batches, filing, sorting
from hoso.scanner_ingest.intake import WayIn
from hoso.scanner_ingest.reconcile import reconcile
from hoso.scanner_ingest.tables import Batch
from hoso.wiring import Archive
from hoso.wiring.door import take_in_file
from tests.builders import MARITAL_STATUS, Interrupted, SetClock, a_dossier

Codes = list[dict[str, Any]]

BLANK: Codes | None = None
PAPER: Codes = []


def sheet(archive: Archive, type_: str, dossier: Dossier | None = None) -> Codes:
    """What is kept of a separator sheet's code."""
    with archive.database.read() as session:
        number = catalogue_store.component_type(session, type_).sheet_number
    label = SeparatorLabel(number, dossier.number if dossier else None)
    return [{"symbology": "Code128", "kind": "separator", "value": label.digits()}]


def a_batch(archive: Archive, *looks: Codes | None, **claim: str) -> Batch:
    """A batch whose pages were all looked at."""
    id_ = uuid.uuid4().hex
    with archive.database.write() as session:
        batch = Batch(
            id=id_, sha256=id_ * 2, size=1, name="scan.pdf", kind="pdf", pages=len(looks),
            signed=False, notices=[], way_in="upload", taken_in_by="clerk",
            taken_in_at=archive.clock(), state="taken_in", source=id_ * 2, report={}, **claim,
        )  # fmt: skip
        session.add(batch)
        for place, codes in enumerate(looks, start=1):
            pages.see(session, id_ * 2, place, blank=codes is BLANK, codes=codes or [])
    return batch


def file(archive: Archive, *looks: Codes | None, **claim: str) -> Batch:
    """A batch filed."""
    made = a_batch(archive, *looks, **claim)
    with archive.database.write() as session:
        batch = batches.by_id(session, made.id, lock=True)
        seen = pages.of_source(session, str(batch.source))
        filing.file_batch(session, batch, seen, jobs=archive.jobs, at=archive.clock())
        batch.state = "sorted"
    return batch


def claim(archive: Archive, batch: Batch, places: Sequence[int], **what: str) -> Component:
    with archive.database.write() as session:
        return filing.claim_pages(
            session, batch.id, places, jobs=archive.jobs, by="clerk", at=archive.clock(), **what
        )


def filed(archive: Archive) -> list[tuple[str, str, list[int]]]:
    """Type, dossier and places of every component."""
    with archive.database.read() as session:
        return [
            (row.type, row.dossier_code, [entry.page.place for entry in row.pages])
            for row in session.scalars(select(Component).order_by(Component.type))
        ]


def states(archive: Archive) -> list[str]:
    with archive.database.read() as session:
        return list(session.scalars(select(Page.state).order_by(Page.place)))


def test_a_stack_with_its_dossiers_sheets_files_itself(archive: Archive) -> None:
    dossier = a_dossier(archive)

    batch = file(
        archive,
        sheet(archive, "application_form", dossier), PAPER, BLANK,
        sheet(archive, "divorce_decision"), PAPER,
    )  # fmt: skip

    assert filed(archive) == [
        ("application_form", dossier.code, [2, 3]),
        ("divorce_decision", dossier.code, [5]),
    ]
    assert batch.report["unclaimed"] == []
    with archive.database.read() as session:
        attached = attachments.of_dossier(session, dossier.code)
    assert [one.requirement for one in attached] == ["application_form", "end_of_marriage"]
    assert states(archive) == ["skipped", "seen", "skipped", "skipped", "seen"]


def test_a_card_that_is_only_presented_is_filed_nowhere(archive: Archive) -> None:
    dossier = a_dossier(archive)

    batch = file(archive, sheet(archive, "identity_card", dossier), PAPER)

    assert filed(archive) == []
    assert batch.report["unclaimed"] == [2]
    assert [remark["code"] for remark in batch.report["remarks"]] == ["presented_only"]


def test_a_card_that_is_only_presented_is_not_read_until_a_clerk_says_what_it_is(
    archive: Archive,
) -> None:
    dossier = a_dossier(archive)
    batch = file(archive, sheet(archive, "identity_card", dossier), PAPER)
    assert states(archive) == ["skipped", "skipped"]

    claim(archive, batch, [2], dossier_code=dossier.code, component_type="divorce_decision")

    assert states(archive) == ["skipped", "seen"]
    with archive.database.read() as session:
        (page,) = pages.at_places(session, str(batch.source), [2])
    assert archive.jobs.is_waiting(READ_PAGE, str(page.id))


def test_pictures_that_make_the_same_pages_are_set_aside_with_the_batch_that_has_them(
    archive: Archive, clock: SetClock, tmp_path: Path
) -> None:
    taken = []
    for number in range(2):
        path = tmp_path / f"{number}.tif"
        Image.new("L", (400, 300), 255).save(path, description=f"scan {number}", dpi=(200, 200))
        receipt = take_in_file(archive, path, path.name, way_in=WayIn.COMMAND, by="clerk")
        taken.append(receipt.batch_id)
        clock.advance(minutes=1)
        archive.clock.advance(minutes=1)
        sorting.sort_batch(archive.workbench, receipt.batch_id)

    with archive.database.read() as session:
        first, second = (batches.by_id(session, batch_id) for batch_id in taken)
    assert first.state != "set_aside"
    assert second.state == "set_aside"
    assert f"1.tif đã có trong lô quét {first.id}" in str(second.failure)


def test_a_paper_without_a_dossier_is_proposed_and_not_filed(archive: Archive) -> None:
    batch = file(archive, sheet(archive, "birth_certificate"), PAPER)

    assert filed(archive) == []
    assert batch.report["proposals"] == [{"type": "birth_certificate", "pages": [2]}]
    assert [remark["code"] for remark in batch.report["remarks"]] == ["no_dossier"]


def test_filing_the_same_batch_again_would_make_the_same_component(archive: Archive) -> None:
    """A job is done at least once: the component's id comes from the batch and its place."""
    dossier = a_dossier(archive)
    looks = (sheet(archive, "divorce_decision", dossier), PAPER)
    batch = a_batch(archive, *looks)
    made = []
    for _ in range(2):
        with suppress(Interrupted), archive.database.write() as session:
            row = batches.by_id(session, batch.id)
            seen = pages.of_source(session, str(row.source))
            filing.file_batch(session, row, seen, jobs=archive.jobs, at=archive.clock())
            made += [component.id for component in batches.components_of(session, batch.id)]
            raise Interrupted  # killed before the commit

    assert len(made) == 2
    assert len(set(made)) == 1
    assert filed(archive) == []


def test_a_claim_files_pages_that_nobody_had_claimed(archive: Archive) -> None:
    dossier = a_dossier(archive)
    batch = file(archive, PAPER, PAPER, PAPER)

    component = claim(
        archive, batch, [2, 3], dossier_code=dossier.code, component_type="divorce_decision"
    )

    assert filed(archive) == [("divorce_decision", dossier.code, [2, 3])]
    assert component.owner_id == dossier.owner_id
    with archive.database.read() as session:
        assert batches.by_id(session, batch.id).report["unclaimed"] == [1]


@pytest.mark.parametrize("places", [[], [1], [2, 3], [99], [0]])
def test_pages_that_do_not_wait_cannot_be_claimed(archive: Archive, places: list[int]) -> None:
    dossier = a_dossier(archive)
    batch = file(archive, sheet(archive, "divorce_decision", dossier), PAPER, BLANK)
    before = filed(archive)

    with pytest.raises(PagesNotUnclaimed):
        claim(archive, batch, places, dossier_code=dossier.code, component_type="birth_certificate")

    assert filed(archive) == before


def test_a_page_can_be_claimed_once(archive: Archive) -> None:
    dossier = a_dossier(archive)
    batch = file(archive, PAPER)
    what = {"dossier_code": dossier.code, "component_type": "divorce_decision"}
    claim(archive, batch, [1], **what)

    with pytest.raises(PagesNotUnclaimed):
        claim(archive, batch, [1], **what)


def test_a_claim_for_what_may_not_be_kept_or_does_not_exist_is_refused(archive: Archive) -> None:
    dossier, batch = a_dossier(archive), file(archive, PAPER)

    with pytest.raises(PresentedOnly):
        claim(archive, batch, [1], dossier_code=dossier.code, component_type="identity_card")
    with pytest.raises(DossierUnknown):
        claim(
            archive, batch, [1],
            dossier_code="H57.22.10-261126-9999", component_type="divorce_decision",
        )  # fmt: skip

    assert filed(archive) == []


def test_a_claim_on_a_finished_batch_opens_it_until_its_paper_is_archived(
    archive: Archive,
) -> None:
    dossier, batch = a_dossier(archive), file(archive, PAPER)
    with archive.database.write() as session:
        batches.by_id(session, batch.id).state = "finished"
        pages.of_source(session, str(batch.source))[0].state = "read"

    component = claim(
        archive, batch, [1], dossier_code=dossier.code, component_type="divorce_decision"
    )

    assert archive.jobs.is_waiting(ARCHIVE_COMPONENT, component.id)
    with archive.database.read() as session:
        assert batches.by_id(session, batch.id).state == "sorted"


def test_a_batch_is_finished_when_its_pages_are_read_and_its_papers_archived(
    archive: Archive,
) -> None:
    dossier = a_dossier(archive, procedure=MARITAL_STATUS)
    batch = file(archive, sheet(archive, "divorce_decision", dossier), PAPER)

    def finish() -> bool:
        with archive.database.write() as session:
            row = batches.by_id(session, batch.id)
            return batches.finish_if_done(session, row, at=archive.clock())

    assert not finish()
    with archive.database.write() as session:
        pages.of_source(session, str(batch.source))[1].state = "read"
    assert not finish()
    with archive.database.write() as session:
        (component,) = batches.components_of(session, batch.id)
        components.by_id(session, component.id).archived = "0" * 64
    assert finish()
    assert not finish()  # once


def test_the_reconciler_puts_the_jobs_that_are_missing_and_no_others(archive: Archive) -> None:
    unsorted = a_batch(archive, PAPER)
    sorted_ = file(archive, PAPER)
    with archive.database.read() as session:
        (page,) = pages.of_source(session, str(sorted_.source))

    assert reconcile(archive.workbench) == 2
    assert archive.jobs.is_waiting(SORT_BATCH, unsorted.id)
    assert archive.jobs.is_waiting(READ_PAGE, str(page.id))
    assert reconcile(archive.workbench) == 0
