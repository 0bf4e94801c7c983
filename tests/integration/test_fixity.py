"""Fixity on a real archive: each kind of damage told apart, put right, and never made worse."""

import logging
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from hoso.audit.log import AuditEntry
from hoso.errors import ObjectMissing, ReplicaUnset
from hoso.preservation import checking, replicating
from hoso.preservation.checking import Report, RollingCheck, objects_each_minute
from hoso.storage import kept
from hoso.storage.fixity import Finding
from hoso.wiring import Archive
from tests.builders import SetClock, a_batch, a_pdf, an_archive
from tests.databases import MigratedDatabase

MONTH = timedelta(days=30)


@pytest.fixture
def archive(
    tmp_path: Path, migrated_database: MigratedDatabase, clock: SetClock
) -> Iterator[Archive]:
    """An archive with a second store."""
    folder = tmp_path / "data"
    folder.mkdir()
    replica = f"file:{tmp_path / 'replica'}"
    with an_archive(folder, migrated_database, clock, replica_url=replica) as made:
        yield made


@pytest.fixture
def lonely(
    tmp_path: Path, migrated_database: MigratedDatabase, clock: SetClock
) -> Iterator[Archive]:
    """An archive without a second store."""
    folder = tmp_path / "lonely"
    folder.mkdir()
    with an_archive(folder, migrated_database, clock) as made:
        yield made


def take_in(archive: Archive, folder: Path, words: str) -> str:
    """Take a file in; gives its SHA-256."""
    return a_batch(archive, folder, words).sha256


def place(archive: Archive, sha256: str) -> Path:
    return archive.settings.data_dir / "objects" / sha256[:2] / sha256[2:4] / sha256


def damage(path: Path, content: bytes) -> None:
    path.chmod(0o640)
    path.write_bytes(content)


def flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    damage(path, bytes(content))


def fsck(archive: Archive, *, repair: bool = False) -> Report:
    checking.note_every_object(archive.caretaking)
    report = checking.check_all(archive.caretaking, repair=repair)
    checking.find_untracked(archive.caretaking, report)
    return report


def found(report: Report) -> dict[str, list[str]]:
    return {finding.value: keys for finding, keys in report.damaged.items() if keys}


def actions(archive: Archive) -> list[str]:
    with archive.database.read() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.number))
        return [entry.action for entry in entries if entry.action.startswith("object.")]


def open_findings(archive: Archive) -> dict[str, int]:
    with archive.database.read() as session:
        return dict(kept.figures(session).findings)


def test_an_untouched_archive_is_sound(archive: Archive, tmp_path: Path) -> None:
    take_in(archive, tmp_path, "one")

    report = fsck(archive)

    assert report.is_sound
    assert (report.checked, report.untracked) == (1, [])


def test_each_kind_of_damage_is_told_apart(archive: Archive, tmp_path: Path) -> None:
    flipped, cut, gone, good = (take_in(archive, tmp_path, word) for word in "abcd")
    flip_a_byte(place(archive, flipped))
    damage(place(archive, cut), place(archive, cut).read_bytes()[:-1])
    place(archive, gone).unlink()
    nobodys = archive.store.put_file(a_pdf(tmp_path / "nobodys.pdf", words="nobody")).sha256
    (place(archive, good).parent / "notes.txt").write_text("left by a guest")

    report = fsck(archive)

    assert found(report) == {"changed": [flipped], "wrong_size": [cut], "missing": [gone]}
    assert sorted(report.untracked) == sorted([nobodys, "notes.txt"])
    assert not report.is_sound
    assert open_findings(archive) == {"changed": 1, "wrong_size": 1, "missing": 1}


def test_what_only_lies_about_is_no_damage(archive: Archive, tmp_path: Path) -> None:
    archive.store.put_file(a_pdf(tmp_path / "nobodys.pdf"))

    assert fsck(archive).is_sound


