"""The pages, asked for over HTTP as a browser would, on a real archive."""

import re
from collections.abc import Callable, Iterator
from html import unescape

import httpx
import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from sqlalchemy import select

from hoso.archive_api import accounts
from hoso.archive_api.accounts import Role
from hoso.archive_api.pages.environment import TEMPLATES
from hoso.archive_api.pages.refusals import local_path
from hoso.archive_api.pages.translations import ENGLISH
from hoso.audit.log import AuditEntry
from hoso.dossier import attachments, components, dossiers, page_index, pages, paper_fields
from hoso.dossier.paper_fields import FieldRead
from hoso.dossier.status import Status
from hoso.dossier.tables import Component
from hoso.ocr.reading import PageReading
from hoso.scanner_ingest.tables import Batch
from hoso.wiring import Archive
from tests.builders import (
    BIRTH,
    COUNTER,
    LAN,
    MARITAL_STATUS,
    OFFICE,
    SetClock,
    a_component,
    a_dossier,
)
from tests.paper.render import read_perfectly

PASSWORD = "mật khẩu thật dài"
SignedIn = Callable[..., httpx.Client]
STAFF = (Role.CLERK, Role.OFFICER, Role.SUPERVISOR, Role.ADMIN)
VIETNAMESE_ONLY = re.compile(r"[ăđơưạ-ỹĂĐƠƯẠ-Ỹ]")


@pytest.fixture
def browser(address: str) -> Iterator[httpx.Client]:
    """A browser where nobody is signed in; it follows no redirects by itself."""
    with httpx.Client(base_url=address, headers={"Accept-Language": "vi"}, timeout=30) as made:
        yield made


@pytest.fixture
def signed_in(archive: Archive, browser: httpx.Client) -> SignedIn:
    """Signs somebody of that role in and gives the browser, which then knows its form token."""

    def sign_in(role: Role = Role.CLERK, *, desk: str | None = None) -> httpx.Client:
        open_account(archive, role, desk=desk)
        answer = send_sign_in(browser, role.value, PASSWORD)
        assert answer.status_code == 303
        return browser

    return sign_in


def open_account(archive: Archive, role: Role, *, desk: str | None = None) -> None:
    with archive.database.write() as session:
        accounts.open_account(
            session,
            role.value,
            role=role,
            password=PASSWORD,
            full_name="Trần Thu Hà",
            desk=desk,
            by="test",
            at=archive.clock(),
        )


def send_sign_in(browser: httpx.Client, name: str, password: str, **more: str) -> httpx.Response:
    return browser.post("/sign-in", data={"name": name, "password": password, **more})


def token_of(page: httpx.Response) -> str:
    found = re.search(r'name="form-token" content="([^"]+)"', page.text)
    assert found
    return found[1]


def post(browser: httpx.Client, path: str, **fields: str | list[str]) -> httpx.Response:
    """Send a form as the page would: with the form token in the action."""
    token = token_of(browser.get("/desk"))
    return browser.post(path, params={"form_token": token}, data=fields)


def entries(archive: Archive, action: str) -> list[AuditEntry]:
    with archive.database.read() as session:
        return list(session.query(AuditEntry).filter(AuditEntry.action == action))


# Signing in -----------------------------------------------------------------------------------


def test_who_is_not_signed_in_is_asked_to_and_comes_back(
    archive: Archive, browser: httpx.Client
) -> None:
    asked = browser.get("/lookup")
    assert asked.status_code == 303
    assert asked.headers["location"] == "/sign-in?next=%2Flookup"
    open_account(archive, Role.CLERK)
    answer = send_sign_in(browser, "clerk", PASSWORD, next="/lookup")
    assert answer.headers["location"] == "/lookup"
    assert browser.get("/lookup").status_code == 200


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(
    archive: Archive, browser: httpx.Client
) -> None:
    open_account(archive, Role.CLERK)
    cookie = send_sign_in(browser, "clerk", PASSWORD).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()


def test_a_wrong_password_is_said_and_counted(archive: Archive, browser: httpx.Client) -> None:
    open_account(archive, Role.CLERK)
    for _ in range(10):
        wrong = send_sign_in(browser, "clerk", "sai rồi")
        assert wrong.status_code == 401
        assert "sign_in_wrong" in wrong.text
    too_often = send_sign_in(browser, "clerk", PASSWORD)
    assert too_often.status_code == 503
    assert "15 phút" in too_often.text


