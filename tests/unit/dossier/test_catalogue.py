import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from hoso.dossier.catalogue import Catalogue, DeskKind
from hoso.dossier.catalogue_files import (
    CALENDAR,
    COMPONENT_TYPES,
    DESKS,
    FIELDS,
    FILES,
    OFFICE,
    PROCEDURES,
    catalogue_texts,
    load_catalogue,
    read_catalogue,
)
from hoso.dossier.checklist import Certainty
from hoso.dossier.deadlines import Limit, LimitUnit
from hoso.dossier.reuse import PaperRule, Reuse
from hoso.dossier.validity import Validity, ValidityKind
from hoso.errors import CatalogueMalformed

TEXTS = catalogue_texts()
UNLIMITED = Validity()
UNTIL_STATED = Validity(ValidityKind.UNTIL_STATED)


def months(number: int) -> Validity:
    return Validity(ValidityKind.MONTHS, number)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue(TEXTS)


def test_the_bundled_catalogue_holds_what_the_sample_office_does(catalogue: Catalogue) -> None:
    assert len(catalogue.component_types) >= 26
    assert len(catalogue.procedures) == 27
    assert catalogue.office.agency_id == "H57.22.10"
    assert {desk.kind for desk in catalogue.desks.values()} == set(DeskKind)


@pytest.mark.parametrize("name", FILES)
def test_the_bundled_files_are_composed_unicode_with_no_foreign_letters(name: str) -> None:
    text = TEXTS[name]
    assert unicodedata.normalize("NFC", text) == text
    letters = {letter for letter in text if letter.isalpha()}
    assert {unicodedata.name(letter).split()[0] for letter in letters} == {"LATIN"}


@pytest.mark.parametrize(
    ("key", "title", "validity", "reuse"),
    [
        ("birth_certificate", "Giấy khai sinh", UNLIMITED, Reuse.REUSABLE),
        ("marital_status_certificate", "Giấy xác nhận tình trạng hôn nhân", months(6),
         Reuse.PURPOSE_BOUND),
        ("identity_card", "Thẻ căn cước hoặc căn cước công dân", UNTIL_STATED,
         Reuse.PRESENTED_ONLY),
        ("residence_change_form", "Tờ khai thay đổi thông tin cư trú (CT01)", UNLIMITED,
         Reuse.PER_DOSSIER),
        ("residence_confirmation", "Xác nhận thông tin về cư trú (CT07)", months(12),
         Reuse.REUSABLE),
        ("health_certificate", "Giấy khám sức khỏe", months(12), Reuse.REUSABLE),
    ],
)  # fmt: skip
def test_a_kind_of_paper_bears_its_title_validity_and_reuse(
    catalogue: Catalogue, key: str, title: str, validity: Validity, reuse: Reuse
) -> None:
    paper = catalogue.component_types[key]
    rule = replace(paper.rule, serves_as=frozenset())
    assert (paper.title, rule) == (title, PaperRule(validity, reuse))


@pytest.mark.parametrize(
    ("code", "limit"),
    [
        ("1.000894", Limit(0, LimitUnit.SAME_DAY, time(15))),
        ("2.000806", Limit(5, LimitUnit.CALENDAR_DAYS)),
        ("1.004873", Limit(3, LimitUnit.WORKING_DAYS)),
        ("1.012787", Limit(30, LimitUnit.WORKING_DAYS)),
    ],
)
def test_a_procedure_bears_its_limit(catalogue: Catalogue, code: str, limit: Limit) -> None:
    assert catalogue.procedures[code].limit == limit


def test_a_requirement_is_named_by_the_procedure_or_by_its_kinds(catalogue: Catalogue) -> None:
    birth = catalogue.procedures["1.001193"].requirements
    assert [requirement.name for requirement in birth] == [
        "Tờ khai đăng ký khai sinh",
        "Giấy chứng sinh",
        "Thẻ căn cước của cha, mẹ",
        "Giấy chứng nhận kết hôn",
    ]
    assert [requirement.is_required(()) for requirement in birth] == [True, True, True, False]
    assert birth[3].is_required(("parents_married",))
    assert birth[2].certainty is Certainty.SEEN


def test_printed_numbers_find_their_paper_and_desk(catalogue: Catalogue) -> None:
    paper = catalogue.type_of_sheet(1002)
    desk = catalogue.desk_numbered(401)
    assert paper is not None
    assert paper.key == "birth_certificate"
    assert desk is not None
    assert desk.kind is DeskKind.RETURN
    assert catalogue.type_of_sheet(9999) is None
    assert catalogue.desk_numbered(9999) is None


def test_every_kind_of_paper_has_a_reuse_rule(catalogue: Catalogue) -> None:
    asked = {
        kind
        for procedure in catalogue.procedures.values()
        for requirement in procedure.requirements
        for kind in requirement.any_of
    }
    assert asked <= set(catalogue.paper_rules)


def test_the_swap_that_the_holiday_package_misses_is_edited_in(catalogue: Catalogue) -> None:
    kinds = {override.day: override.kind.value for override in catalogue.overrides}
    assert kinds[date(2026, 1, 2)] == "off"
    assert kinds[date(2026, 1, 10)] == "work"