def test_damage_is_put_right_from_the_second_store_and_closed(
    archive: Archive, tmp_path: Path
) -> None:
    flipped, cut, gone = (take_in(archive, tmp_path, word) for word in "abc")
    replicating.replicate(archive.caretaking)
    before = {key: place(archive, key).read_bytes() for key in (flipped, cut, gone)}
    flip_a_byte(place(archive, flipped))
    damage(place(archive, cut), b"")
    place(archive, gone).unlink()
    fsck(archive)

    report = fsck(archive, repair=True)

    assert report.is_sound
    assert sorted(report.repaired) == sorted(before)
    assert {key: place(archive, key).read_bytes() for key in before} == before
    assert open_findings(archive) == {}
    assert actions(archive).count("object.found_damaged") == 3
    assert actions(archive).count("object.repaired") == 3


def test_a_changed_object_is_set_aside_and_never_deleted(archive: Archive, tmp_path: Path) -> None:
    key = take_in(archive, tmp_path, "one")
    replicating.replicate(archive.caretaking)
    flip_a_byte(place(archive, key))
    flipped = place(archive, key).read_bytes()

    fsck(archive, repair=True)

    (aside,) = (archive.settings.data_dir / "objects" / "quarantine").iterdir()
    assert aside.read_bytes() == flipped
    assert key in aside.name
    assert fsck(archive).untracked == []


def test_a_damaged_replica_never_replaces_anything(archive: Archive, tmp_path: Path) -> None:
    key = take_in(archive, tmp_path, "one")
    replicating.replicate(archive.caretaking)
    flip_a_byte(tmp_path / "replica" / key[:2] / key[2:4] / key)
    flip_a_byte(place(archive, key))
    before = place(archive, key).read_bytes()

    report = fsck(archive, repair=True)

    assert (report.repaired, found(report)) == ([], {"changed": [key]})
    assert place(archive, key).read_bytes() == before


def test_a_repair_without_a_second_store_is_refused(lonely: Archive, tmp_path: Path) -> None:
    take_in(lonely, tmp_path, "one")

    with pytest.raises(ReplicaUnset):
        fsck(lonely, repair=True)


def test_a_damaged_object_is_never_copied_to_the_replica(archive: Archive, tmp_path: Path) -> None:
    bad, good = take_in(archive, tmp_path, "bad"), take_in(archive, tmp_path, "good")
    flip_a_byte(place(archive, bad))

    assert replicating.replicate(archive.caretaking) == (1, [bad])

    assert archive.replica is not None
    assert list(archive.replica.keys()) == [good]
    assert replicating.replicate(archive.caretaking) == (0, [bad])


