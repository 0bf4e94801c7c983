"""The whole main job through real commands and a real server, on degraded scans of known text."""

import io
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from pdf2image import convert_from_bytes

from hoso.barcode.code import SeparatorLabel
from hoso.barcode.read import read_codes
from hoso.barcode.sheets import SeparatorSheet, separator_sheets_pdf
from tests.databases import Kind, empty_database
from tests.e2e.service import Office, free_port, serving
from tests.paper.degrade import Quality, blank_back, light, scan
from tests.paper.render import Paper, pixels_of, render_paper
from tests.paper.stack import ScanPage, write_pdf
from tests.waiting import until

SEED = 7
MARRIAGE, FORM = "marriage_certificate", "birth_registration_form"
SHEET_NUMBERS = {MARRIAGE: 1004, FORM: 1026}
BIRTH = "1.001193"

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Staff:
    """Clients signed in with access tokens."""

    clerk: httpx.Client
    counter: httpx.Client
    justice: httpx.Client
    back: httpx.Client
    stranger: httpx.Client


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, database_kind: Kind) -> Iterator[Office]:
    """An office whose first command finds no table yet."""
    folder = tmp_path_factory.mktemp("office")
    with empty_database(database_kind, folder) as url:
        yield Office(folder / "data", free_port(), url)


@pytest.fixture(scope="module")
def staff(office: Office) -> Iterator[Staff]:
    office.hoso("user", "add", "lan", "--role", "clerk", "--full-name", "Nguyễn Thị Lan",
                "--password", "mat-khau-rat-dai")  # fmt: skip
    tokens = [office.hoso("user", "token", "lan")]
    tokens += [
        office.hoso("device", "add", f"may-{desk}", "--desk", desk)
        for desk in ("counter-1", "justice-office", "return")
    ]
    clients = [
        httpx.Client(
            base_url=office.address,
            headers={"Authorization": f"Bearer {token.strip()}"} if token else {},
            timeout=30,
        )
        for token in (*tokens, "")
    ]
    with serving(office):
        yield Staff(*clients)
    for client in clients:
        client.close()


@pytest.fixture(scope="module")
def papers() -> dict[str, Paper]:
    return {kind: render_paper(kind, SEED) for kind in (MARRIAGE, FORM)}


