"""Several at the same moment: what a single writer would have kept in order stays in order.

On SQLite these hold by themselves. On PostgreSQL each fails without its lock or its constraint.
"""

import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from pathlib import Path
from threading import Barrier
from typing import TypeVar

import httpx
import pytest
from sqlalchemy import func, select, text

from hoso.archive_api import accounts
from hoso.archive_api.accounts import Role
from hoso.archive_api.tables import Account
from hoso.audit import log as audit
from hoso.audit.log import AuditEntry
from hoso.barcode.code import DossierCode
from hoso.db import for_change
from hoso.dossier import (
    aliases,
    attachments,
    catalogue_import,
    catalogue_store,
    components,
    handoffs,
    merges,
    owners,
)
from hoso.dossier.aliases import Source
from hoso.dossier.catalogue_import import ALWAYS
from hoso.dossier.handoffs import NewScan
from hoso.dossier.numbers import CitizenId, OldCitizenNumber
from hoso.dossier.tables import DeskScan, Dossier, Page
from hoso.dossier.work import ARCHIVE_COMPONENT, BUNDLE_DOSSIER
from hoso.errors import AccountExists, AlreadyOne, HosoError, OldNumberTaken
from hoso.ocr import archiving, digitise
from hoso.ocr.reading import PageReading
from hoso.scanner_ingest import batches, filing
from hoso.scanner_ingest.intake import WayIn
from hoso.scanner_ingest.tables import Batch
from hoso.wiring import Archive
from hoso.wiring.door import take_in_file
from tests.builders import (
    COUNTER,
    HUNG,
    LAN,
    MARITAL_STATUS,
    OFFICE,
    SIGNING,
    a_component,
    a_dossier,
    a_pdf,
)
from tests.waiting import until

AClient = Callable[..., httpx.Client]
Given = TypeVar("Given")
Made = TypeVar("Made")

DIVORCE = "divorce_decision"


def at_once(do: Callable[[Given], Made], each: Sequence[Given]) -> list[Made]:
    """Do it for each, all beginning at the same moment, each on a thread of its own."""
    together = Barrier(len(each))

    def begin(given: Given) -> Made:
        together.wait()
        return do(given)

    with ThreadPoolExecutor(len(each)) as threads:
        return list(threads.map(begin, each))


def someone_waits(archive: Archive) -> bool:
    """Whether a transaction of this database waits for another's lock."""
    with archive.database.read() as session:
        waiting = text(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(session.scalar(waiting))


def a_batch(archive: Archive, *, pages: int, state: str = "sorted") -> str:
    """A batch of pages that were seen and that nobody claimed."""
    batch_id, source = uuid.uuid4().hex, uuid.uuid4().hex * 2
    places = list(range(1, pages + 1))
    with archive.database.write() as session:
        session.add(
            Batch(
                id=batch_id, sha256=source, source=source, size=1, name="scan.pdf", kind="pdf",
                pages=pages, signed=False, notices=[], way_in="upload", taken_in_by="lan",
                taken_in_at=archive.clock(), state=state,
                report={"unclaimed": places, "guides": [], "blanks": [], "remarks": []},
            )
        )  # fmt: skip
        session.add_all(
            Page(source=source, place=place, state="seen", blank=False, codes=[], quality={})
            for place in places
        )
    return batch_id


def claim(archive: Archive, batch_id: str, places: list[int], dossier: Dossier) -> str:
    """File pages of a batch as one paper of the dossier."""
    with archive.database.write() as session:
        return filing.claim_pages(
            session, batch_id, places, dossier_code=dossier.code,
            component_type=DIVORCE, jobs=archive.jobs, by="lan", at=archive.clock(),
        ).id  # fmt: skip


def entries(archive: Archive, action: str) -> int:
    with archive.database.read() as session:
        query = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == action)
        return session.scalar(query) or 0


def test_dossiers_received_at_once_have_codes_without_a_gap(archive: Archive) -> None:
    received = at_once(lambda _: a_dossier(archive).code, range(8))

    tails = sorted(int(code.rpartition("-")[2]) for code in received)
    assert tails == list(range(tails[0], tails[0] + 8))


