"""Every route, walked without credentials and with every role. A new route must be written here."""

import re
from collections.abc import Iterator
from http import HTTPStatus

import httpx
import pytest

from hoso.archive_api import accounts
from hoso.archive_api.accounts import Role
from hoso.archive_api.app import create_app
from hoso.archive_api.permission import SESSION_COOKIE, routes_of
from hoso.wiring import Archive
from tests.builders import COUNTER, OFFICE, SetClock, a_session, a_token, an_archive
from tests.databases import MigratedDatabase
from tests.serving import a_client, served

STAFF = {Role.CLERK, Role.OFFICER, Role.SUPERVISOR, Role.ADMIN}
OFFICERS = STAFF - {Role.CLERK}
COUNTER_STAFF = STAFF - {Role.OFFICER}
AT_A_DESK = ANY_ACCOUNT = STAFF | {Role.DEVICE}
PUBLIC: set[Role] = set()

API = {
    "GET /api/v1/openapi.json": PUBLIC,
    "POST /api/v1/scans": COUNTER_STAFF,
    "GET /api/v1/scans/{batch_id}": STAFF,
    "POST /api/v1/scans/{batch_id}/claims": COUNTER_STAFF,
    "GET /api/v1/scans/{batch_id}/pages/{place}.webp": STAFF,
    "POST /api/v1/dossiers": COUNTER_STAFF,
    "GET /api/v1/dossiers": STAFF,
    "GET /api/v1/dossiers/{code}": STAFF,
    "GET /api/v1/dossiers/{code}/slip.pdf": STAFF,
    "GET /api/v1/dossiers/{code}/bundle.pdf": STAFF,
    "GET /api/v1/dossiers/{code}/trail": STAFF,
    "PUT /api/v1/dossiers/{code}/components/{requirement}": COUNTER_STAFF,
    "POST /api/v1/dossiers/{code}/status": STAFF,
    "GET /api/v1/components/{component_id}": STAFF,
    "PATCH /api/v1/components/{component_id}": STAFF,
    "GET /api/v1/components/{component_id}/fields": STAFF,
    "PUT /api/v1/components/{component_id}/fields/{key}": STAFF,
    "GET /api/v1/components/{component_id}/marks": STAFF,
    "POST /api/v1/components/{component_id}/marks": STAFF,
    "POST /api/v1/components/{component_id}/move": COUNTER_STAFF,
    "PUT /api/v1/components/{component_id}/result": STAFF,
    "POST /api/v1/components/{component_id}/marks/{mark}/lift": STAFF,
    "GET /api/v1/components/{component_id}/original": STAFF,
    "GET /api/v1/components/{component_id}/file": STAFF,
    "GET /api/v1/components/{component_id}/text": STAFF,
    "GET /api/v1/components/{component_id}/pages/{place}.webp": STAFF,
    "GET /api/v1/duplicates": STAFF,
    "PUT /api/v1/duplicates/{question}": STAFF,
    "POST /api/v1/lookups": STAFF,
    "GET /api/v1/people/{person_id}": STAFF,
    "GET /api/v1/people/{person_id}/accesses": STAFF,
    "POST /api/v1/people/{person_id}/aliases": OFFICERS,
    "DELETE /api/v1/people/{person_id}/aliases/{alias_id}": OFFICERS,
    "POST /api/v1/people/{person_id}/merges": OFFICERS,
    "DELETE /api/v1/people/{person_id}/merges/{merge_id}": OFFICERS,
    "GET /api/v1/desks": ANY_ACCOUNT,
    "POST /api/v1/desks/{desk}/scans": AT_A_DESK,
    "POST /api/v1/desks/{desk}/scans:batch": AT_A_DESK,
    "GET /api/v1/search": STAFF,
    "POST /api/v1/search": STAFF,
    "GET /api/v1/reports/savings": OFFICERS,
    "GET /api/v1/procedures": STAFF,
    "GET /api/v1/component-types": STAFF,
    "GET /api/v1/session": ANY_ACCOUNT,
    "GET /api/v1/track/{token}": PUBLIC,
    "GET /livez": PUBLIC,
    "GET /readyz": PUBLIC,
    "GET /version": PUBLIC,
    "GET /metrics": PUBLIC,  # to this machine, or with its token: test_operating.py
}