@pytest.fixture(scope="module")
def stack(papers: dict[str, Paper], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Separator, marriage certificate (skew, noise, JPEG, seal), blank back, separator, form."""
    pages: list[ScanPage] = []
    for kind, paper in papers.items():
        pages.append(light(_separator(kind), SEED))
        pages += scan(paper, Quality.MEDIUM, SEED)
        if kind == MARRIAGE:
            pages.append(blank_back(SEED, bleed_of=paper.pages[0]))
    path = tmp_path_factory.mktemp("stack") / "Chồng giấy của chị Oanh.pdf"
    write_pdf(pages, path)
    return path


def _separator(kind: str) -> Any:
    label = SeparatorLabel(SHEET_NUMBERS[kind])
    return pixels_of(separator_sheets_pdf([SeparatorSheet(label, kind)]))[0]


def test_a_stack_of_paper_from_the_scanner_to_the_returned_result(
    office: Office, staff: Staff, papers: dict[str, Paper], stack: Path
) -> None:
    fields = papers[MARRIAGE].fields
    first = _received(staff, fields)

    batch = _taken_in(staff, stack, first["code"])
    assert [item["type"] for item in batch["components"]] == [MARRIAGE, "application_form"]
    assert batch["unclaimed"] == []
    assert [page["place"] for page in batch["pages"] if page["blank"]] == [3]
    marriage = batch["components"][0]
    assert marriage["pages"] == 2  # its blank back is flagged and stays with it
    judged = {page["place"]: page["quality"] for page in batch["pages"]}
    assert judged[3] is None
    assert (judged[2]["verdict"], judged[2]["findings"]) == ("good", [])

    _the_same_bytes_again_are_known(staff, stack, batch["id"])
    _the_text_is_found_and_can_be_copied(staff, office, marriage, fields, first["code"])
    _the_original_is_untouched_and_the_copy_is_stamped(staff, stack, marriage, first["code"])
    _the_slip_reads_back(office, staff, first)
    _the_bundle_begins_with_the_slip(staff, first["code"])

    second = _received_again_without_the_paper(office, staff, fields, marriage["id"])
    assert second != first["code"]

    _handed_over(staff, first["code"])
    _returned(office, staff, first)
    assert "nguyên vẹn" in office.hoso("verify-log")
    assert office.hoso_json("fsck")["changed"] == []


def _received(staff: Staff, fields: dict[str, Any]) -> dict[str, Any]:
    answer = staff.clerk.post(
        "/api/v1/dossiers",
        json={
            "procedure": BIRTH,
            "citizen_id": fields["citizen_id"],
            "owner_name": fields["owner_name"],
            "submitter": {"name": "Hồ Đức Lộc", "phone": "0900 000 000"},
            "desk": "counter-1",
        },
        headers={"Idempotency-Key": "lan-1"},
    )
    assert answer.status_code == 201, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


def _taken_in(staff: Staff, stack: Path, code: str) -> dict[str, Any]:
    answer = staff.clerk.post(
        "/api/v1/scans",
        files={"file": (stack.name, stack.read_bytes(), "application/pdf")},
        data={"dossier": code},
    )
    assert answer.status_code == 202, answer.text
    assert answer.json()["already"] is False
    href = answer.json()["href"]
    until(lambda: staff.clerk.get(href).json()["state"] == "finished", 120)
    shown: dict[str, Any] = staff.clerk.get(href).json()
    return shown


def _the_same_bytes_again_are_known(staff: Staff, stack: Path, batch: str) -> None:
    again = staff.clerk.post("/api/v1/scans", files={"file": ("khac.pdf", stack.read_bytes())})
    assert (again.status_code, again.json()["already"], again.json()["batch"]) == (200, True, batch)


def _the_text_is_found_and_can_be_copied(
    staff: Staff, office: Office, marriage: dict[str, Any], fields: dict[str, Any], code: str
) -> None:
    hits = staff.clerk.get("/api/v1/search", params={"q": fields["owner_name"]}).json()["items"]
    assert marriage["id"] in {hit["component"] for hit in hits}
    assert all(hit["exact"] and hit["boxes"] for hit in hits)
    bare = office.hoso_json("search", "giay", "chung", "nhan", "ket", "hon")
    assert marriage["id"] in {hit["component"] for hit in bare}
    archived = staff.clerk.get(
        f"/api/v1/components/{marriage['id']}/file", params={"purpose": code}
    ).content
    text = subprocess.run(
        ["pdftotext", "-", "-"], input=archived, capture_output=True, check=True
    ).stdout.decode()
    front, back = text.split("\f")[:2]
    assert str(fields["paper_number"]) in front
    assert back == ""  # the blank back is kept, and nothing is read into it


def _the_original_is_untouched_and_the_copy_is_stamped(
    staff: Staff, stack: Path, marriage: dict[str, Any], code: str
) -> None:
    at = f"/api/v1/components/{marriage['id']}"
    original = staff.clerk.get(f"{at}/original", params={"purpose": code})
    assert original.content == stack.read_bytes()
    assert marriage["stamp"] == "read_back"
    assert code in _codes_on_first_page(staff.clerk.get(f"{at}/file?purpose={code}").content)
    picture = staff.clerk.get(f"{at}/pages/1.webp", params={"purpose": code})
    assert picture.headers["content-type"] == "image/webp"


def _the_slip_reads_back(office: Office, staff: Staff, first: dict[str, Any]) -> None:
    target = office.data_dir / "giay-hen.pdf"
    office.hoso("slip", first["code"], "-o", str(target))
    read = {code["text"] for code in office.hoso_json("codes", str(target))}
    assert {first["code"], first["tracking_url"]} <= read
    served = staff.clerk.get(f"/api/v1/dossiers/{first['code']}/slip.pdf")
    assert served.content == target.read_bytes()


def _the_bundle_begins_with_the_slip(staff: Staff, code: str) -> None:
    at = f"/api/v1/dossiers/{code}"
    until(lambda: staff.clerk.get(at).json()["bundle"], 60)
    assert code in _codes_on_first_page(staff.clerk.get(f"{at}/bundle.pdf").content)


def _received_again_without_the_paper(
    office: Office, staff: Staff, fields: dict[str, Any], marriage: str
) -> str:
    """Another dossier of the same owner, found by citizen id, reuses the component."""
    found = office.hoso_json(
        "lookup", "-", "--procedure", BIRTH, "--purpose", "đăng ký khai sinh con thứ hai",
        stdin=f"{fields['citizen_id']}\n",
    )  # fmt: skip
    held = next(item for item in found["checklist"] if item["key"] == MARRIAGE)
    assert (held["standing"], held["component"]) == ("held", marriage)
    refused = staff.clerk.post(
        "/api/v1/lookups", json={"citizen_id": fields["citizen_id"], "purpose": " "}
    )
    assert refused.json()["code"] == "purpose_missing"
    answer = staff.clerk.post(
        "/api/v1/dossiers",
        json={
            "procedure": BIRTH,
            "citizen_id": fields["citizen_id"],
            "owner_name": fields["owner_name"],
            "reuse": {MARRIAGE: marriage},
        },
    )
    assert answer.status_code == 201, answer.text
    line = next(item for item in answer.json()["requirements"] if item["key"] == MARRIAGE)
    assert (line["component"], line["reused"]) == (marriage, True)
    return str(answer.json()["code"])


def _handed_over(staff: Staff, code: str) -> None:
    def scanned(device: httpx.Client, desk: str, event: str, **more: str) -> str:
        body = {"event_id": f"{event}-{code}", "code": code, **more}
        return str(device.post(f"/api/v1/desks/{desk}/scans", json=body).json()["outcome"])

    assert scanned(staff.counter, "counter-1", "giao-1", to="justice-office") == "accepted"
    assert scanned(staff.back, "return", "nham-1") == "wrong_desk"
    assert scanned(staff.justice, "justice-office", "nhan-1") == "accepted"
    assert scanned(staff.justice, "justice-office", "nhan-1") == "duplicate"
    assert scanned(staff.justice, "justice-office", "giao-2") == "accepted"
    assert scanned(staff.back, "return", "nhan-2") == "accepted"


def _returned(office: Office, staff: Staff, first: dict[str, Any]) -> None:
    code = first["code"]
    for status in ("4", "9", "10"):
        office.hoso("status", code, status)
    trail = office.hoso_json("track", code)
    assert trail["holder"] == "return"
    assert [visit["desk"] for visit in trail["visits"]] == ["counter-1", "justice-office", "return"]
    assert [hop["to_desk"] for hop in trail["hops"]] == ["justice-office", "return"]
    assert trail["punctuality"] in {"early", "on_time"}
    token = first["tracking_url"].rpartition("/")[2]
    public = staff.stranger.get(f"/api/v1/track/{token}").json()
    assert public["step"] == "Đã trả kết quả"
    shown = json.dumps(public, ensure_ascii=False)
    assert first["owner_name"] not in shown
    assert first["owner"] not in shown


def _codes_on_first_page(pdf: bytes) -> set[str]:
    image = convert_from_bytes(io.BytesIO(pdf).getvalue(), dpi=200, last_page=1, grayscale=True)[0]
    return {code.text for code in read_codes(np.asarray(image), 200)}