def test_persons_first_papers_taken_in_at_once_make_one_owner(archive: Archive) -> None:
    owners = at_once(lambda _: a_dossier(archive, owner=LAN).owner_id, range(6))

    assert len(set(owners)) == 1


def test_a_request_sent_twice_at_once_makes_one_dossier(client: AClient, archive: Archive) -> None:
    clerk = client(Role.CLERK)
    body = {"procedure": MARITAL_STATUS, "citizen_id": LAN.digits, "owner_name": "Nguyễn Thị Lan"}
    headers = {"Idempotency-Key": uuid.uuid4().hex}

    answers = at_once(
        lambda _: clerk.post("/api/v1/dossiers", json=body, headers=headers), range(6)
    )

    assert {answer.status_code for answer in answers} == {HTTPStatus.CREATED}
    assert len({answer.json()["code"] for answer in answers}) == 1
    with archive.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Dossier)) == 1


def test_a_file_sent_twice_at_once_is_taken_in_once(archive: Archive, tmp_path: Path) -> None:
    scan = a_pdf(tmp_path / "scan.pdf")

    receipts = at_once(
        lambda _: take_in_file(archive, scan, "scan.pdf", way_in=WayIn.UPLOAD, by="lan"), range(4)
    )

    assert len({receipt.batch_id for receipt in receipts}) == 1
    assert sorted(receipt.already for receipt in receipts) == [False, True, True, True]


def test_an_event_id_used_for_two_dossiers_at_once_counts_for_one(archive: Archive) -> None:
    event_id, dossiers = uuid.uuid4().hex, [a_dossier(archive) for _ in range(4)]

    def scan(dossier: Dossier) -> str:
        at = archive.clock()
        new = NewScan(event_id=event_id, code=dossier.code, desk=COUNTER, at=at, to=OFFICE)
        with archive.database.write() as session:
            return handoffs.record(session, new, by="lan", at=at).reason

    reasons = at_once(scan, dossiers)

    assert reasons.count("event_id_reused") == 3


def test_a_scan_sent_twice_at_once_is_accepted_once(archive: Archive) -> None:
    dossier, at = a_dossier(archive), archive.clock()
    scan = NewScan(event_id=uuid.uuid4().hex, code=dossier.code, desk=COUNTER, at=at, to=OFFICE)

    def send(_: int) -> str:
        with archive.database.write() as session:
            return handoffs.record(session, scan, by="lan", at=at).outcome

    assert sorted(at_once(send, range(4))) == ["accepted", "duplicate", "duplicate", "duplicate"]


def test_of_many_desks_that_receive_at_once_one_holds_the_dossier(archive: Archive) -> None:
    dossier, at = a_dossier(archive), archive.clock()
    desks = [OFFICE, SIGNING, "return"]

    def scan(desk: str, to: str | None = None) -> str:
        # Without times of their own: scans of the same moment would be in the order of their ids.
        new = NewScan(event_id=uuid.uuid4().hex, code=dossier.code, desk=desk, to=to)
        with archive.database.write() as session:
            return handoffs.record(session, new, by="lan", at=at).outcome

    scan(COUNTER)
    outcomes = at_once(scan, desks)

    with archive.database.read() as session:
        ledger = handoffs.ledger_of(session, dossier)
        assert session.scalar(select(func.count()).select_from(DeskScan)) == 1 + len(desks)
    assert ledger.holder in desks
    assert outcomes.count("accepted") >= 1
    assert len(ledger.visits) == 2


def test_desks_that_send_the_same_dossiers_in_other_orders_do_not_block_each_other(
    client: AClient, archive: Archive
) -> None:
    codes = [a_dossier(archive).code for _ in range(12)]
    officer = client(Role.OFFICER)

    def send(order: int) -> httpx.Response:
        mine = codes if order % 2 else codes[::-1]
        scans = [{"event_id": uuid.uuid4().hex, "code": code} for code in mine]
        return officer.post(f"/api/v1/desks/{COUNTER}/scans:batch", json={"scans": scans})

    answers = at_once(send, range(6))

    assert {answer.status_code for answer in answers} == {HTTPStatus.OK}


