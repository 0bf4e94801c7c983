"""What the clients were promised against what the database and the store have."""

import hashlib
import io
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pikepdf
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chaos import promises
from chaos.office import Office, Outage, TakenUp
from chaos.promises import Asked, GaveUp, HandedOver, ReceivedDossier, TakenIn
from hoso.audit import log as audit
from hoso.audit.log import AuditEntry
from hoso.dossier import dossiers, handoffs
from hoso.dossier.tables import Attachment, Component, ComponentPage, DeskScan, Dossier, Page
from hoso.scanner_ingest.tables import Batch
from hoso.storage.store import ObjectStore

MOST_SECONDS_TO_TAKE_UP = 15.0
_SETTLED = {"read", "skipped"}
_OK, _ERROR = 200, 500
# The web server has its first answer a moment before the judge sees that it is back.
_MARGIN_SECONDS = 1.0


@dataclass
class Verdict:
    """What was found; it holds when nothing is wrong."""

    acknowledged: int = 0
    handed_over: int = 0
    slips: int = 0
    slips_while_s3_was_down: int = 0
    taken_up: Sequence[TakenUp] = ()
    untracked: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    notes: Sequence[str] = ()
    wrong: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether every promise was kept."""
        return not self.wrong


def judge(office: Office) -> Verdict:
    """Compare; the office has come to rest."""
    lines = list(promises.read(office.promises_file))
    verdict = Verdict(taken_up=office.taken_up, notes=office.notes)
    verdict.wrong += [note for note in office.notes if note.startswith("it did not")]
    told = [line for line in lines if isinstance(line, TakenIn)]
    verdict.acknowledged = len(told)
    with office.archive.database.read() as session:
        verdict.wrong += _scans(session, told)
        verdict.wrong += _dossiers(session, lines)
        verdict.wrong += _custody(session, lines)
        verdict.wrong += _chain(session)
        verdict.wrong += _objects(session, office.far_store)
        verdict.untracked = _untracked(session, office.far_store, verdict.wrong)
    verdict.handed_over = sum(isinstance(line, HandedOver) for line in lines)
    _answers(verdict, lines, office.outages)
    verdict.wrong += [
        f"a dead worker's jobs lay for {each.freed:.1f} s"
        for each in office.taken_up
        if each.freed > MOST_SECONDS_TO_TAKE_UP
    ]
    verdict.wrong += _fsck(office, sum(verdict.untracked.values()))
    return verdict


def _scans(session: Session, told: Sequence[TakenIn]) -> Iterable[str]:
    """Every acknowledged file: one batch, finished once, its pages and one component, once each."""
    batches = {batch.sha256: batch for batch in session.scalars(select(Batch))}
    begun = _counted(session, "scan.taken_in")
    finished = _counted(session, "scan.finished")
    for each in told:
        batch = batches.get(each.sha256)
        if batch is None or batch.id != each.batch:
            yield f"an acknowledged scan has no batch: {each.sha256[:12]}"
            continue
        if batch.state != "finished":
            yield f"a batch is {batch.state}: {batch.failure}"
        if (begun[batch.id], finished[batch.id]) != (1, 1):
            yield f"a batch was taken in {begun[batch.id]} and finished {finished[batch.id]} times"
        yield from _papers(session, batch, each)
    unpromised = set(batches) - {each.sha256 for each in told}
    if unpromised:
        yield f"{len(unpromised)} batches that no client was told of"


def _papers(session: Session, batch: Batch, told: TakenIn) -> Iterable[str]:
    pages = session.scalars(select(Page).where(Page.source == str(batch.source))).all()
    if sorted(page.place for page in pages) != list(range(1, told.pages + 1)):
        yield f"{len(pages)} pages of {told.pages}"
    yield from (f"a page is {page.state}" for page in pages if page.state not in _SETTLED)
    components = session.scalars(select(Component).where(Component.batch_id == batch.id)).all()
    if len(components) != 1:
        yield f"a batch made {len(components)} components"
    for component in components:
        if component.failure or not component.archived or component.dossier_code != told.dossier:
            yield f"a component is not archived: {component.failure}"
        count = select(func.count()).where(ComponentPage.component_id == component.id)
        if session.scalar(count) != told.pages:
            yield "a component lacks pages, or has one twice"
        uses = select(func.count()).where(Attachment.component_id == component.id)
        if session.scalar(uses) != 1:
            yield "a component is attached more than once, or not at all"


def _dossiers(session: Session, lines: Iterable[object]) -> Iterable[str]:
    """A dossier for each that was received, not one more, each with its bundle."""
    told = {line.dossier for line in lines if isinstance(line, ReceivedDossier)}
    found = {dossier.code: dossier for dossier in session.scalars(select(Dossier))}
    if set(found) != told:
        yield f"{len(found)} dossiers of {len(told)} that were received"
    received = Counter(_subjects(session, "dossier.received"))
    yield from (f"a dossier was received {n} times" for n in received.values() if n != 1)
    lacking = sum(dossier.bundle_sha256 is None for dossier in found.values())
    if lacking:
        yield f"{lacking} dossiers without their bundle"


def _custody(session: Session, lines: Iterable[object]) -> Iterable[str]:
    """Every accepted hand-off is in the ledger, and the holder is whom the desks were told."""
    told = [line for line in lines if isinstance(line, HandedOver)]
    kept = set(session.scalars(select(DeskScan.event_id)))
    if not {each.event for each in told} <= kept:
        yield "an accepted hand-off is not in the ledger"
    holders = {each.dossier: each.holder for each in told}
    for code, holder in holders.items():
        ledger = handoffs.ledger_of(session, dossiers.by_code(session, code))
        if ledger.holder != holder:
            yield f"a dossier is with {ledger.holder}, and {holder} was told it has it"


def _chain(session: Session) -> Iterable[str]:
    broken = audit.verify(session)
    if broken is not None:
        yield f"the audit chain breaks at entry {broken}"


def _objects(session: Session, store: ObjectStore) -> Iterable[str]:
    """Every object that a row names is in the far store, and its bytes are its own."""
    for key in _named(session):
        with store.open(key) as source:
            if hashlib.file_digest(source, "sha256").hexdigest() != key:  # type: ignore[arg-type]
                yield f"an object's bytes are not its own: {key[:12]}"


def _untracked(session: Session, store: ObjectStore, wrong: list[str]) -> Counter[str]:
    """Objects that no row names, by what they are; what nobody can explain is wrong."""
    codes = set(session.scalars(select(Dossier.code)))
    found: Counter[str] = Counter()
    for key in set(store.keys()) - _named(session):
        what = _explained(store, key, codes)
        found[what] += 1
        if what == "unexplained":
            wrong.append(f"an object that nothing explains: {key[:12]}")
    return found


def _explained(store: ObjectStore, key: str, codes: set[str]) -> str:
    """Archived copies and bundles name their dossier; one made twice leaves the first behind."""
    with store.open(key) as source:
        content = source.read()
    if hashlib.sha256(content).hexdigest() == key and content.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_metadata() as about:
            title = str(about.get("dc:title", ""))
            if any(code in title for code in codes):
                return "bundle" if title.startswith("Hồ sơ ") else "archived copy"
    return "unexplained"


def _answers(verdict: Verdict, lines: Iterable[object], outages: Sequence[Outage]) -> None:
    """No 500, nobody gave up, no refusal but of what passes, no slip refused without need."""
    asked = [line for line in lines if isinstance(line, Asked)]
    verdict.requests = len(asked)
    for status, what, code in sorted({(a.status, a.what, a.code) for a in asked}):
        if status == _ERROR:
            verdict.wrong.append(f"{what}: answered 500")
        elif status not in {0, 503} and status > _ERROR - 100:
            verdict.wrong.append(f"{what}: {status} {code}")
    verdict.wrong += [f"gave up: {line.what}" for line in lines if isinstance(line, GaveUp)]
    slips = [each for each in asked if each.what == "slip"]
    verdict.slips = len(slips)
    s3 = [outage for outage in outages if outage.what == "s3"]
    verdict.slips_while_s3_was_down = sum(_during(each, s3) for each in slips)
    others = [outage for outage in outages if outage.what in {"web", "database"}]
    refused = [each for each in slips if each.status != _OK and not _during(each, others)]
    verdict.wrong += [f"a slip was refused: {each.status} {each.code}" for each in refused]


def _during(asked: Asked, outages: Sequence[Outage]) -> bool:
    return any(
        asked.begun < outage.ended + _MARGIN_SECONDS and asked.ended > outage.begun
        for outage in outages
    )


def _fsck(office: Office, untracked: int) -> Iterable[str]:
    """`hoso fsck` and `hoso verify-log` as an operator runs them say the same."""
    environment = {
        **os.environ,
        **office.environment(),
        "HOSO_DATA_DIR": str(office.folder / "judge"),
    }
    for command in ("fsck", "verify-log"):
        done = subprocess.run(
            [sys.executable, "-m", "hoso", command, "--json"],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode != 0:
            yield f"hoso {command} ends {done.returncode}: {done.stdout[-300:]}"
        elif command == "fsck":
            reported = json.loads(done.stdout).get("untracked")
            if reported is not None and len(reported) != untracked:
                yield f"hoso fsck reports {len(reported)} untracked objects of {untracked}"


def _named(session: Session) -> set[str]:
    columns = (Batch.sha256, Batch.source, Component.original, Component.archived,
               Dossier.bundle_sha256)  # fmt: skip
    return {key for column in columns for key in session.scalars(select(column)) if key}


def _subjects(session: Session, action: str) -> Sequence[str]:
    return session.scalars(select(AuditEntry.subject).where(AuditEntry.action == action)).all()


def _counted(session: Session, action: str) -> Counter[str]:
    return Counter(_subjects(session, action))