PAGES = {
    "GET /sign-in": PUBLIC,
    "POST /sign-in": PUBLIC,
    "POST /sign-out": ANY_ACCOUNT,
    "GET /": AT_A_DESK,
    "POST /find": STAFF,
    "GET /dossiers": STAFF,
    "GET /dossiers/new": COUNTER_STAFF,
    "POST /dossiers/new": COUNTER_STAFF,
    "POST /dossiers": COUNTER_STAFF,
    "GET /dossiers/{code}": STAFF,
    "GET /dossiers/{code}/components/{component_id}/text": STAFF,
    "POST /dossiers/{code}/holdings": COUNTER_STAFF,
    "POST /dossiers/{code}/reuse": COUNTER_STAFF,
    "POST /dossiers/{code}/status": STAFF,
    "GET /papers/{component_id}": STAFF,
    "POST /papers/{component_id}/description": STAFF,
    "POST /papers/{component_id}/marks": STAFF,
    "POST /papers/{component_id}/marks/{mark}/lift": STAFF,
    "GET /review": STAFF,
    "POST /review": STAFF,
    "POST /review/move": COUNTER_STAFF,
    "GET /review/duplicates": STAFF,
    "GET /review/duplicates/{question}": STAFF,
    "POST /review/duplicates/{question}": STAFF,
    "GET /scans/{batch_id}": STAFF,
    "GET /scans/{batch_id}/progress": STAFF,
    "POST /scans/{batch_id}/claims": COUNTER_STAFF,
    "GET /lookup": STAFF,
    "POST /lookup": STAFF,
    "GET /people/{person_id}": STAFF,
    "GET /people/{person_id}/accesses": STAFF,
    "POST /people/{person_id}/aliases": OFFICERS,
    "POST /people/{person_id}/aliases/{alias_id}/remove": OFFICERS,
    "POST /people/{person_id}/merges": OFFICERS,
    "POST /people/{person_id}/merges/{merge_id}/undo": OFFICERS,
    "GET /search": STAFF,
    "POST /search": STAFF,
    "POST /search/page": STAFF,
    "GET /desk": AT_A_DESK,
    "GET /reports/savings": OFFICERS,
    "GET /reports/savings.csv": OFFICERS,
    "GET /track/{token}": PUBLIC,
    "ANY /static": PUBLIC,
}

ROUTES = {**API, **PAGES}
GUARDED = [route for route, roles in ROUTES.items() if roles]


@pytest.fixture(scope="module")
def archive(
    tmp_path_factory: pytest.TempPathFactory, migrated_database: MigratedDatabase
) -> Iterator[Archive]:
    """One archive for all routes: nothing here changes it."""
    with an_archive(tmp_path_factory.mktemp("data"), migrated_database, SetClock()) as made:
        yield made


@pytest.fixture(scope="module")
def address(archive: Archive) -> Iterator[str]:
    with served(create_app(archive)) as at:
        yield at


@pytest.fixture(scope="module")
def clients(archive: Archive, address: str) -> Iterator[dict[Role, httpx.Client]]:
    made = {role: a_client(address, a_token(archive, role, desk=COUNTER)) for role in Role}
    yield made
    for client in made.values():
        client.close()


@pytest.fixture
def stranger(address: str) -> Iterator[httpx.Client]:
    with a_client(address) as client:
        yield client


def ask(client: httpx.Client, route: str, **how: object) -> httpx.Response:
    """The route with something plausible in every place of its path."""
    method, _, path = route.partition(" ")
    known = {"desk": COUNTER, "place": "1", "code": "H57.22.10-261126-0001"}
    filled = re.sub(r"{(\w+)}", lambda name: known.get(name[1], "0" * 32), path)
    return client.request(method.replace("ANY", "GET"), filled, **how)  # type: ignore[arg-type]


def test_the_table_names_every_route_of_the_application(archive: Archive) -> None:
    routes = {
        f"{method} {route.path}"
        for route in routes_of(create_app(archive))
        for method in (route.methods or {"ANY"}) - {"HEAD"}
    }

    assert routes == set(ROUTES)


@pytest.mark.parametrize("route", GUARDED)
def test_nobody_gets_in_without_credentials(route: str, stranger: httpx.Client) -> None:
    answer = ask(stranger, route)

    if route in API:
        assert answer.status_code == HTTPStatus.UNAUTHORIZED
        assert answer.json()["code"] == "sign_in_needed"
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    else:
        assert answer.status_code == HTTPStatus.SEE_OTHER
        assert answer.headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize("route", GUARDED)