def test_wrong_passwords_tried_at_once_are_all_counted(archive: Archive) -> None:
    with archive.database.write() as session:
        accounts.open_account(
            session, "lan", role=Role.CLERK, password=None, by="test", at=archive.clock()
        )

    def guess(_: int) -> None:
        with archive.database.write() as session:
            accounts.count_attempt(session, "lan", right=False, at=archive.clock())

    at_once(guess, range(8))

    with archive.database.read() as session:
        assert session.get_one(Account, "lan").failures == 8


def test_an_account_opened_twice_at_once_is_opened_once(archive: Archive) -> None:
    def open_one(_: int) -> bool:
        try:
            with archive.database.write() as session:
                accounts.open_account(
                    session, "lan", role=Role.CLERK, password=None, by="test", at=archive.clock()
                )
        except AccountExists:
            return False
        return True

    assert sorted(at_once(open_one, range(4))) == [False, False, False, True]


def test_papers_claimed_at_once_never_serve_the_same_requirement(archive: Archive) -> None:
    dossier = a_dossier(archive)
    waiting = [a_batch(archive, pages=1) for _ in range(4)]

    at_once(lambda batch_id: claim(archive, batch_id, [1], dossier), waiting)

    with archive.database.read() as session:
        served = [entry.requirement for entry in attachments.of_dossier(session, dossier.code)]
        version = session.get_one(Dossier, dossier.number).version
    assert len(served) == 4
    named = [key for key in served if key is not None]
    assert len(named) == len(set(named)) == 1
    assert version == dossier.version + 4


def test_a_page_claimed_twice_at_once_belongs_to_one_paper(archive: Archive) -> None:
    dossier, batch_id = a_dossier(archive), a_batch(archive, pages=2)

    def try_claim(_: int) -> bool:
        try:
            claim(archive, batch_id, [1, 2], dossier)
        except HosoError:
            return False
        return True

    assert sorted(at_once(try_claim, range(4))) == [False, False, False, True]


def test_the_last_pages_of_a_paper_read_at_once_have_it_archived(archive: Archive) -> None:
    dossier, batch_id = a_dossier(archive), a_batch(archive, pages=4)
    component_id = claim(archive, batch_id, [1, 2, 3, 4], dossier)
    with archive.database.read() as session:
        component = components.by_id(session, component_id)
        page_ids = [entry.page_id for entry in component.pages]

    def keep(page_id: int) -> None:
        with archive.database.write() as session:
            digitise._keep(archive.workbench, session, page_id, PageReading(()), None)

    at_once(keep, page_ids)

    assert archive.jobs.is_waiting(ARCHIVE_COMPONENT, component_id)


@pytest.mark.postgresql
def test_a_page_claimed_while_its_reading_is_kept_is_archived(archive: Archive) -> None:
    dossier, batch_id = a_dossier(archive), a_batch(archive, pages=1)
    with archive.database.read() as session:
        page_id = session.scalars(select(Page.id)).one()

    with ThreadPoolExecutor(1) as clerk:
        with archive.database.write() as session:
            digitise._keep(archive.workbench, session, page_id, PageReading(()), None)
            claimed = clerk.submit(claim, archive, batch_id, [1], dossier)
            until(lambda: claimed.done() or someone_waits(archive))
        component_id = claimed.result()

    assert archive.jobs.is_waiting(ARCHIVE_COMPONENT, component_id)


def test_the_last_papers_of_dossiers_archived_at_once_have_them_bundled(archive: Archive) -> None:
    bench = archive.workbench
    for _ in range(4):
        dossier = a_dossier(archive)
        papers = [a_component(archive, dossier, DIVORCE) for _ in range(3)]
        with archive.database.write() as session:
            for paper in papers:  # signed: archived as it is, so that the transactions meet
                components.by_id(session, paper.id, lock=True).trust = "e_signed"

        at_once(lambda paper: archiving.archive_component(bench, paper.id), papers)

        assert archive.jobs.is_waiting(BUNDLE_DOSSIER, dossier.code)


