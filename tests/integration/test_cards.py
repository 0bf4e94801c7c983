"""A card scanned while receiving: what it confirms is kept with the owner, its text nowhere."""

import json
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus

import httpx
import pytest
from sqlalchemy import select, text

from hoso.archive_api.accounts import Role
from hoso.audit.log import AuditEntry
from hoso.db import is_sqlite
from hoso.dossier import owners, paper_fields, receive
from hoso.dossier.asking import Ask, AskReason
from hoso.dossier.cards import Card
from hoso.dossier.confirming import confirm_by_card
from hoso.dossier.numbers import CitizenId
from hoso.dossier.receive import NewDossier
from hoso.dossier.tables import Component, Dossier, Owner, OwnerAlias
from hoso.ocr.explaining import explain_component
from hoso.ocr.words import Word
from hoso.wiring import Archive
from tests.builders import COUNTER, MARITAL_STATUS, NOW, Interrupted, a_component, a_dossier
from tests.integration.test_explaining import fields_of, keep_words
from tests.paper.render import read_perfectly
from tests.unit.barcode.garbling import WESTERN

AClient = Callable[..., httpx.Client]

NUMBER, NAME, BORN = "001185012345", "Nguyễn Thị Lan", date(1985, 3, 5)
ADDRESS = "thôn Đoài, xã Ea Kiết"
CARD = f"{NUMBER}|012345678|{NAME}|05031985|Nữ|{ADDRESS}|02072021"
OF_CARD = (NUMBER, "012345678", "Ea Kiết", "05031985", "1985-03-05", "02072021")


def card(said: str = CARD) -> Card:
    return Card.read(said, today=NOW.date())


def received(archive: Archive, scanned: Card, *, name: str = NAME) -> Dossier:
    new = NewDossier(
        procedure=MARITAL_STATUS,
        owner_number=scanned.number,
        owner_name=name,
        card=scanned,
        asked_again={
            key: Ask(AskReason.OWNER_WISHES) for key in ("application_form", "end_of_marriage")
        },
    )
    with archive.database.write() as session:
        return receive.receive(
            session, new, desk=COUNTER, by="clerk", receiver="Mai", at=archive.clock()
        )


def owner_of(archive: Archive, number: str = NUMBER) -> Owner:
    with archive.database.read() as session:
        found = owners.find(session, CitizenId(number))
    assert found is not None
    return found


def entries(archive: Archive) -> list[AuditEntry]:
    with archive.database.read() as session:
        seen = select(AuditEntry).where(AuditEntry.action == "owner.card_seen")
        return list(session.scalars(seen.order_by(AuditEntry.number)))


def rows_of(archive: Archive, *, but: str = "") -> str:
    """Every row of every table."""
    with archive.database.read() as session:
        names = (
            "SELECT name FROM sqlite_master WHERE type = 'table'"
            if is_sqlite(session)
            else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        )
        return "\n".join(
            str(row)
            for table in session.execute(text(names)).scalars().all()
            if table != but
            for row in session.execute(text(f'SELECT * FROM "{table}"'))  # noqa: S608  # its own tables
        )


def aliases_of(archive: Archive) -> list[str]:
    with archive.database.read() as session:
        return list(session.scalars(select(OwnerAlias.number)))


# Kept --------------------------------------------------------------------------------------------


def test_what_a_card_vouches_for_is_kept_with_its_owner(archive: Archive) -> None:
    received(archive, card())

    owner = owner_of(archive)

    assert (owner.birth_date, owner.card_seen_by) == (BORN, "clerk")
    assert owner.card_seen_at == archive.clock()
    (entry,) = entries(archive)
    assert (entry.subject, entry.facts["confirmed"]) == (owner.id, True)


def test_nothing_else_of_the_card_is_anywhere_in_the_database(archive: Archive) -> None:
    received(archive, card())

    assert ADDRESS not in rows_of(archive)
    assert "012345678|" not in rows_of(archive)
    for somebodys in OF_CARD:
        assert somebodys not in rows_of(archive, but="owner")
    assert not aliases_of(archive)


