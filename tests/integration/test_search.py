"""Search as it is asked for: filters, people, corrections, purposes and what is noted."""

from collections.abc import Callable
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from hoso.archive_api.accounts import Role
from hoso.audit.log import AuditEntry
from hoso.clock import local_date
from hoso.dossier import accesses, components, dossiers, merges, page_index, paper_fields
from hoso.dossier.paper_fields import FieldRead
from hoso.dossier.tables import Component
from hoso.ocr.reading import PageReading
from hoso.ocr.words import Word
from hoso.wiring import Archive
from tests.builders import HUNG, LAN, OFFICE, RESIDENCE, SetClock, a_component, a_dossier

AClient = Callable[..., httpx.Client]

MISREAD = "Họ và tên: Nguyén Thi Lam, cấp ngày 7 tháng 5"
BOX = (100.0, 50.0, 180.0, 62.0)


def a_read_paper(
    archive: Archive, text: str, type_: str = "divorce_decision", **dossier: Any
) -> Component:
    """A one-page paper on which this stands, filed for a dossier received now."""
    component = a_component(archive, a_dossier(archive, **dossier), type_)
    with archive.database.write() as session:
        (entry,) = components.by_id(session, component.id).pages
        words = [Word(word, 0.9, 10.0 * at, 5.0, 9.0, 8.0) for at, word in enumerate(text.split())]
        entry.page.text, entry.page.reading = text, PageReading(tuple(words)).to_json()
        page_index.index(session, entry.page)
    return component


def a_field(archive: Archive, component: Component, key: str, read: str) -> None:
    with archive.database.write() as session:
        row = components.by_id(session, component.id, lock=True)
        found = [FieldRead(key, read, 0.4, 1, BOX)]
        paper_fields.keep_reading(session, row, None, found, at=archive.clock())


def decide(archive: Archive, component: Component, key: str, value: str) -> None:
    with archive.database.write() as session:
        paper_fields.decide(
            session, archive.jobs, component.id, key, value, by="mai", at=archive.clock()
        )


def ask(client: httpx.Client, q: str, **among: object) -> dict[str, Any]:
    answer = client.post("/api/v1/search", json={"q": q, **among})
    assert answer.status_code == HTTPStatus.OK, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def papers(shown: dict[str, Any]) -> list[str]:
    return [item["component"] for item in shown["items"]]


def noted(archive: Archive) -> list[AuditEntry]:
    with archive.database.read() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.action == "search.asked")))


@pytest.fixture
def clerk(client: AClient) -> httpx.Client:
    return client(Role.CLERK)


@pytest.fixture
def two(archive: Archive, clock: SetClock) -> tuple[Component, Component]:
    """A paper of Lan's, and two days later one of Hùng's at another desk for another field."""
    hers = a_read_paper(archive, "Quyết định số 12/HĐ-LĐ")
    clock.advance(days=2)
    his = a_read_paper(
        archive, "Quyết định số 12/HĐ-LĐ", "marriage_certificate",
        procedure=RESIDENCE, owner=HUNG, owner_name="Đặng Văn Hùng", desk=OFFICE,
    )  # fmt: skip
    return hers, his


def test_a_question_is_narrowed_by_kind_field_desk_and_day(
    archive: Archive, clerk: httpx.Client, two: tuple[Component, Component]
) -> None:
    hers, his = (component.id for component in two)
    today = local_date(archive.clock())

    assert papers(ask(clerk, "12/HĐ-LĐ")) == [his, hers]
    for among, only in [
        ({"component_type": "marriage_certificate"}, [his]),
        ({"component_type": "divorce_decision"}, [hers]),
        ({"component_type": "nothing_known"}, []),
        ({"desk": OFFICE}, [his]),
        ({"desk": "counter-1"}, [hers]),
        ({"since": str(today)}, [his]),
        ({"since": str(today - timedelta(days=2))}, [his, hers]),
        ({"until": str(today - timedelta(days=1))}, [hers]),
        ({"since": str(date.max), "until": str(date.max)}, []),
        ({"desk": OFFICE, "component_type": "divorce_decision"}, []),
        ({"owner": two[0].owner_id, "purpose": "kết hôn"}, [hers]),
        ({"owner": two[0].owner_id, "purpose": "kết hôn", "desk": OFFICE}, []),
    ]:
        assert papers(ask(clerk, "12/HĐ-LĐ", **among)) == only, among


def test_a_question_is_narrowed_by_the_field_that_the_dossier_was_received_under(
    archive: Archive, clerk: httpx.Client, two: tuple[Component, Component]
) -> None:
    with archive.database.read() as session:
        fields = [
            dossiers.by_code(session, component.dossier_code).procedure["field"]
            for component in two
        ]

    assert fields[0] != fields[1]
    for component, field in zip(two, fields, strict=True):
        assert papers(ask(clerk, "quyet dinh", field=field)) == [component.id]


