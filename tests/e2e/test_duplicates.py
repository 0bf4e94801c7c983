"""A paper that really comes in three times: scanned, scanned again badly, and saved anew."""

import io
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from playwright.sync_api import expect, sync_playwright

from tests.e2e.service import Office, free_port, serving
from tests.paper.degrade import Quality, scan
from tests.paper.render import Paper, render_paper
from tests.paper.stack import write_pdf
from tests.waiting import until

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SCREENSHOTS = os.environ.get("HOSO_TEST_SCREENSHOTS")
KIND, SEED, READ_SECONDS = "marital_status_certificate", 31, 120.0
PASSWORD = "mat-khau-rat-dai"

pytestmark = pytest.mark.slow


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path / "data", free_port())
    made.hoso("user", "add", "lan", "--role", "clerk", "--full-name", "Nguyễn Thị Lan",
              "--desk", "counter-1", "--password", PASSWORD)  # fmt: skip
    with serving(made):
        yield made


@pytest.fixture
def clerk(office: Office) -> Iterator[httpx.Client]:
    token = office.hoso("user", "token", "lan").strip()
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"{office.address}/api/v1", headers=headers, timeout=60) as client:
        yield client


def test_a_paper_that_came_in_again_is_asked_about_and_taken_for_one(
    office: Office, clerk: httpx.Client, tmp_path: Path
) -> None:
    paper = render_paper(KIND, SEED)
    first, second, saved = tmp_path / "1.pdf", tmp_path / "2.pdf", tmp_path / "3.jpg"
    write_pdf(scan(paper, Quality.LIGHT, 1), first)
    write_pdf(scan(paper, Quality.HARD, 2), second)
    _save_anew(scan(paper, Quality.LIGHT, 1)[0].pixels, saved)
    others = tmp_path / "4.pdf"
    write_pdf(scan(render_paper(KIND, SEED + 1), Quality.LIGHT, 3), others)

    code = _received(clerk, paper)
    batches = [_scan_in(clerk, path, code) for path in (first, second, saved, others)]
    until(lambda: all(_is_done(clerk, batch) for batch in batches), READ_SECONDS)
    until(lambda: len(clerk.get("/duplicates").json()) == 3, READ_SECONDS)

    asked = clerk.get("/duplicates").json()
    pairs = {frozenset((each["newer"], each["older"])) for each in asked}
    assert len(frozenset.union(*pairs)) == 3, "the other person's form is in none of them"
    assert all({"words", "figures"} <= set(each["agrees"]) for each in asked)
    if CHROMIUM:
        _answer_by_key(office)
        # What is known to be the same is not asked about again.
        assert len(clerk.get("/duplicates").json()) == 1


def _save_anew(pixels: Any, path: Path) -> None:
    file = io.BytesIO()
    Image.fromarray(pixels[:, :, ::-1]).save(file, "PNG")
    Image.open(file).save(path, "JPEG", quality=60, dpi=(300, 300))


def _received(clerk: httpx.Client, paper: Paper) -> str:
    given = {
        "procedure": "1.000894",
        "citizen_id": paper.fields["citizen_id"],
        "owner_name": paper.fields["owner_name"],
    }
    answer = clerk.post("/dossiers", json=given)
    answer.raise_for_status()
    return str(answer.json()["code"])


def _scan_in(clerk: httpx.Client, path: Path, code: str) -> str:
    with path.open("rb") as file:
        answer = clerk.post(
            "/scans", files={"file": file}, data={"dossier": code, "component_type": KIND}
        )
    answer.raise_for_status()
    return str(answer.json()["batch"])


def _is_done(clerk: httpx.Client, batch: str) -> bool:
    return bool(clerk.get(f"/scans/{batch}").json()["state"] == "finished")


def _answer_by_key(office: Office) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1366, "height": 900}, locale="vi-VN")
        page.set_default_timeout(60_000)
        expect.set_options(timeout=60_000)
        page.goto(office.address)
        page.fill("#name", "lan")
        page.fill("#password", PASSWORD)
        page.click("button[type=submit]")
        page.goto(f"{office.address}/review/duplicates")
        expect(page.locator("#ask-title")).to_be_visible()
        if SCREENSHOTS:
            page.locator(".marked-page img").first.evaluate("image => image.decode()")
            page.wait_for_load_state("networkidle")
            page.screenshot(path=Path(SCREENSHOTS) / "duplicates.png", full_page=True)
        first = page.locator("form[action*='/review/duplicates/']").get_attribute("action")
        page.keyboard.press("1")
        page.wait_for_function(
            "before => !document.querySelector(`form[action='${before}']`)", arg=first
        )
        browser.close()
