"""What the search for people promises, on both databases alike."""

import pytest

from hoso.db import Database
from hoso.dossier import owner_names, owners
from hoso.dossier.numbers import CitizenId, parse_owner_number
from tests.builders import NOW

COMPANY = "Công ty TNHH Xây dựng Huỳnh Phát 319"


def known(database: Database, *names: str) -> None:
    """Owners with these names, each with a number of their own."""
    with database.write() as session:
        for place, name in enumerate(names):
            number = "0100109106" if name == COMPANY else f"0011850{place:05}"
            owners.ensure(session, parse_owner_number(number), name, at=NOW)


def found(database: Database, asked: str, limit: int = 10) -> list[str]:
    with database.read() as session:
        return [person.owner.name for person in owner_names.people(session, asked, limit=limit)]


@pytest.mark.parametrize(
    "asked",
    [
        "Nguyễn Vân Anh",
        "nguyen van anh",
        "NGUYỄN VÂN  ANH",
        "Nguye\u0302\u0303n Va\u0302n Anh",
        "Anh Nguyễn Vân",
        "vân anh",
        "nguyen van ahn",
        "nguyễn vâ anh",
        "ngyuễn vân anh",
        "Nguyễn Vân Ang",
        "Nguyễn Thị Vân Anh",
    ],
)
def test_a_person_is_found_however_the_name_is_typed(database: Database, asked: str) -> None:
    known(database, "Nguyễn Vân Anh", "Trần Quốc Toản", "Lê Thị Hồng", COMPANY)

    assert found(database, asked) == ["Nguyễn Vân Anh"]


@pytest.mark.parametrize("asked", ["Phạm Thúy Hoà", "pham thuy hoa", "Phạm Thuý Hòa"])
def test_a_person_is_found_by_old_and_new_tones(database: Database, asked: str) -> None:
    known(database, "Phạm Thuý Hoà")

    assert found(database, asked) == ["Phạm Thuý Hoà"]


@pytest.mark.parametrize(
    "asked", ["huynh phat 319", "cong ty huynh phat", "công ty tnhh xay dung huynh phta 319"]
)
def test_an_organisation_is_found_by_words_of_its_name(database: Database, asked: str) -> None:
    known(database, "Huỳnh Văn Phát", COMPANY)

    assert COMPANY in found(database, asked)


def test_the_same_accents_come_first_then_fewer_typos_then_shorter_names(
    database: Database,
) -> None:
    known(database, "Nguyễn Văn Ánh", "Nguyễn Thị Vân Anh", "Nguyễn Vân Anh", "Nguyễn Văn An")

    assert found(database, "Nguyễn Vân Anh") == [
        "Nguyễn Vân Anh",
        "Nguyễn Thị Vân Anh",
        "Nguyễn Văn Ánh",
        "Nguyễn Văn An",
    ]
    assert found(database, "Nguyễn Vân Anh", limit=2) == ["Nguyễn Vân Anh", "Nguyễn Thị Vân Anh"]


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "Nguyễn",
        "anh",
        "giấy khai sinh",
        "quyết định ly hôn",
        "đăng ký kết hôn",
        "'; -- *",
        "anh " * 60,
    ],
)
def test_words_that_are_nobodys_name_find_nobody(database: Database, asked: str) -> None:
    known(database, "Nguyễn Vân Anh", "Giáp Khải Minh", "Lý Kết", COMPANY)

    assert found(database, asked) == []


def test_a_number_has_no_typos(database: Database) -> None:
    known(database, COMPANY)

    assert found(database, "huynh phat 318") == []


def test_a_person_is_kept_once_with_the_name_on_file(database: Database) -> None:
    number = CitizenId("001185012345")
    with database.write() as session:
        for name in ("Nguyễn Vân Anh", "Nguyễn Vân Anh", "Trần Thị Bích"):
            owners.ensure(session, number, name, at=NOW)

    assert found(database, "vân anh") == ["Nguyễn Vân Anh"]
    assert found(database, "tran bich") == []


def test_a_person_is_found_once_for_many_names(database: Database) -> None:
    with database.write() as session:
        owner = owners.ensure(session, CitizenId("001185012345"), "Nguyễn Vân Anh", at=NOW)
        owner.name = "Nguyễn Thị Vân Anh"
        owner_names.keep(session, owner)

    assert found(database, "vân anh") == ["Nguyễn Thị Vân Anh"]