def test_signing_out_ends_the_session_on_the_server_too(signed_in: SignedIn) -> None:
    browser = signed_in()
    cookie = browser.cookies["hoso_session"]
    assert post(browser, "/sign-out").headers["location"] == "/sign-in"
    browser.cookies.set("hoso_session", cookie)
    assert browser.get("/").status_code == 303


@pytest.mark.parametrize(
    "path", ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil", "", "evil"]
)
def test_signing_in_never_leads_to_another_site(path: str) -> None:
    assert local_path(path) == "/"


def test_another_site_cannot_sign_somebody_in(archive: Archive, browser: httpx.Client) -> None:
    open_account(archive, Role.CLERK)
    forged = browser.post(
        "/sign-in",
        data={"name": "clerk", "password": PASSWORD},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert forged.status_code == 403
    assert "hoso_session" not in browser.cookies


# Who may see what -----------------------------------------------------------------------------


@pytest.mark.parametrize("role", STAFF)
def test_staff_see_their_pages(archive: Archive, signed_in: SignedIn, role: Role) -> None:
    browser, row = signed_in(role), a_dossier(archive)
    for path in ("/", "/dossiers", f"/dossiers/{row.code}", "/lookup", "/search", "/desk"):
        assert browser.get(path).status_code == 200, path


def test_an_officer_receives_no_dossiers(signed_in: SignedIn) -> None:
    browser = signed_in(Role.OFFICER)
    refused = browser.get("/dossiers/new")
    assert refused.status_code == 403
    assert "role_not_allowed" in refused.text
    assert "/dossiers/new" not in browser.get("/").text


def test_a_device_has_its_own_desk_and_nothing_else(archive: Archive, signed_in: SignedIn) -> None:
    browser, row = signed_in(Role.DEVICE, desk=OFFICE), a_dossier(archive)
    assert browser.get("/").headers["location"] == "/desk"
    assert f'data-desk="{OFFICE}"' in browser.get(f"/desk?desk={COUNTER}").text
    for path in ("/lookup", "/search", "/dossiers", f"/dossiers/{row.code}", "/dossiers/new"):
        assert browser.get(path).status_code == 403, path


def test_a_form_without_its_token_is_refused(archive: Archive, signed_in: SignedIn) -> None:
    browser, row = signed_in(), a_dossier(archive)
    forged = browser.post(f"/dossiers/{row.code}/status", data={"status": "4"})
    assert forged.status_code == 403
    assert "page_forged" in forged.text
    with archive.database.read() as session:
        assert dossiers.by_code(session, row.code).status == Status.RECEIVED


def test_errors_are_pages_for_people_and_problems_for_programs(signed_in: SignedIn) -> None:
    browser = signed_in()
    page, problem = browser.get("/dossiers/KHONG-CO"), browser.get("/api/v1/dossiers/KHONG-CO")
    assert page.status_code == problem.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "dossier_unknown" in page.text
    assert problem.headers["content-type"] == "application/problem+json"


def test_no_page_runs_or_styles_anything_inline(archive: Archive, signed_in: SignedIn) -> None:
    browser, row = signed_in(), a_dossier(archive)
    for path in ("/", "/dossiers/new", f"/dossiers/{row.code}", "/desk?desk=counter-1", "/search"):
        page = browser.get(path)
        assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", page.text), path
        assert "default-src 'self'" in page.headers["content-security-policy"]


# Receiving a dossier ----------------------------------------------------------------------------


def the_checklist(browser: httpx.Client, **more: str | list[str]) -> httpx.Response:
    fields: dict[str, str | list[str]] = {"number": LAN.digits, "procedure": MARITAL_STATUS}
    return post(browser, "/dossiers/new", **fields | more)


def hidden(page: httpx.Response, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found, name
    return found[1]


CARD = f"{LAN.digits}|012345678|Nguyễn Thị Lan|05031985|Nữ|thôn Đoài, xã Ea Kiết|02072021"


def receive_by_card(browser: httpx.Client, checklist: httpx.Response) -> httpx.Response:
    return post(
        browser,
        "/dossiers",
        number=unescape(hidden(checklist, "number")),
        procedure=MARITAL_STATUS,
        owner_name=unescape(hidden(checklist, "owner_name")),
        desk=COUNTER,
        key=hidden(checklist, "key"),
    )


@pytest.mark.parametrize("scanned", [CARD, CARD.encode().decode("latin-1"), f"{CARD}|x|y\r\n"])
def test_a_card_scanned_into_the_box_names_and_confirms_the_owner(
    archive: Archive, signed_in: SignedIn, scanned: str
) -> None:
    a_dossier(archive)
    browser = signed_in()
    checklist = the_checklist(browser, number=scanned)
    assert "sinh ngày 05/03/1985" in checklist.text

    received = receive_by_card(browser, checklist)

    shown = browser.get(received.headers["location"])
    assert "Đã đối chiếu thẻ căn cước" in shown.text
    assert "Ea Kiết" not in shown.text


def test_a_card_of_another_name_than_the_numbers_is_warned_of_and_confirms_nothing(
    archive: Archive, signed_in: SignedIn
) -> None:
    a_dossier(archive)
    browser = signed_in()
    checklist = the_checklist(browser, number=CARD.replace("Lan", "Loan"))
    assert "Tên trên thẻ khác tên ghi cho số này" in checklist.text
    assert "sinh ngày" not in checklist.text

    shown = browser.get(receive_by_card(browser, checklist).headers["location"])

    assert "Đã đối chiếu thẻ căn cước" not in shown.text


def test_a_card_that_lost_a_field_is_refused_beside_the_box(signed_in: SignedIn) -> None:
    page = the_checklist(signed_in(), number=CARD.replace("|012345678", ""))
    assert 'id="number-error"' in page.text
    assert "thiếu một trường" in page.text
    assert "Ea Kiết" not in page.text  # the next scan would be typed behind it


def test_a_dossier_is_received_in_two_steps(archive: Archive, signed_in: SignedIn) -> None:
    browser = signed_in()
    checklist = the_checklist(browser, owner_name="Nguyễn Thị Lan")
    assert checklist.status_code == 200
    assert "3 ngày làm việc" in checklist.text
    received = post(
        browser,
        "/dossiers",
        number=LAN.digits,
        procedure=MARITAL_STATUS,
        owner_name="Nguyễn Thị Lan",
        desk=COUNTER,
        submitter_phone="0912 345 678",
        key=hidden(checklist, "key"),
    )
    assert received.status_code == 303
    page = browser.get(received.headers["location"]).text
    assert "Nguyễn Thị Lan" in page
    assert "0912 345 678" in page
    assert "slip.pdf" in page


def test_a_form_sent_twice_makes_one_dossier(archive: Archive, signed_in: SignedIn) -> None:
    browser = signed_in()
    form = {
        "number": LAN.digits,
        "procedure": MARITAL_STATUS,
        "owner_name": "Nguyễn Thị Lan",
        "desk": COUNTER,
        "key": hidden(the_checklist(browser, owner_name="Nguyễn Thị Lan"), "key"),
    }
    first, second = post(browser, "/dossiers", **form), post(browser, "/dossiers", **form)
    assert first.headers["location"] == second.headers["location"]


def test_a_scanned_card_fills_number_and_name(signed_in: SignedIn) -> None:
    card = f"{LAN.digits}||Nguyễn Thị Lan|01021985|Nữ|Số 1, Hoa Lư|01012022"
    page = the_checklist(signed_in(), number=card)
    assert page.status_code == 200
    assert 'value="Nguyễn Thị Lan"' in page.text


def test_a_paper_held_already_is_ticked_and_reused(archive: Archive, signed_in: SignedIn) -> None:
    earlier = a_dossier(archive)
    kept = a_component(archive, earlier, "divorce_decision")
    browser = signed_in()
    checklist = the_checklist(browser)
    box = re.search(r'name="reuse" value="([^"]+)" checked', checklist.text)
    assert box
    assert box[1].startswith(kept.id)
    received = post(
        browser,
        "/dossiers",
        number=LAN.digits,
        procedure=MARITAL_STATUS,
        owner_name=hidden(checklist, "owner_name"),
        desk=COUNTER,
        reuse=[box[1]],
    )
    code = received.headers["location"].split("/")[2].split("?")[0]
    with archive.database.read() as session:
        (attached,) = attachments.of_dossier(session, code)
    assert (attached.component_id, attached.reused) == (kept.id, True)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"number": "123", "owner_name": "A"}, "citizen_id_malformed"),
        ({"number": "123456789", "owner_name": "A"}, "old_number_unknown"),
        ({"procedure": "9.999999", "owner_name": "A"}, "procedure_unknown"),
        ({"owner_name": ""}, "owner_name_missing"),
    ],
)
def test_a_mistake_is_said_beside_the_form_that_keeps_what_was_typed(
    signed_in: SignedIn, fields: dict[str, str], code: str
) -> None:
    page = the_checklist(signed_in(), **fields)
    assert page.status_code in (404, 422)
    assert code in page.text
    assert 'class="govuk-error-message"' in page.text
    assert f'value="{fields.get("number", LAN.digits)}"' in page.text


