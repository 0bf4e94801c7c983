"""Every kept object read again: all at once for `hoso fsck`, a few each minute by the worker.

What is found stays on the object's row until it is repaired, so that alarms, metrics and pages
show the same; each new finding and each repair is in the audit log.
"""

import logging
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice

from hoso.audit import log as audit
from hoso.dossier.tables import Component, Dossier
from hoso.dossier.work import Workbench
from hoso.errors import ObjectMissing, ReplicaUnset
from hoso.scanner_ingest.tables import Batch
from hoso.storage import kept
from hoso.storage.fixity import Finding, examine, mend
from hoso.storage.kept import KeptObject

log = logging.getLogger(__name__)

NAMING = (
    Batch.sha256,
    Batch.source,
    Component.original,
    Component.archived,
    Dossier.bundle_sha256,
)
"""Every column that names an object."""

# A machine that runs eight hours on five days a week is up for 24 % of the time.
_UP = 0.2
_MINUTES_A_DAY = 24 * 60
_AT_ONCE = 100

Step = Callable[[], object]


@dataclass(slots=True)
class Report:
    """What a check found: keys by finding, and what became of them."""

    checked: int = 0
    damaged: dict[Finding, list[str]] = field(
        default_factory=lambda: {each: [] for each in Finding}
    )
    repaired: list[str] = field(default_factory=list)
    untracked: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Whether every object that was checked is there and right, now."""
        return sum(map(len, self.damaged.values())) == len(self.repaired)


def note_every_object(bench: Workbench) -> int:
    """Have every object noted that any row names; gives how many there are."""
    with bench.database.write() as session:
        kept.note_unnoted(session, NAMING, at=bench.clock())
    with bench.database.read() as session:
        return kept.count(session)


def check_all(bench: Workbench, *, repair: bool = False, step: Step = lambda: None) -> Report:
    """Read every object again. Killed in the middle, it has kept what it found so far."""
    report = Report()
    for rows in in_order(bench):
        _check(bench, rows, report, repair=repair, step=step)
    return report


def check_oldest(
    bench: Workbench,
    *,
    at_most: int,
    checked_before: datetime,
    repair: bool = False,
    step: Step = lambda: None,
) -> Report:
    """Read those objects again whose last check is the oldest, and before that moment."""
    report = Report()
    with bench.database.read() as session:
        # Counted now: after a clock was set back, what was just checked would be old at once.
        left = min(at_most, kept.count(session, checked_before=checked_before))
    while left > 0:
        with bench.database.read() as session:
            rows = kept.longest_unchecked(
                session, checked_before=checked_before, limit=min(left, _AT_ONCE)
            )
        if not rows:  # another worker was quicker
            break
        _check(bench, rows, report, repair=repair, step=step)
        left -= len(rows)
    return report


def find_untracked(
    bench: Workbench, report: Report, *, remove_put_before: datetime | None = None
) -> None:
    """Add what lies in the store and no row names; removed where that is asked for.

    What is young is never removed: it may belong to a file that is being taken in right now.
    """
    keys = iter(bench.store.keys())
    while some := list(islice(keys, _AT_ONCE)):
        with bench.database.read() as session:
            unnamed = kept.unnamed(session, some)
        for key in unnamed:
            report.untracked.append(key)
            if remove_put_before and _remove(bench, key, remove_put_before):
                report.removed.append(key)


class RollingCheck:
    """Reads every object within `days`, a few each minute, for as long as a worker runs.

    It goes on where the last worker was ended: the rows know when each object was checked. Several
    workers may read the same objects; that costs a little reading and harms nothing.
    """

    def __init__(self, bench: Workbench, days: int) -> None:
        self._bench, self._days = bench, days
        self._each_minute = 0
        self._counted_at: datetime | None = None

    def do_a_minutes_share(self, stopped: Callable[[], bool]) -> Report:
        """Check what is due now; repaired at once where there is a replica."""
        now = self._bench.clock()
        if self._counted_at is None or abs(now - self._counted_at) > timedelta(hours=1):
            total = note_every_object(self._bench)
            self._each_minute, self._counted_at = objects_each_minute(total, self._days), now
        report = Report()
        with self._bench.database.read() as session:
            due = kept.longest_unchecked(
                session,
                checked_before=now - timedelta(days=self._days) / 2,
                limit=self._each_minute,
            )
        for row in due:
            if stopped():
                break
            _check(self._bench, [row], report, repair=self._bench.replica is not None)
        _log(report)
        return report


def objects_each_minute(total: int, days: int) -> int:
    """How many of the longest unchecked to read each minute so that none waits longer than `days`.

    An object's turn comes once half of the days are over; the other half is enough for all, also
    on a machine that is switched off at night and at the weekend.
    """
    return math.ceil(total / (days / 2 * _MINUTES_A_DAY * _UP))


def in_order(bench: Workbench) -> Iterator[list[KeptObject]]:
    """Every object, some at a time: neither memory nor a transaction grows with the archive."""
    last = ""
    while True:
        with bench.database.read() as session:
            some = kept.in_order(session, after=last, limit=_AT_ONCE)
        if not some:
            return
        yield some
        last = some[-1].sha256


def _check(
    bench: Workbench,
    rows: list[KeptObject],
    report: Report,
    *,
    repair: bool,
    step: Step = lambda: None,
) -> None:
    if repair and bench.replica is None:
        raise ReplicaUnset
    good = []
    for row in rows:
        finding = examine(bench.store, row.sha256, row.size)
        report.checked += 1
        if finding is None:
            good.append((row.sha256, row.size or bench.store.size(row.sha256)))
        else:
            report.damaged[finding].append(row.sha256)
            if _note_damage(bench, row, finding, repair=repair):
                report.repaired.append(row.sha256)
        step()
    with bench.database.write() as session:
        kept.found_good(session, good, at=bench.clock())


def _log(report: Report) -> None:
    for finding, keys in report.damaged.items():
        for key in keys:
            facts = {"code": "object_damaged", "sha256": key, "finding": finding.value}
            log.error(
                "a kept object was damaged", extra={**facts, "open": key not in report.repaired}
            )


def _note_damage(bench: Workbench, row: KeptObject, finding: Finding, *, repair: bool) -> bool:
    """Note a damaged object and mend it where that is wanted; gives whether it is good now."""
    mended = (
        repair
        and bench.replica is not None
        and mend(bench.store, bench.replica, row.sha256, row.size)
    )
    action = "object.repaired" if mended else "object.found_damaged"
    with bench.database.write() as session:
        kept.found(session, row.sha256, None if mended else finding, at=bench.clock())
        if mended or row.finding != finding:
            audit.record(
                session, action, row.sha256, actor="fixity", at=bench.clock(),
                finding=finding.value,
            )  # fmt: skip
    return mended


def _remove(bench: Workbench, key: str, put_before: datetime) -> bool:
    """Remove an object that nobody names and nobody put lately."""
    try:
        return bench.store.kept_at(key) < put_before and bench.store.remove(
            key, unless_put_since=put_before
        )
    except ObjectMissing:  # no object of ours but a file that somebody left there
        return False
