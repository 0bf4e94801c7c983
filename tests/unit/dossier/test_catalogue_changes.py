"""What an import would change, told entry by entry."""

from hoso.dossier.catalogue import Catalogue
from hoso.dossier.catalogue_changes import Change, What, changes, procedures_touched
from hoso.dossier.catalogue_files import (
    COMPONENT_TYPES,
    OFFICE,
    PROCEDURES,
    catalogue_texts,
    read_catalogue,
)

TEXTS = catalogue_texts()
BEFORE = read_catalogue(TEXTS)


def after(file: str, old: str, new: str) -> Catalogue:
    assert old in TEXTS[file]
    return read_catalogue({**TEXTS, file: TEXTS[file].replace(old, new, 1)})


def test_the_same_catalogue_has_no_changes() -> None:
    assert changes(BEFORE, BEFORE) == []


def test_a_changed_rule_is_shown_with_what_was_and_what_will_be() -> None:
    now = after(COMPONENT_TYPES, 'kind = "months", months = 6', 'kind = "months", months = 3')
    (change,) = changes(BEFORE, now)
    assert (change.part, change.key) == ("component_types", "marital_status_certificate")
    ((name, was, will),) = change.values
    assert name == "rule"
    assert "months 6" in was
    assert "months 3" in will


def test_a_changed_line_of_a_checklist_is_shown_by_its_key() -> None:
    now = after(PROCEDURES, '{ any_of = ["birth_attestation"] }', '{ any_of = ["birth_extract"] }')
    found = changes(BEFORE, now)
    assert ("requirements.birth_attestation", "Giấy chứng sinh", "") in found[0].values
    assert (
        "requirements.birth_extract",
        "",
        "Trích lục khai sinh (bản sao)",
    ) in found[0].values


def test_what_comes_and_goes_is_told_apart() -> None:
    more = after(PROCEDURES, '["1.000656"]', '["1.999999"]')
    assert changes(BEFORE, more)[:2] == [
        Change("procedures", "1.000656", What.REMOVED),
        Change("procedures", "1.999999", What.ADDED),
    ]


def test_the_offices_name_is_a_change_that_touches_no_procedure() -> None:
    now = after(OFFICE, "Hoa Lư Thượng", "Hoa Lư Hạ")
    found = changes(BEFORE, now)
    assert [change.part for change in found] == ["office"]
    assert procedures_touched(found, BEFORE, now) == frozenset()


def test_a_kind_of_paper_touches_the_procedures_that_ask_for_it() -> None:
    now = after(COMPONENT_TYPES, 'kind = "months", months = 6', 'kind = "months", months = 3')
    touched = procedures_touched(changes(BEFORE, now), BEFORE, now)
    assert {"1.000894", "2.000806"} <= touched
    assert "1.004222" not in touched
