"""One whole story in a real browser: sign in, receive, scan with progress, find, hand over."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.e2e.service import Office, free_port, serving
from tests.waiting import until

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SAMPLE = Path("hoso/scanner_ingest/sample/stack.pdf")
CITIZEN_ID, NAME = "092192498929", "Trịnh Thị Oanh"
PASSWORD = "mat-khau-rat-dai"
# Pictures of every screen are kept here when it is set, to be looked at.
SCREENSHOTS = os.environ.get("HOSO_TEST_SCREENSHOTS")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "data", free_port())
    made.hoso("user", "add", "lan", "--role", "clerk", "--full-name", "Nguyễn Thị Lan",
              "--desk", "counter-1", "--password", PASSWORD)  # fmt: skip
    with serving(made):
        yield made


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        opened = browser.new_page(viewport={"width": 1366, "height": 900}, locale="vi-VN")
        opened.set_default_timeout(60_000)
        expect.set_options(timeout=60_000)
        yield opened
        browser.close()


def test_a_clerk_does_the_main_job_in_the_browser(office: Office, page: Page) -> None:
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)

    _sign_in(office, page)
    code = _receive(office, page)
    _scan_with_progress(page)
    _look_at_the_paper(page)
    _find_its_words(office, page)
    _look_the_owner_up(office, page)
    _hand_over(office, page, code)
    _track_as_a_citizen(office, page, code)
    assert problems == []


def _sign_in(office: Office, page: Page) -> None:
    page.goto(office.address)
    expect(page).to_have_url(re.compile("/sign-in"))
    _look(page, "sign-in")
    page.fill("#name", "lan")
    page.fill("#password", PASSWORD)
    page.click("button[type=submit]")
    expect(page).to_have_url(re.compile(rf"^{office.address}/$"))
    _look(page, "home")


def _receive(office: Office, page: Page) -> str:
    page.goto(f"{office.address}/dossiers/new")
    page.fill("#number", CITIZEN_ID)
    page.fill("#owner_name", NAME)
    page.fill("[data-picks=procedure]", "khai sinh")
    page.select_option("#procedure", "1.001193")
    _look(page, "new-dossier")
    page.click("main button[type=submit]")
    expect(page.locator("main")).to_contain_text("Giấy chứng nhận kết hôn")
    _look(page, "checklist")
    page.click("main form button[type=submit]")
    expect(page).to_have_url(re.compile(r"/dossiers/H57\.22\.10-\d{6}-\d{4}"))
    code = page.locator("h1 .number").inner_text()
    slip = page.request.get(f"{office.address}/api/v1/dossiers/{code}/slip.pdf")
    assert slip.headers["content-type"] == "application/pdf"
    return code


def _scan_with_progress(page: Page) -> None:
    page.set_input_files("#file", str(SAMPLE))
    page.click("#scan button[type=submit]")
    expect(page.locator("#scanning")).to_contain_text(re.compile("stack.pdf|trang"))
    _look(page, "scanning")
    expect(page.locator("#papers .is-held")).to_have_count(3, timeout=120_000)


def _look_at_the_paper(page: Page) -> None:
    page.goto(page.url.partition("?")[0])
    pictures = page.locator("#papers img")
    expect(pictures).to_have_count(4)  # one of them is the birth attestation's blank back
    pictures.evaluate_all("all => all.forEach(picture => { picture.loading = 'eager' })")
    drawn = "all => all.every(picture => picture.naturalWidth > 0)"
    until(lambda: pictures.evaluate_all(drawn), 60)
    _look(page, "dossier")
    page.locator("#papers summary").first.click()
    expect(page.locator("#papers .govuk-details__text").first).to_contain_text("CỘNG HÒA")


def _find_its_words(office: Office, page: Page) -> None:
    page.goto(f"{office.address}/search?q=giay+chung+nhan+ket+hon")
    expect(page.locator("main")).to_contain_text("KẾT HÔN")
    _look(page, "search")


def _look_the_owner_up(office: Office, page: Page) -> None:
    page.goto(f"{office.address}/lookup")
    page.fill("#number", CITIZEN_ID)
    page.fill("#purpose", "đăng ký khai sinh con thứ hai")
    page.click("main button[type=submit]")
    expect(page.locator("main")).to_contain_text("Giấy chứng nhận kết hôn")
    assert CITIZEN_ID not in page.url
    _look(page, "lookup")


def _hand_over(office: Office, page: Page, code: str) -> None:
    page.goto(f"{office.address}/desk?desk=counter-1")
    page.select_option("#to", "justice-office")
    page.locator("#code").press_sequentially(code)
    page.keyboard.press("Enter")
    expect(page.locator("[data-banner-word]")).to_have_text("Đã giao")
    _look(page, "desk")
    page.goto(f"{office.address}/desk?desk=justice-office")
    page.locator("#code").press_sequentially(code)
    page.keyboard.press("Enter")
    expect(page.locator("[data-banner-word]")).to_have_text("Đã nhận")
    page.goto(f"{office.address}/dossiers/{code}")
    expect(page.locator("#trail")).to_contain_text("Bộ phận Tư pháp")


def _track_as_a_citizen(office: Office, page: Page, code: str) -> None:
    link = page.locator("a[href^='/track/']").get_attribute("href")
    page.context.clear_cookies()
    page.goto(f"{office.address}{link}")
    expect(page.locator("main")).to_contain_text(code)
    expect(page.locator("main")).not_to_contain_text(NAME)
    _look(page, "track")


def _look(page: Page, name: str) -> None:
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=True)