def test_a_typed_number_confirms_nobody(archive: Archive) -> None:
    a_dossier(archive)
    assert (owner_of(archive).birth_date, entries(archive)) == (None, [])


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (CARD.replace("Nữ", "Nam"), NAME),
        (CARD.replace("05031985", "05031986"), NAME),
        (CARD, "Lê Văn Bảy"),
        (CARD.replace("ị", "\ufffd"), NAME),
    ],
)
def test_a_card_that_contradicts_itself_or_the_name_on_file_confirms_nothing(
    archive: Archive, said: str, name: str
) -> None:
    received(archive, card(said), name=name)

    owner = owner_of(archive)

    assert (owner.birth_date, owner.card_seen_at) == (None, None)
    (entry,) = entries(archive)
    assert entry.facts["confirmed"] is False


def test_a_later_card_holds_and_the_log_says_that_it_differed(archive: Archive) -> None:
    received(archive, card())
    received(archive, card(CARD.replace("05031985", "06031985")))

    assert owner_of(archive).birth_date == date(1985, 3, 6)
    assert [entry.facts["birth_date_differs"] for entry in entries(archive)] == [False, True]


def test_killed_before_the_commit_nothing_of_the_card_is_kept(archive: Archive) -> None:
    a_dossier(archive)
    with suppress(Interrupted), archive.database.write() as session:
        owner = owners.find(session, CitizenId(NUMBER))
        assert owner is not None
        assert confirm_by_card(session, owner, card(), by="clerk", at=archive.clock())
        raise Interrupted

    assert (owner_of(archive).birth_date, entries(archive)) == (None, [])


def test_anothers_card_confirms_nobody(archive: Archive) -> None:
    a_dossier(archive)
    others = card(CARD.replace(NUMBER, "001185012346"))
    with archive.database.write() as session:
        owner = owners.find(session, CitizenId(NUMBER))
        assert owner is not None
        assert not confirm_by_card(session, owner, others, by="clerk", at=archive.clock())
    assert owner_of(archive).birth_date is None


# Over HTTP ---------------------------------------------------------------------------------------


def send(client: httpx.Client, **fields: object) -> httpx.Response:
    return client.post("/api/v1/dossiers", json={"procedure": MARITAL_STATUS, **fields})


@pytest.mark.parametrize("garbled", [CARD, WESTERN["cp1252"](CARD), f"]Q1{CARD}|x|y\r\n"])
def test_a_dossier_is_received_by_the_owners_card_alone(
    archive: Archive, client: AClient, garbled: str
) -> None:
    answer = send(client(Role.CLERK), card=garbled)

    assert answer.status_code == HTTPStatus.CREATED
    shown = answer.json()
    assert (shown["owner_name"], shown["warnings"]) == (NAME, [])
    assert shown["owner_card_seen_at"] is not None
    assert owner_of(archive).birth_date == BORN


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"card": CARD, "citizen_id": NUMBER}, "request_malformed"),
        ({"card": CARD, "tax_code": "0366941366"}, "request_malformed"),
        ({"card": CARD.replace("|012345678", "")}, "card_qr_malformed"),
        ({"card": NUMBER}, "card_qr_malformed"),
        ({"card": CARD.replace("0011850", "0012850")}, "citizen_id_born_in_future"),
        ({"card": CARD + "|" + "x" * 2000}, "request_malformed"),
        ({"card": ""}, "request_malformed"),
        ({"citizen_id": NUMBER}, "owner_name_missing"),
    ],
)
def test_a_card_that_cannot_be_used_is_refused_without_a_word_of_it(
    archive: Archive, client: AClient, fields: dict[str, str], code: str
) -> None:
    answer = send(client(Role.CLERK), **fields)

    assert (answer.status_code, answer.json()["code"]) == (HTTPStatus.UNPROCESSABLE_ENTITY, code)
    for somebodys in (*OF_CARD, NAME, "Lan"):
        assert somebodys not in answer.text
    with archive.database.read() as session:
        assert session.scalars(select(Owner)).all() == []


@pytest.mark.parametrize(
    ("said", "warnings"),
    [
        (CARD.replace("Lan", "Loan"), ["owner_name_differs"]),
        (CARD.replace("Nữ", "Nam"), ["card_sex_differs"]),
        (CARD.replace("ị", "?"), ["card_letters_damaged", "owner_name_differs"]),
    ],
)
def test_the_clerk_is_warned_of_a_card_unlike_what_is_on_file(
    archive: Archive, client: AClient, said: str, warnings: list[str]
) -> None:
    a_dossier(archive)

    shown = send(client(Role.CLERK), card=said).json()

    assert shown["warnings"] == warnings
    assert (shown["owner_name"], shown["owner_card_seen_at"]) == (NAME, None)