def test_a_name_is_shown_as_text_wherever_it_stands(archive: Archive, signed_in: SignedIn) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
    row = a_dossier(archive, owner_name=evil)
    browser = signed_in()
    pages = [browser.get(path) for path in ("/", "/dossiers", f"/dossiers/{row.code}")]
    pages.append(post(browser, "/lookup", number=LAN.digits, purpose=evil))
    pages.append(post(browser, "/search", q=evil))
    pages.append(post(browser, "/find", code=evil))
    for page in pages:
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
    assert "&lt;script&gt;alert(1)" in pages[2].text


# One dossier ----------------------------------------------------------------------------------


def test_looking_at_a_dossier_and_its_texts_is_noted_with_its_purpose(
    archive: Archive, signed_in: SignedIn
) -> None:
    row = a_dossier(archive)
    paper = a_component(archive, row, "application_form")
    browser = signed_in()
    browser.get(f"/dossiers/{row.code}")
    assert browser.get(f"/dossiers/{row.code}/components/{paper.id}/text").status_code == 200
    (viewed,) = entries(archive, "dossier.viewed")
    assert (viewed.subject, viewed.actor) == (row.code, "clerk")
    (read,) = entries(archive, "component.viewed")
    assert (read.subject, read.purpose) == (paper.id, row.code)