def test_an_offices_own_file_replaces_the_bundled_one(tmp_path: Path) -> None:
    own = '[quay]\nnumber = 7\nname = "Quầy"\nkind = "intake"\n'
    decomposed_with_mark = "\ufeff" + unicodedata.normalize("NFD", own)
    (tmp_path / DESKS).write_text(decomposed_with_mark, encoding="utf-8")
    catalogue = load_catalogue(tmp_path)
    assert [desk.name for desk in catalogue.desks.values()] == ["Quầy"]
    assert len(catalogue.procedures) == 27


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / FIELDS).write_bytes('[a]\nname = "Hộ tịch"\n'.encode("utf-16"))
    with pytest.raises(CatalogueMalformed, match=r"fields\.toml.*UTF-8"):
        load_catalogue(tmp_path)


@pytest.mark.parametrize(
    ("texts", "what"),
    [
        ({name: TEXTS[name] for name in FILES if name != DESKS}, r"desks\.toml.*is missing"),
        ({**TEXTS, "desk.toml": ""}, r"desk\.toml.*no catalogue file"),
    ],
)
def test_a_file_too_few_or_too_many_is_refused(texts: dict[str, str], what: str) -> None:
    with pytest.raises(CatalogueMalformed, match=what):
        read_catalogue(texts)


def replacing(old: str, new: str) -> Callable[[str], str]:
    def edit(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return edit


def adding(text: str) -> Callable[[str], str]:
    return lambda before: f"{before}\n{text}\n"


@pytest.mark.parametrize(
    ("file", "edit", "entry", "what"),
    [
        (FIELDS, adding("name ="), "TOML", "syntax"),
        (FIELDS, lambda _: "name = 1", "name", "must be a table"),
        (FIELDS, adding("[extra]"), "extra", "“name” is missing"),
        (FIELDS, adding('[extra]\nname = ""'), "extra", "“name” is empty"),
        (FIELDS, adding('[extra]\nname = "x"\nnmae = 1'), "extra", "unknown key “nmae”"),
        (COMPONENT_TYPES, replacing("1002", "1001"), "birth_certificate",
         "1001 is taken by “birth_attestation”"),
        (COMPONENT_TYPES, replacing("1002", "10020"), "birth_certificate", "more than 4 digits"),
        (COMPONENT_TYPES, replacing("1002", "true"), "birth_certificate", "whole number"),
        (COMPONENT_TYPES, replacing("1002", '"1002"'), "birth_certificate", "of type int"),
        (COMPONENT_TYPES, replacing("months = 6", "months = 0"),
         "marital_status_certificate.validity", "at least 1"),
        (COMPONENT_TYPES, replacing('"per_dossier"', '"never"'), "birth_attestation",
         "must be: reusable, per_dossier"),
        (COMPONENT_TYPES, replacing('["GIẤY CHỨNG SINH"]', "[1]"), "birth_attestation",
         "list of texts"),
        (PROCEDURES, replacing('["birth_attestation"]', '["birth_atestation"]'),
         "1.001193.requirements[2]", "“birth_atestation” is not in the catalogue"),
        (PROCEDURES, replacing('["birth_attestation"]', "[]"),
         "1.001193.requirements[2]", "“any_of” is empty"),
        (PROCEDURES, replacing('["birth_attestation"]', '["application_form"]'),
         "1.001193", "key “application_form” stands 2 times"),
        (PROCEDURES, replacing('field = "land"', 'field = "lands"'), "1.012787", "“lands”"),
        (PROCEDURES, replacing("amount = 5", "amount = 0"), "2.000806.limit", "at least 1"),
        (PROCEDURES, replacing(", cut_off", ", cutoff"), "1.001193.limit", "unknown key “cutoff”"),
        (DESKS, replacing("102", "101"), "counter-2", "101 is taken by “counter-1”"),
        (DESKS, replacing('"signing"\n', '"sign"\n'), "signing", "must be: intake"),
        (OFFICE, lambda _: "", "office", "table is missing"),
        (OFFICE, replacing("07:00-11:30", "11:30-07:00"), "hours", "does not end after"),
        (OFFICE, replacing("07:00-11:30", "7h-11h"), "hours", "7h"),
        (OFFICE, replacing('["saturday"]', '["caturday"]'), "hours", "“caturday”"),
        (CALENDAR, replacing("2026-01-02", "2026-02-30"), "2026-02-30", "name it by a date"),
        (CALENDAR, replacing('"work"', '"busy"'), "2025-04-26", "must be: off, work"),
    ],
)  # fmt: skip
def test_a_mistake_is_refused_where_it_stands(
    file: str, edit: Callable[[str], str], entry: str, what: str
) -> None:
    with pytest.raises(CatalogueMalformed) as refusal:
        read_catalogue({**TEXTS, file: edit(TEXTS[file])})
    assert (refusal.value.facts["file"], refusal.value.facts["entry"]) == (file, entry)
    assert what in refusal.value.sentence("en")
    assert refusal.value.sentence("vi").startswith(f"Danh mục {file}, mục “{entry}”: ")