def test_the_clerk_is_warned_of_another_birth_date_than_an_earlier_cards(
    archive: Archive, client: AClient
) -> None:
    received(archive, card())
    shown = send(client(Role.CLERK), card=CARD.replace("05031985", "06031985")).json()
    assert shown["warnings"] == ["owner_birth_date_differs"]


def test_the_same_card_sent_twice_receives_one_dossier(archive: Archive, client: AClient) -> None:
    clerk = client(Role.CLERK)
    clerk.headers["Idempotency-Key"] = "scanned-once"
    first, again = send(clerk, card=CARD).json(), send(clerk, card=CARD).json()
    assert first == again
    assert "Ea Kiết" not in rows_of(archive)


def test_no_log_line_says_anything_of_a_card(
    archive: Archive, client: AClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        clerk = client(Role.CLERK)
        send(clerk, card=CARD)
        send(clerk, card=CARD.replace("05031985", "30021985"))
        send(clerk, card=CARD, citizen_id=NUMBER)
    lines = [record.__dict__ for record in caplog.records]
    said = json.dumps(lines, default=repr, ensure_ascii=False)
    assert "/api/v1/dossiers" in said
    for somebodys in (*OF_CARD, "Nguyễn", "Đoài", "Lan"):
        assert somebodys not in said


# Papers ------------------------------------------------------------------------------------------


KIND = "marital_status_certificate"


@dataclass(frozen=True)
class Read:
    """A paper that was read well, and the card of the one whom it names."""

    card: Card
    words: list[list[Word]]


@pytest.fixture(scope="module")
def paper() -> Read:
    known, words = read_perfectly(KIND, 3)
    born = date.fromisoformat(str(known["birth_date"]))
    number = CitizenId(str(known["citizen_id"]))
    return Read(Card(number, str(known["owner_name"]), born, None, ()), words)


def explained(archive: Archive, dossier: Dossier, paper: Read) -> Component:
    component = a_component(archive, dossier, KIND)
    keep_words(archive, component, paper.words)
    explain_component(archive.workbench, component.id)
    return component


def states(archive: Archive, component: Component) -> dict[str, str]:
    found = {key: row.state for key, row in fields_of(archive, component).items()}
    return {key: found[key] for key in ("citizen_id", "owner_name", "birth_date")}


TYPED = {"citizen_id": "matched", "owner_name": "matched", "birth_date": "read"}
CONFIRMED = dict.fromkeys(TYPED, "agreed")


def test_a_number_read_from_a_paper_is_confirmed_by_the_owners_card(
    archive: Archive, paper: Read
) -> None:
    dossier = received(archive, paper.card, name=paper.card.name)
    assert states(archive, explained(archive, dossier, paper)) == CONFIRMED


def test_a_number_that_was_only_typed_is_matched_and_not_confirmed(
    archive: Archive, paper: Read
) -> None:
    dossier = a_dossier(archive, owner=paper.card.number, owner_name=paper.card.name)
    assert states(archive, explained(archive, dossier, paper)) == TYPED


def test_a_card_scanned_later_confirms_the_papers_that_were_read_before(
    archive: Archive, paper: Read
) -> None:
    dossier = a_dossier(archive, owner=paper.card.number, owner_name=paper.card.name)
    component = explained(archive, dossier, paper)
    decided = explained(archive, dossier, paper)
    with archive.database.write() as session:
        paper_fields.decide(
            session, archive.jobs, decided.id, "birth_date", "1999-01-01",
            by="mai", at=archive.clock(),
        )  # fmt: skip

    received(archive, paper.card, name=paper.card.name)

    assert states(archive, component) == CONFIRMED
    assert states(archive, decided)["birth_date"] == "corrected"


def test_a_paper_of_somebody_else_is_not_confirmed_by_the_owners_card(
    archive: Archive, paper: Read
) -> None:
    component = explained(archive, received(archive, card()), paper)
    assert set(states(archive, component).values()) == {"read"}