def test_a_status_button_takes_the_dossier_on(archive: Archive, signed_in: SignedIn) -> None:
    browser, row = signed_in(Role.OFFICER), a_dossier(archive)
    done = post(browser, f"/dossiers/{row.code}/status", status="4", note="Đã thẩm định")
    assert done.status_code == 303
    page = browser.get(done.headers["location"]).text
    assert "Đang xử lý" in page
    assert "Đã thẩm định" in page


def test_papers_of_before_can_be_attached_on_the_dossiers_page(
    archive: Archive, signed_in: SignedIn
) -> None:
    kept = a_component(archive, a_dossier(archive), "divorce_decision")
    row = a_dossier(archive)
    browser = signed_in()
    offered = post(browser, f"/dossiers/{row.code}/holdings")
    assert kept.id in offered.text
    (noted,) = entries(archive, "owner.looked_up")
    assert noted.purpose == row.code
    requirement = hidden(offered, "requirement")
    post(browser, f"/dossiers/{row.code}/reuse", requirement=requirement, component=kept.id)
    with archive.database.read() as session:
        assert [one.component_id for one in attachments.of_dossier(session, row.code)] == [kept.id]


def test_the_due_state_is_a_word_and_not_only_a_colour(
    archive: Archive, signed_in: SignedIn, clock: SetClock
) -> None:
    row = a_dossier(archive, procedure=BIRTH)
    browser = signed_in()
    assert "Đến hạn hôm nay" in browser.get(f"/dossiers/{row.code}").text
    clock.at = row.due_at
    clock.advance(minutes=1)
    assert "Quá hạn" in browser.get(f"/dossiers/{row.code}").text


# Lookup, codes, search --------------------------------------------------------------------------


