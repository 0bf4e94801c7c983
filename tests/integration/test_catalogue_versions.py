"""The catalogue by date: a dossier keeps the rules it was received under, whatever comes later."""

from datetime import date, datetime

import pytest

from hoso.clock import OFFICE_ZONE
from hoso.dossier import attachments, catalogue_import, catalogue_store, dossiers
from hoso.dossier.catalogue_files import COMPONENT_TYPES, PROCEDURES
from hoso.dossier.catalogue_import import Plan
from hoso.dossier.tables import CatalogueVersion
from hoso.errors import CatalogueMalformed, ComponentTypeInUse, NotReusable
from hoso.wiring import Archive
from tests.builders import HUNG, MARITAL_STATUS, SetClock, a_component, a_dossier

SPRING = date(2027, 3, 1)  # when the law on civil status of 2026 takes effect


def edited(archive: Archive, file: str, old: str, new: str) -> dict[str, str]:
    with archive.database.read() as session:
        text = catalogue_store.files_in_force(session)[file]
    assert old in text
    return {file: text.replace(old, new, 1)}


def take_in(archive: Archive, texts: dict[str, str], valid_from: date) -> Plan:
    with archive.database.write() as session:
        return catalogue_import.import_files(
            session, texts, valid_from=valid_from, by="admin", at=archive.clock()
        )


def try_out(archive: Archive, texts: dict[str, str], valid_from: date) -> Plan:
    with archive.database.read() as session:
        return catalogue_import.plan(session, texts, valid_from=valid_from)


def name_on(archive: Archive, day: date) -> str:
    with archive.database.read() as session:
        return catalogue_store.procedure(session, MARITAL_STATUS, day).name


def renamed(archive: Archive, name: str) -> dict[str, str]:
    return edited(archive, PROCEDURES, "Cấp Giấy xác nhận tình trạng hôn nhân", name)


def test_a_version_holds_from_its_day_on_and_not_before(archive: Archive) -> None:
    take_in(archive, renamed(archive, "Tên mới"), SPRING)

    assert name_on(archive, date(2027, 2, 28)) == "Cấp Giấy xác nhận tình trạng hôn nhân"
    assert name_on(archive, SPRING) == "Tên mới"
    assert name_on(archive, date(2030, 1, 1)) == "Tên mới"


def test_a_dossier_is_received_under_the_version_of_its_day(
    archive: Archive, clock: SetClock
) -> None:
    take_in(archive, renamed(archive, "Tên mới"), SPRING)
    early = a_dossier(archive)
    clock.at = datetime(2027, 3, 1, 9, 0, tzinfo=OFFICE_ZONE)
    late = a_dossier(archive)

    assert early.procedure["name"] == "Cấp Giấy xác nhận tình trạng hôn nhân"
    assert late.procedure["name"] == "Tên mới"
    assert early.catalogue_version != late.catalogue_version
    with archive.database.read() as session:
        kept = session.get_one(CatalogueVersion, early.catalogue_version)
        assert "Tên mới" not in kept.texts[PROCEDURES]


def test_what_is_reused_for_a_dossier_is_judged_by_its_own_version(
    archive: Archive, clock: SetClock
) -> None:
    paper = a_component(archive, a_dossier(archive), "divorce_decision")
    before = a_dossier(archive)
    heading = "[divorce_decision]"
    signed_only = f'{heading}\nleast_trust = "e_signed"'
    stricter = edited(archive, COMPONENT_TYPES, heading, signed_only)
    take_in(archive, stricter, SPRING)
    clock.at = datetime(2027, 3, 2, 9, 0, tzinfo=OFFICE_ZONE)
    after = a_dossier(archive)

    def use(code: str) -> None:
        with archive.database.write() as session:
            row = dossiers.by_code(session, code, lock=True)
            key = attachments.requirements_of(row)[1].key
            attachments.reuse(session, row, key, paper.id, by="clerk", at=clock.at)

    use(before.code)
    with pytest.raises(NotReusable, match="original"):
        use(after.code)


def test_a_trial_shows_the_changes_and_the_open_dossiers_and_keeps_nothing(
    archive: Archive,
) -> None:
    mine, other = a_dossier(archive), a_dossier(archive, procedure="1.004222", owner=HUNG)
    planned = try_out(archive, renamed(archive, "Tên mới"), SPRING)

    assert [(change.part, change.key) for change in planned.changes] == [
        ("procedures", MARITAL_STATUS)
    ]
    assert planned.changes[0].values == (
        ("name", "Cấp Giấy xác nhận tình trạng hôn nhân", "Tên mới"),
    )
    assert planned.dossiers == [mine.code]
    assert other.code not in planned.dossiers
    assert name_on(archive, SPRING) == "Cấp Giấy xác nhận tình trạng hôn nhân"


def test_a_kind_of_paper_cannot_leave_while_the_archive_holds_it(archive: Archive) -> None:
    a_component(archive, a_dossier(archive), "poor_household_certificate")
    with archive.database.read() as session:
        files = catalogue_store.files_in_force(session)
    # The kind leaves together with every line that asks for it.
    gone = {
        name: text.replace("poor_household_certificate", "poor_household_card")
        for name, text in files.items()
    }
    assert gone != files

    with pytest.raises(ComponentTypeInUse, match="1"):
        take_in(archive, gone, SPRING)
    assert name_on(archive, SPRING) == "Cấp Giấy xác nhận tình trạng hôn nhân"


def test_an_import_is_checked_on_every_later_day_too(archive: Archive) -> None:
    """A file for spring asks for a kind that a file from today on no longer has."""
    new_kind = """
[new_paper]
sheet_number = 1999
title = "Giấy mới"
headings = ["GIẤY MỚI"]
validity = { kind = "unlimited" }
reuse = "reusable"
certainty = "R"
source = "x"
"""
    with archive.database.read() as session:
        kinds = catalogue_store.files_in_force(session)[COMPONENT_TYPES]
    take_in(archive, {COMPONENT_TYPES: kinds + new_kind}, date(2026, 1, 1))
    asking = edited(archive, PROCEDURES, 'any_of = ["birth_attestation"]', 'any_of = ["new_paper"]')
    take_in(archive, asking, SPRING)

    with pytest.raises(CatalogueMalformed, match="new_paper"):
        take_in(archive, {COMPONENT_TYPES: kinds}, date(2026, 6, 1))


def test_a_later_version_takes_over_again_and_the_trial_says_when(archive: Archive) -> None:
    take_in(archive, renamed(archive, "Từ mùa xuân"), SPRING)
    planned = take_in(archive, renamed(archive, "Từ tháng Một"), date(2027, 1, 1))

    assert planned.later == [SPRING]
    assert name_on(archive, date(2027, 1, 31)) == "Từ tháng Một"
    assert name_on(archive, SPRING) == "Từ mùa xuân"
    with archive.database.read() as session:
        assert catalogue_import.days(session) == [
            (SPRING, [PROCEDURES]),
            (date(2027, 1, 1), [PROCEDURES]),
        ]


def test_the_same_texts_are_one_version(archive: Archive) -> None:
    first = a_dossier(archive)
    second = a_dossier(archive, owner=HUNG)
    assert first.catalogue_version == second.catalogue_version
    with archive.database.read() as session:
        assert session.query(CatalogueVersion).count() == 1