def test_a_batch_whose_last_jobs_end_at_once_is_finished_once(archive: Archive) -> None:
    batch_id = a_batch(archive, pages=0)

    def finish(_: int) -> bool:
        with archive.database.write() as session:
            batch = batches.by_id(session, batch_id)
            return batches.finish_if_done(session, batch, at=archive.clock())

    assert sorted(at_once(finish, range(6))) == [False] * 5 + [True]
    assert entries(archive, "scan.finished") == 1


def test_catalogues_imported_at_once_are_in_force_one_after_the_other(archive: Archive) -> None:
    with archive.database.read() as session:
        texts = catalogue_store.files_in_force(session)

    def put_in_force(name: str) -> None:
        with archive.database.write() as session:
            some = {name: texts[name] + "\n# edited\n"}
            catalogue_import.import_files(
                session, some, valid_from=ALWAYS, by="lan", at=archive.clock()
            )

    at_once(put_in_force, [*texts, *texts])

    with archive.database.read() as session:
        assert all("# edited" in text for text in catalogue_store.files_in_force(session).values())


def test_many_at_once_leave_one_unbroken_log(archive: Archive) -> None:
    dossiers = [a_dossier(archive) for _ in range(4)]

    def work(number: int) -> None:
        code = DossierCode.parse(dossiers[number % 4].code)
        with archive.database.write() as session:
            audit.record(session, "test.first", str(code), actor="lan", at=archive.clock())
            session.scalars(for_change(select(Dossier))).all()
            audit.record(session, "test.second", str(code), actor="lan", at=archive.clock())

    at_once(work, range(8))

    with archive.database.read() as session:
        assert audit.verify(session) is None
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 4 * 2 + 16


# People --------------------------------------------------------------------------------------


def merge(archive: Archive, pair: tuple[str, str]) -> str:
    """The merge's id, or the code of what refused it."""
    try:
        with archive.database.write() as session:
            made = merges.merge(session, *pair, reason="?", by="mai", at=archive.clock())
    except AlreadyOne as refusal:
        return refusal.code
    return made.id


def test_two_officers_who_merge_the_same_two_at_once_merge_them_once(archive: Archive) -> None:
    lan, hung = a_dossier(archive).owner_id, a_dossier(archive, owner=HUNG).owner_id

    answers = at_once(partial(merge, archive), [(lan, hung), (hung, lan), (lan, hung), (hung, lan)])

    assert answers.count("already_one") == 3
    assert entries(archive, "owner.merged") == 2


def test_merges_that_would_close_a_circle_at_once_leave_none(archive: Archive) -> None:
    numbers = [CitizenId(f"00118501234{last}") for last in range(3)]
    a, b, c = (a_dossier(archive, owner=number).owner_id for number in numbers)

    made = at_once(partial(merge, archive), [(a, b), (b, c), (c, a)])

    assert made.count("already_one") == 1
    with archive.database.read() as session:
        assert owners.one_and_the_same(session, a) == {a, b, c}
        assert len(merges.among(session, {a, b, c})) == 2


def test_an_old_number_given_to_several_at_once_is_one_persons(archive: Archive) -> None:
    numbers = [CitizenId(f"00118501234{last}") for last in range(4)]
    people = [a_dossier(archive, owner=number).owner_id for number in numbers]
    old = OldCitizenNumber("012345678")

    def add(owner_id: str) -> str:
        try:
            with archive.database.write() as session:
                aliases.add(
                    session, owner_id, old, source=Source.PAPER, reason="?", by="mai",
                    at=archive.clock(),
                )  # fmt: skip
        except OldNumberTaken as refusal:
            return refusal.code
        return owner_id

    answers = at_once(add, people)

    assert answers.count("old_number_taken") == 3
    with archive.database.read() as session:
        found = owners.find(session, old)
    assert found is not None
    assert found.id in answers


def test_a_card_scanned_at_several_counters_at_once_is_remembered_once(archive: Archive) -> None:
    old = OldCitizenNumber("012345678")

    codes = at_once(lambda _: a_dossier(archive, old_number=old).code, range(4))

    assert len(set(codes)) == 4
    assert entries(archive, "owner.alias_added") == 1
    assert entries(archive, "owner.alias_disputed") == 0