def test_a_lookup_needs_a_purpose_and_is_noted(archive: Archive, signed_in: SignedIn) -> None:
    a_component(archive, a_dossier(archive), "marriage_certificate")
    browser = signed_in(Role.OFFICER)
    refused = post(browser, "/lookup", number=LAN.digits, purpose=" ")
    assert refused.status_code == 422
    assert "purpose_missing" in refused.text
    found = post(browser, "/lookup", number=LAN.digits, purpose="Kiểm tra", procedure=BIRTH)
    assert "1 giấy tờ trong kho" in found.text
    assert "Giấy chứng nhận kết hôn" in found.text
    (noted,) = entries(archive, "owner.looked_up")
    assert noted.purpose == "Kiểm tra"


def test_a_persons_number_stands_in_no_address(archive: Archive, signed_in: SignedIn) -> None:
    a_dossier(archive)
    browser = signed_in()
    pages = [
        post(browser, "/lookup", number=LAN.digits, purpose="Kiểm tra"),
        post(browser, "/find", code=LAN.digits),
        the_checklist(browser),
        post(browser, "/search", q=LAN.digits),
    ]
    for page in pages:
        addresses = re.findall(r'(?:href|src|action|hx-get|hx-post)="([^"]*)"', page.text)
        assert addresses
        assert not [address for address in addresses if LAN.digits in address]


@pytest.mark.parametrize("typed", ["{code}", "{lower}", "https://hoso.example/track/{token}"])
def test_every_code_of_a_dossier_leads_to_it(
    archive: Archive, signed_in: SignedIn, typed: str
) -> None:
    row = a_dossier(archive)
    code = typed.format(code=row.code, lower=row.code.lower(), token=row.tracking_token)
    assert post(signed_in(), "/find", code=code).headers["location"] == f"/dossiers/{row.code}"


def test_a_number_in_the_box_leads_to_the_lookup(signed_in: SignedIn) -> None:
    page = post(signed_in(), "/find", code=LAN.digits)
    assert page.status_code == 200
    assert f'id="number" name="number" type="text" value="{LAN.digits}"' in page.text


def test_a_search_without_hits_says_so(signed_in: SignedIn) -> None:
    assert "Không tìm thấy trang nào" in post(signed_in(), "/search", q="không có đâu").text


def test_a_person_found_by_name_is_looked_up_without_the_number(
    archive: Archive, signed_in: SignedIn
) -> None:
    row = a_dossier(archive)
    a_component(archive, row, "marriage_certificate")
    browser = signed_in(Role.OFFICER)

    found = post(browser, "/search", q="nguyen thi lna")
    refused = post(browser, "/lookup", owner_id=row.owner_id, purpose="")
    answer = post(browser, "/lookup", owner_id=row.owner_id, purpose="Kiểm tra")

    assert LAN.masked in found.text
    assert f'name="owner_id" value="{row.owner_id}"' in found.text
    assert f'name="owner_id" value="{row.owner_id}"' in refused.text
    assert "purpose_missing" in refused.text
    assert "1 giấy tờ trong kho" in answer.text
    assert not [page for page in (found, refused, answer) if LAN.digits in page.text]
    (noted,) = entries(archive, "owner.looked_up")
    assert (noted.subject, noted.purpose) == (row.owner_id, "Kiểm tra")


def test_a_person_nobody_knows_is_not_looked_up(signed_in: SignedIn) -> None:
    answer = post(signed_in(), "/lookup", owner_id="0" * 32, purpose="Kiểm tra")

    assert answer.status_code == 404
    assert "owner_unknown" in answer.text


def test_a_search_is_narrowed_and_stays_so_on_its_next_page(
    archive: Archive, signed_in: SignedIn
) -> None:
    rows = [a_dossier(archive) for _ in range(21)]
    kept = [a_component(archive, row, "divorce_decision").id for row in rows]
    with archive.database.write() as session:
        for id_ in kept:
            paper = session.get_one(Component, id_)
            paper.pages[0].page.text = "Quyết định"
            page_index.index(session, paper.pages[0].page)
    browser, owner = signed_in(), rows[0].owner_id
    among = {"q": "quyết định", "type": "divorce_decision", "since": "2026-01-01", "until": ""}

    page = post(browser, "/search", **among, owner=owner, purpose="Kiểm tra")
    carried = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    rest = post(browser, "/search", **carried)

    assert page.text.count("Khớp cả dấu") == 20
    assert carried == {
        "q": "quyết định", "type": "divorce_decision", "since": "2026-01-01",
        "owner": owner, "purpose": "Kiểm tra", "offset": "20",
    }  # fmt: skip
    assert rest.text.count("Khớp cả dấu") == 1
    assert "purpose_missing" in post(browser, "/search", q="quyết", owner=owner).text