def test_a_sector_that_cannot_be_read_is_a_finding(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = take_in(archive, tmp_path, "one")

    def bad_sector(_: str) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(archive.store, "open", bad_sector)

    assert found(fsck(archive)) == {"unreadable": [key]}


def test_an_untracked_object_is_removed_only_when_it_is_asked_for_and_old(
    archive: Archive, tmp_path: Path, clock: SetClock
) -> None:
    old = archive.store.put_file(a_pdf(tmp_path / "old.pdf", words="old")).sha256
    young = archive.store.put_file(a_pdf(tmp_path / "young.pdf", words="young")).sha256
    named = take_in(archive, tmp_path, "named")
    for key in (old, named):
        os.utime(place(archive, key), (0, 0))
    report = Report()

    checking.find_untracked(archive.caretaking, report, remove_put_before=clock() - MONTH)

    assert sorted(report.untracked) == sorted([old, young])
    assert report.removed == [old]
    assert set(archive.store.keys()) == {young, named}


def test_an_untracked_object_that_is_taken_in_again_is_spared(
    archive: Archive, tmp_path: Path, clock: SetClock
) -> None:
    """Its sender is about to have it acknowledged: the row comes a moment after the bytes."""
    path = a_pdf(tmp_path / "again.pdf")
    key = archive.store.put_file(path).sha256
    os.utime(place(archive, key), (0, 0))
    archive.store.put_file(path)

    assert not archive.store.remove(key, unless_put_since=clock() - 1000 * MONTH)
    assert archive.store.size(key) == path.stat().st_size


def test_only_the_longest_unchecked_are_read_when_a_sample_is_asked_for(
    archive: Archive, tmp_path: Path, clock: SetClock
) -> None:
    keys = []
    for word in "abc":
        keys.append(take_in(archive, tmp_path, word))
        clock.advance(minutes=1)
    place(archive, keys[0]).unlink()

    report = checking.check_oldest(archive.caretaking, at_most=2, checked_before=clock())

    assert (report.checked, found(report)) == (2, {"missing": [keys[0]]})
    again = checking.check_oldest(archive.caretaking, at_most=1, checked_before=clock())
    assert (again.checked, found(again)) == (1, {})


def test_a_clock_set_back_makes_no_check_endless(
    archive: Archive, tmp_path: Path, clock: SetClock
) -> None:
    for word in "abc":
        take_in(archive, tmp_path, word)
    before = clock.advance(days=1)
    clock.advance(days=-2)

    report = checking.check_oldest(archive.caretaking, at_most=10, checked_before=before)

    assert report.checked == 3


def test_an_object_kept_before_sizes_were_noted_gets_its_size(
    archive: Archive, tmp_path: Path
) -> None:
    key = take_in(archive, tmp_path, "one")
    with archive.database.write() as session:
        kept.forget(session, key)

    fsck(archive)

    with archive.database.read() as session:
        (row,) = kept.in_order(session, limit=9)
    assert (row.sha256, row.size) == (key, place(archive, key).stat().st_size)


def test_the_worker_reads_what_was_not_read_for_half_the_days_and_alarms(
    lonely: Archive, tmp_path: Path, clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    key = take_in(lonely, tmp_path, "one")
    flip_a_byte(place(lonely, key))
    rolling = RollingCheck(lonely.caretaking, 90)

    assert rolling.do_a_minutes_share(lambda: False).checked == 0
    clock.advance(days=46)
    with caplog.at_level(logging.ERROR):
        assert rolling.do_a_minutes_share(lambda: False).checked == 1

    (record,) = caplog.records
    assert vars(record)["code"] == "object_damaged"
    assert open_findings(lonely) == {"changed": 1}
    assert rolling.do_a_minutes_share(lambda: False).checked == 0


def test_the_worker_repairs_by_itself_where_there_is_a_second_store(
    archive: Archive, tmp_path: Path, clock: SetClock
) -> None:
    key = take_in(archive, tmp_path, "one")
    replicating.replicate(archive.caretaking)
    flip_a_byte(place(archive, key))
    clock.advance(days=46)

    report = RollingCheck(archive.caretaking, 90).do_a_minutes_share(lambda: False)

    assert report.repaired == [key]
    assert open_findings(archive) == {}
    assert actions(archive) == ["object.repaired"]


def test_an_office_that_is_open_eight_hours_on_weekdays_reads_everything_in_time() -> None:
    """Simulated minute by minute: every object is read again within the days it may wait."""
    days, total = 30, 3_000
    checked_at = [0.0] * total
    oldest_allowed = 0.0
    each = objects_each_minute(total, days)
    turn = 0
    for minute in range(days * 3 * 24 * 60):
        now = minute / (24 * 60)
        is_open = int(now) % 7 < 5 and minute % (24 * 60) < 8 * 60
        if not is_open:
            continue
        for _ in range(each):
            if checked_at[turn] >= now - days / 2:
                break
            oldest_allowed = max(oldest_allowed, now - checked_at[turn])
            checked_at[turn] = now
            turn = (turn + 1) % total
    assert oldest_allowed < days


def test_a_missing_object_cannot_be_set_aside(archive: Archive) -> None:
    with pytest.raises(ObjectMissing):
        archive.store.set_aside("0" * 64)


def test_every_finding_has_words_for_the_operator() -> None:
    from hoso.cli.fixity import _WORDS

    assert set(_WORDS) == {finding.value for finding in Finding}
