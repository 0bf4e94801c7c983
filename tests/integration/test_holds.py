"""Legal holds: placed and lifted with a reason, and the store is told what must stay."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from hoso.audit.log import AuditEntry
from hoso.cli.main import app
from hoso.dossier import attachments, components, holds
from hoso.dossier.tables import Component, Dossier
from hoso.dossier.work import PROTECT_DOSSIER
from hoso.errors import DossierHeld, DossierNotHeld, DossierUnknown, ReasonMissing
from hoso.preservation import protecting
from hoso.storage.store import RetainingStore
from hoso.wiring import Archive
from tests.builders import NOW, SetClock, a_component, a_dossier, an_archive
from tests.databases import MigratedDatabase
from tests.servers.buckets import a_bucket, s3_server, url_of

REASON = "Quyết định 12/QĐ-CSĐT ngày 20/11/2026"


def hold(archive: Archive, dossier: Dossier, *, reason: str = REASON) -> None:
    with archive.database.write() as session:
        holds.place(session, archive.jobs, dossier.code, reason=reason, by="lead", at=NOW)


def lift(archive: Archive, dossier: Dossier) -> None:
    with archive.database.write() as session:
        holds.lift(session, archive.jobs, dossier.code, reason="Đình chỉ", by="lead", at=NOW)


def actions(archive: Archive) -> list[tuple[str, str]]:
    with archive.database.read() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
    return [(entry.action, entry.facts["reason"]) for entry in entries if "reason" in entry.facts]


def test_a_hold_is_placed_and_lifted_and_both_reasons_are_kept(archive: Archive) -> None:
    dossier = a_dossier(archive)

    hold(archive, dossier)
    with archive.database.read() as session:
        (standing,) = holds.standing(session)
    lift(archive, dossier)

    assert (standing.dossier_code, standing.reason) == (dossier.code, REASON)
    with archive.database.read() as session:
        assert holds.standing(session) == []
    assert actions(archive) == [("dossier.held", REASON), ("dossier.released", "Đình chỉ")]


def test_a_hold_that_is_on_cannot_be_placed_and_one_that_is_off_cannot_be_lifted(
    archive: Archive,
) -> None:
    dossier = a_dossier(archive)
    with pytest.raises(DossierNotHeld):
        lift(archive, dossier)
    hold(archive, dossier)
    with pytest.raises(DossierHeld, match="12/QĐ-CSĐT"):
        hold(archive, dossier)
    lift(archive, dossier)
    hold(archive, dossier)  # a second case


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_hold_without_a_reason_is_refused(archive: Archive, reason: str) -> None:
    with pytest.raises(ReasonMissing):
        hold(archive, a_dossier(archive), reason=reason)


def test_an_unknown_dossier_cannot_be_held(archive: Archive) -> None:
    with pytest.raises(DossierUnknown), archive.database.write() as session:
        holds.place(session, archive.jobs, "H01.1", reason=REASON, by="lead", at=NOW)


def test_a_paper_that_joins_a_held_dossier_is_protected_as_well(archive: Archive) -> None:
    dossier, other = a_dossier(archive), a_dossier(archive)
    hold(archive, dossier)
    with archive.database.write() as session:
        archive.jobs.cancel(session, PROTECT_DOSSIER, dossier.code)
        attachments.papers_changed(session, archive.jobs, dossier.code)
        attachments.papers_changed(session, archive.jobs, other.code)

    assert archive.jobs.is_waiting(PROTECT_DOSSIER, dossier.code)
    assert not archive.jobs.is_waiting(PROTECT_DOSSIER, other.code)


def test_the_command_places_shows_and_lifts_a_hold(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOSO_DATA_DIR", str(archive.settings.data_dir))
    monkeypatch.setenv("HOSO_DATABASE_URL", archive.settings.database_url)
    dossier = a_dossier(archive)

    app(["hold", "on", dossier.code.lower(), "--reason", REASON], standalone_mode=False)
    assert "không khóa được" in capsys.readouterr().out  # a disk: said, not passed over
    app(["hold", "list", "--json"], standalone_mode=False)
    (shown,) = json.loads(capsys.readouterr().out)
    app(["hold", "off", dossier.code, "--reason", "Đình chỉ"], standalone_mode=False)

    assert (shown["dossier"], shown["reason"]) == (dossier.code, REASON)
    with archive.database.read() as session:
        assert holds.standing(session) == []


class TestOnAStoreThatLocks:
    @pytest.fixture
    def archive(
        self, tmp_path: Path, migrated_database: MigratedDatabase, clock: SetClock
    ) -> Iterator[Archive]:
        server = s3_server()
        with an_archive(
            tmp_path,
            migrated_database,
            clock,
            storage_url=url_of(a_bucket(server, object_lock=True), server["endpoint"]),
            s3_access_key=server["access_key"],
            s3_secret_key=server["secret_key"],
        ) as made:
            yield made

    def a_paper(self, archive: Archive, dossier: Dossier) -> Component:
        component = a_component(archive, dossier, "divorce_decision")
        content = f"original of {component.id}".encode()
        with archive.database.write() as session:
            row = components.by_id(session, component.id)
            row.original = archive.store.put(io.BytesIO(content)).sha256
            row.archived = archive.store.put(io.BytesIO(content + b", archived")).sha256
        return row

    def protect(self, archive: Archive, *dossiers: Dossier) -> None:
        for dossier in dossiers:
            protecting.protect_dossier(archive.workbench, dossier.code)

    def held(self, archive: Archive, component: Component) -> set[bool]:
        store = archive.store
        assert isinstance(store, RetainingStore)
        return {store.is_held(component.original), store.is_held(str(component.archived))}

    def test_its_papers_are_held_there_until_the_hold_is_lifted(self, archive: Archive) -> None:
        dossier, other = a_dossier(archive), a_dossier(archive)
        paper, others = self.a_paper(archive, dossier), self.a_paper(archive, other)

        hold(archive, dossier)
        self.protect(archive, dossier, other)
        assert (self.held(archive, paper), self.held(archive, others)) == ({True}, {False})

        lift(archive, dossier)
        self.protect(archive, dossier)
        assert self.held(archive, paper) == {False}

    def test_a_paper_of_two_held_dossiers_stays_until_both_holds_are_lifted(
        self, archive: Archive
    ) -> None:
        first, second = a_dossier(archive), a_dossier(archive)
        paper = self.a_paper(archive, first)
        with archive.database.write() as session:
            row = components.by_id(session, paper.id)
            attachments.submit(session, session.merge(second), row, by="clerk")
        hold(archive, first)
        hold(archive, second)
        self.protect(archive, first, second)

        lift(archive, first)
        self.protect(archive, first)
        assert self.held(archive, paper) == {True}

        lift(archive, second)
        self.protect(archive, second)
        assert self.held(archive, paper) == {False}

    def test_what_changes_while_the_store_is_told_is_told_as_well(
        self, archive: Archive, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        dossier = a_dossier(archive)
        paper = self.a_paper(archive, dossier)
        hold(archive, dossier)
        tell, changed = archive.store_itself.hold, []  # type: ignore[union-attr]  # it locks

        def lifted_meanwhile(sha256: str, *, on: bool) -> None:
            tell(sha256, on=on)
            if not changed:
                changed.append(sha256)
                lift(archive, dossier)

        monkeypatch.setattr(type(archive.store_itself), "hold", staticmethod(lifted_meanwhile))
        self.protect(archive, dossier)

        assert changed
        assert self.held(archive, paper) == {False}

    def test_a_restored_archive_tells_its_store_anew(self, archive: Archive) -> None:
        dossier, other = a_dossier(archive), a_dossier(archive)
        self.a_paper(archive, dossier)
        self.a_paper(archive, other)
        hold(archive, dossier)
        with archive.database.write() as session:
            archive.jobs.cancel(session, PROTECT_DOSSIER, dossier.code)

            protecting.protect_everything(archive.workbench, session)

        assert archive.jobs.is_waiting(PROTECT_DOSSIER, dossier.code)
        assert not archive.jobs.is_waiting(PROTECT_DOSSIER, other.code)