# Scans ------------------------------------------------------------------------------------------


def a_batch(archive: Archive, **more: object) -> Batch:
    row = Batch(
        id="b" * 32,
        sha256="a" * 64,
        size=1,
        name="tập giấy.pdf",
        kind="pdf",
        pages=2,
        signed=False,
        notices=["is_signed"],
        way_in="upload",
        taken_in_by="clerk",
        taken_in_at=archive.clock(),
        state="finished",
        report={"unclaimed": [2], "remarks": [{"place": 2, "code": "no_dossier"}]},
    )
    for name, value in more.items():
        setattr(row, name, value)
    with archive.database.write() as session:
        session.add(row)
    return row


def test_progress_asks_again_until_the_batch_is_done(archive: Archive, signed_in: SignedIn) -> None:
    browser, batch = signed_in(), a_batch(archive, state="sorted")
    part = browser.get(f"/scans/{batch.id}/progress").text
    assert 'hx-trigger="every 1s"' in part
    with archive.database.write() as session:
        session.merge(batch).state = "finished"
    done = browser.get(f"/scans/{batch.id}/progress?asked=1")
    assert "every 1s" not in done.text
    assert done.headers["hx-refresh"] == "true"


def test_pages_are_shown_as_soon_as_they_are_sorted(archive: Archive, signed_in: SignedIn) -> None:
    browser, batch = signed_in(), a_batch(archive, state="taken_in")
    assert "/progress?empty=1" in browser.get(f"/scans/{batch.id}").text
    waiting = browser.get(f"/scans/{batch.id}/progress?empty=1")
    assert "asked=1&amp;empty=1" in waiting.text
    assert "hx-refresh" not in waiting.headers
    with archive.database.write() as session:
        session.merge(batch).state = "sorted"
    assert browser.get(f"/scans/{batch.id}/progress?empty=1").headers["hx-refresh"] == "true"
    assert "hx-refresh" not in browser.get(f"/scans/{batch.id}/progress?asked=2").headers


def a_page_seen(archive: Archive, batch: Batch, place: int, verdict: str, *findings: str) -> None:
    with archive.database.write() as session:
        session.merge(batch).source = batch.sha256
        measures = {"dpi": 300.0, "skew": 0.2}
        quality = {"verdict": verdict, "findings": list(findings), "measures": measures}
        pages.see(session, batch.sha256, place, blank=False, codes=[], quality=quality)


def test_a_bad_scan_is_said_while_the_paper_is_at_hand(
    archive: Archive, signed_in: SignedIn
) -> None:
    browser, batch = signed_in(), a_batch(archive, state="sorted", pages=9)
    a_page_seen(archive, batch, 1, "good", "seal_over_text")
    a_page_seen(archive, batch, 2, "readable", "faint")
    a_page_seen(archive, batch, 3, "rescan", "blurred", "cut_off")
    part = browser.get(f"/scans/{batch.id}/progress").text
    assert part.index("Trang 3") < part.index("Trang 2")  # the worse one first
    assert "Cần quét lại" in part
    assert "Chữ bị mờ nhòe" in part
    assert "Trang 1" not in part
    page = browser.get(f"/scans/{batch.id}").text
    assert page.count("Cần quét lại") == 1
    assert "Con dấu đè lên chữ" in page


def test_only_some_bad_scans_are_listed_and_the_rest_counted(
    archive: Archive, signed_in: SignedIn
) -> None:
    browser, batch = signed_in(), a_batch(archive, state="sorted", pages=9)
    for place in range(1, 9):
        a_page_seen(archive, batch, place, "rescan", "blurred")
    part = browser.get(f"/scans/{batch.id}/progress").text
    assert part.count("Cần quét lại") == 5
    assert "và 3 trang khác" in part