def test_one_owners_papers_are_searched_for_a_purpose_alone_and_that_is_noted(
    archive: Archive, clerk: httpx.Client, two: tuple[Component, Component]
) -> None:
    refused = clerk.post("/api/v1/search", json={"q": "quyết", "owner": two[0].owner_id})
    unknown = clerk.post("/api/v1/search", json={"q": "quyết", "owner": "x", "purpose": "kết hôn"})
    ask(clerk, "quyết", owner=two[0].owner_id, purpose="kết hôn")

    assert refused.json()["code"] == "purpose_missing"
    assert unknown.json()["code"] == "owner_unknown"
    (entry,) = noted(archive)
    assert (entry.subject, entry.purpose) == (two[0].owner_id, "kết hôn")


def test_people_are_found_with_their_number_masked_and_noted_by_opaque_id(
    archive: Archive, clerk: httpx.Client, two: tuple[Component, Component]
) -> None:
    (person,) = ask(clerk, "nguyen thi lna")["people"]

    assert person == {
        "owner": two[0].owner_id,
        "name": "Nguyễn Thị Lan",
        "number": LAN.masked,
        "papers": 1,
        "exact": False,
    }
    (entry,) = noted(archive)
    assert entry.facts["people"] == [two[0].owner_id]
    ask(clerk, "quyết định")
    assert noted(archive)[-1].facts["papers"] == sorted(component.id for component in two)
    assert "lna" not in str(entry.facts)


def test_people_come_with_the_first_pages_only(archive: Archive, clerk: httpx.Client) -> None:
    for _ in range(3):
        a_read_paper(archive, "Nguyễn Thị Lan")

    first = ask(clerk, "Nguyễn Thị Lan", limit=2)
    second = ask(clerk, "Nguyễn Thị Lan", limit=2, cursor=int(first["next"]))

    assert (len(first["people"]), len(second["people"])) == (1, 0)
    assert (len(first["items"]), len(second["items"])) == (2, 1)


def test_what_somebody_corrected_is_found_and_the_words_stay_as_read(
    archive: Archive, clerk: httpx.Client
) -> None:
    component = a_read_paper(archive, MISREAD)
    a_field(archive, component, "owner_name", "Nguyén Thi Lam")
    assert papers(ask(clerk, '"Nguyễn Thị Lan"')) == []

    decide(archive, component, "owner_name", "Nguyễn Thị Lan")

    (hit,) = ask(clerk, '"Nguyễn Thị Lan"')["items"]
    assert hit["exact"]
    assert hit["snippet"] == "Nguyễn Thị Lan"
    assert hit["boxes"] == [
        {"text": "Nguyễn Thị Lan", "field": "owner_name",
         "x": 100.0, "y": 50.0, "width": 80.0, "height": 12.0}
    ]  # fmt: skip
    assert papers(ask(clerk, "họ tên Nguyễn Thị Lan")) == [component.id]
    assert papers(ask(clerk, "Nguyén Thi Lam")) == [component.id]
    with archive.database.read() as session:
        (entry,) = components.by_id(session, component.id).pages
        assert entry.page.text == MISREAD


def test_a_date_that_somebody_confirmed_is_found_as_papers_write_it(
    archive: Archive, clerk: httpx.Client
) -> None:
    component = a_read_paper(archive, MISREAD)
    a_field(archive, component, "issued_on", "2026-05-07")

    decide(archive, component, "issued_on", "2026-05-07")

    assert papers(ask(clerk, "07/05/2026")) == [component.id]
    decide(archive, component, "issued_on", "2026-05-01")
    assert papers(ask(clerk, "07/05/2026")) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"since": "hôm qua"},
        {"since": "0001-01-01"},
        {"q": "x" * 201},
        {"owners": "x"},
        {"limit": 0},
    ],
)
def test_a_question_that_makes_no_sense_is_refused(
    clerk: httpx.Client, wrong: dict[str, object]
) -> None:
    answer = clerk.post("/api/v1/search", json={"q": "x", **wrong})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_a_search_keeps_nobody_from_writing(
    archive: Archive, clerk: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find_and_write(*_: object) -> list[Component]:
        a_dossier(archive)
        return []

    monkeypatch.setattr(
        "hoso.archive_api.searching.owner_names.people", lambda *_, **__: find_and_write()
    )

    assert ask(clerk, "quyết định")["items"] == []


def test_owners_who_are_one_are_found_once_and_searched_together(
    archive: Archive, clerk: httpx.Client, two: tuple[Component, Component]
) -> None:
    hers, his = two
    with archive.database.write() as session:
        merges.merge(
            session, hers.owner_id, his.owner_id, reason="một người", by="mai", at=archive.clock()
        )

    (person,) = ask(clerk, "nguyen thi lan")["people"]
    found = ask(clerk, "12/HĐ-LĐ", owner=hers.owner_id, purpose="kết hôn")

    assert (person["owner"], person["papers"]) == (hers.owner_id, 2)
    assert papers(found) == [his.id, hers.id]
    assert {entry.subject for entry in noted(archive)} == {"pages", hers.owner_id, his.owner_id}
    with archive.database.write() as session:
        seen = accesses.of_person(session, his.owner_id, limit=9, by="mai", at=archive.clock())
    assert ("search.asked", "kết hôn") in {(access.deed, access.purpose) for access in seen}