def test_every_role_gets_in_where_the_table_says_so(
    route: str, clients: dict[Role, httpx.Client]
) -> None:
    answered = {role: ask(clients[role], route).status_code for role in Role}

    forbidden = {role for role, status in answered.items() if status == HTTPStatus.FORBIDDEN}
    assert forbidden == set(Role) - ROUTES[route]
    assert not {HTTPStatus.UNAUTHORIZED, HTTPStatus.INTERNAL_SERVER_ERROR} & set(answered.values())


@pytest.mark.parametrize("route", [route for route, roles in ROUTES.items() if not roles])
def test_public_routes_ask_for_nothing(route: str, stranger: httpx.Client) -> None:
    answer = ask(stranger, route)

    assert "sign_in_needed" not in answer.text
    assert not answer.headers.get("Location", "").startswith("/sign-in")
    assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR


@pytest.mark.parametrize("route", GUARDED)
def test_a_token_nobody_gave_out_opens_nothing(route: str, address: str) -> None:
    with a_client(address, "hoso_guessed") as client:
        answer = ask(client, route)

    assert answer.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.SEE_OTHER}


@pytest.mark.parametrize("route", [route for route in GUARDED if not route.startswith("GET")])
def test_a_page_may_change_nothing_without_its_form_token(
    route: str, archive: Archive, stranger: httpx.Client
) -> None:
    stranger.cookies[SESSION_COOKIE], _ = a_session(archive, Role.ADMIN)

    for forged in ({}, {"headers": {"x-form-token": "guessed"}}, {"params": {"form_token": "đ"}}):
        assert ask(stranger, route, **forged).status_code == HTTPStatus.FORBIDDEN


def test_a_page_with_its_form_token_may(archive: Archive, stranger: httpx.Client) -> None:
    cookie, form_token = a_session(archive, Role.CLERK)
    stranger.cookies[SESSION_COOKIE] = cookie
    lookup = {"citizen_id": "001185012345", "purpose": "Kết hôn"}

    by_header = stranger.post("/api/v1/lookups", json=lookup, headers={"x-form-token": form_token})
    by_query = stranger.post("/api/v1/lookups", json=lookup, params={"form_token": form_token})

    assert by_header.status_code == by_query.status_code == HTTPStatus.OK


def test_another_pages_form_token_is_refused(archive: Archive, stranger: httpx.Client) -> None:
    cookie, _ = a_session(archive, Role.CLERK)
    _, other = a_session(archive, Role.CLERK)
    stranger.cookies[SESSION_COOKIE] = cookie

    answer = stranger.post("/api/v1/lookups", json={}, headers={"x-form-token": other})

    assert answer.json()["code"] == "page_forged"


def test_a_session_that_ran_out_is_nobodys(
    archive: Archive, address: str, stranger: httpx.Client
) -> None:
    cookie, _ = a_session(archive, Role.CLERK, hours=0)
    stranger.cookies[SESSION_COOKIE] = cookie

    assert stranger.get("/api/v1/session").status_code == HTTPStatus.UNAUTHORIZED


def test_a_closed_account_opens_nothing_by_token_or_cookie(
    archive: Archive, address: str, stranger: httpx.Client
) -> None:
    token = a_token(archive, Role.CLERK, name="leaver")
    with archive.database.write() as session:
        cookie = accounts.start_session(session, "leaver", at=archive.clock(), hours=1)
        accounts.close_account(session, "leaver", by="test", at=archive.clock())
    stranger.cookies[SESSION_COOKIE] = cookie

    assert stranger.get("/api/v1/session").status_code == HTTPStatus.UNAUTHORIZED
    with a_client(address, token) as by_token:
        assert by_token.get("/api/v1/session").status_code == HTTPStatus.UNAUTHORIZED


def test_a_new_password_ends_open_sessions(archive: Archive, stranger: httpx.Client) -> None:
    a_token(archive, Role.CLERK, name="changer")
    with archive.database.write() as session:
        cookie = accounts.start_session(session, "changer", at=archive.clock(), hours=1)
        accounts.set_password(session, "changer", "một mật khẩu dài", by="test", at=archive.clock())
    stranger.cookies[SESSION_COOKIE] = cookie

    assert stranger.get("/api/v1/session").status_code == HTTPStatus.UNAUTHORIZED


def test_a_device_may_not_speak_for_another_desk(clients: dict[Role, httpx.Client]) -> None:
    scan = {"event_id": "a-reader-1", "code": "x"}

    answer = clients[Role.DEVICE].post(f"/api/v1/desks/{OFFICE}/scans", json=scan)

    assert answer.json()["code"] == "role_not_allowed"