def test_a_separator_out_of_focus_is_nobodys_concern(archive: Archive, signed_in: SignedIn) -> None:
    browser = signed_in()
    batch = a_batch(archive, state="sorted", report={"guides": [1]})
    a_page_seen(archive, batch, 1, "rescan", "blurred")
    assert "Cần quét lại" not in browser.get(f"/scans/{batch.id}/progress").text
    assert "Cần quét lại" not in browser.get(f"/scans/{batch.id}").text


def test_pages_that_wait_are_counted_on_the_first_page(
    archive: Archive, signed_in: SignedIn
) -> None:
    batch = a_batch(archive)
    browser = signed_in()
    assert "1 trang đang chờ xếp vào hồ sơ" in browser.get("/").text
    page = browser.get(f"/scans/{batch.id}").text
    assert "Tệp có chữ ký số" in page
    assert f'action="/scans/{batch.id}/claims' in page


def test_a_claim_without_pages_is_refused_and_keeps_what_was_typed(
    archive: Archive, signed_in: SignedIn
) -> None:
    batch = a_batch(archive)
    refused = post(
        signed_in(),
        f"/scans/{batch.id}/claims",
        dossier="H57.22.10-261126-0009",
        component_type="birth_certificate",
    )
    assert refused.status_code == 409
    assert "pages_not_unclaimed" in refused.text
    assert "H57.22.10-261126-0009" in refused.text


def test_pages_that_bear_a_title_are_ticked_and_their_kind_is_chosen(
    archive: Archive, signed_in: SignedIn
) -> None:
    source = "c" * 64
    batch = a_batch(archive, source=source, pages=3, report={"unclaimed": [1, 2, 3]})
    _, (words, *_) = read_perfectly("authorisation", 3)
    with archive.database.write() as session:
        for place in (1, 2, 3):
            page = pages.see(session, source, place, blank=False, codes=[])
            page.state = "read"
            page.reading = PageReading(tuple(words) if place == 2 else ()).to_json()

    shown = signed_in().get(f"/scans/{batch.id}").text

    assert re.findall(r'value="(\d)" id="place-\d" checked', shown) == ["2", "3"]
    assert '<option value="authorisation" selected>' in shown
    assert shown.count("Giấy ủy quyền hoặc văn bản ủy quyền</p>") == 2


# The desk and the citizen -----------------------------------------------------------------------


def test_the_browser_remembers_its_desk(signed_in: SignedIn) -> None:
    browser = signed_in()
    assert "Chọn bộ phận của bạn" in browser.get("/desk").text
    browser.get(f"/desk?desk={OFFICE}")
    assert f'data-desk="{OFFICE}"' in browser.get("/desk").text
    assert browser.get("/desk?desk=khong-co").status_code == 404


def test_tracking_is_public_and_names_nobody(archive: Archive, browser: httpx.Client) -> None:
    row = a_dossier(archive)
    page = browser.get(f"/track/{row.tracking_token}")
    assert page.status_code == 200
    assert row.code in page.text
    assert "Được tiếp nhận" in page.text
    assert "Nguyễn Thị Lan" not in page.text
    assert LAN.digits not in page.text
    assert browser.get("/track/khongcodauhet").status_code == 404


# Languages --------------------------------------------------------------------------------------


def texts_of_templates() -> set[str]:
    found = extract_from_dir(
        TEMPLATES,
        method_map=[("**.html", "jinja2")],
        options_map={"**.html": {"newstyle_gettext": "true"}},
    )
    return {text[0] if isinstance(text, tuple) else text for _, _, text, _, _ in found}


def test_every_text_has_its_english_and_no_english_is_left_over() -> None:
    with ENGLISH.open("rb") as file:
        catalogue = read_po(file, locale="en")
    english = {
        entry.id[0] if isinstance(entry.id, tuple) else entry.id: entry
        for entry in catalogue
        if entry.id
    }
    assert set(english) == texts_of_templates()
    for entry in english.values():
        said = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        assert all(said), entry.id
        assert not entry.fuzzy, entry.id
        assert not list(entry.check(catalogue)), entry.id


def test_an_english_page_is_english(signed_in: SignedIn) -> None:
    browser = signed_in()
    for path in ("/", "/lookup", "/search", "/dossiers", "/desk", "/nothing-here"):
        page = browser.get(path, params={"lang": "en"}).text
        assert '<html lang="en"' in page
        assert not VIETNAMESE_ONLY.findall(ours(page)), path


def ours(page: str) -> str:
    """The page without what an office has written itself, and without the other language's name."""
    body = re.sub(r"<select.*?</select>|Tiếng Việt|Trần Thu Hà", "", page, flags=re.DOTALL)
    return re.sub(r'office-head__office">[^<]*', "", body)


def test_the_chosen_language_is_remembered(signed_in: SignedIn) -> None:
    browser = signed_in()
    browser.get("/?lang=en")
    assert "Newest dossiers" in browser.get("/").text
    assert "page_forged" in browser.post("/search", data={"q": "x"}).text
    assert "Reload it and try again" in browser.post("/search", data={"q": "x"}).text


# Review ------------------------------------------------------------------------------------------


def doubt(archive: Archive, key: str, value: str) -> Component:
    """A paper with one field that somebody must look at."""
    component = a_component(archive, a_dossier(archive), "divorce_decision")
    read = FieldRead(key, value, 0.4, 1, (100, 200, 180, 212))
    with archive.database.write() as session:
        row = components.by_id(session, component.id, lock=True)
        paper_fields.keep_reading(session, row, None, [read], at=archive.clock())
    return component


def answer_review(page: httpx.Client, component: Component, key: str, value: str) -> httpx.Response:
    sent = {"component": component.id, "key": key, "value": value}
    return page.post(form_action(page.get("/review").text, "/review"), data=sent)


def form_action(html: str, path: str) -> str:
    found = re.search(rf'action="({path}\?[^"]+)"', html)
    assert found
    return unescape(found[1])


def test_a_doubtful_field_is_shown_with_its_reason_and_enter_confirms_it(
    archive: Archive, signed_in: SignedIn
) -> None:
    component = doubt(archive, "paper_number", "12/2026/QĐST")
    page = signed_in(Role.OFFICER)

    shown = page.get("/review").text
    answer = answer_review(page, component, "paper_number", "12/2026/QĐST")

    assert "Máy đọc chưa rõ chỗ này." in shown
    assert 'value="12/2026/QĐST"' in shown
    assert (answer.status_code, answer.headers["Location"]) == (303, "/review")
    assert "Không có gì cần kiểm tra." in page.get("/review").text
    with archive.database.read() as session:
        (row,) = paper_fields.of_component(session, component.id)
    assert (row.state, row.decided_by) == ("confirmed", "officer")


def test_an_answer_that_cannot_be_is_said_and_the_question_stays(
    archive: Archive, signed_in: SignedIn
) -> None:
    component = doubt(archive, "issued_on", "2027-01-01")
    page = signed_in()

    answer = answer_review(page, component, "issued_on", "hôm qua")

    assert answer.status_code == 422
    assert "field_value_impossible" in answer.text
    assert "01/01/2027" in answer.text
    assert "Ngày này chưa tới." in answer.text


def test_what_is_left_for_later_stays_in_the_queue(archive: Archive, signed_in: SignedIn) -> None:
    doubt(archive, "paper_number", "12/2026/QĐST")

    later = signed_in().get("/review?skip=1").text

    assert "Những chỗ còn lại đã để sau." in later


def test_every_look_at_a_question_is_kept(archive: Archive, signed_in: SignedIn) -> None:
    component = doubt(archive, "paper_number", "12/2026/QĐST")

    signed_in().get("/review")

    with archive.database.read() as session:
        seen = session.scalars(select(AuditEntry).where(AuditEntry.action == "component.viewed"))
        assert [(entry.subject, entry.purpose) for entry in seen] == [(component.id, "review")]


def test_home_says_how_much_waits_to_be_looked_at(archive: Archive, signed_in: SignedIn) -> None:
    page = signed_in()
    assert "/review" not in page.get("/").text.split("<main", 1)[1]

    doubt(archive, "paper_number", "12/2026/QĐST")

    assert "1 chỗ trên giấy tờ máy đọc chưa chắc" in page.get("/").text
