"""The main story with everything logged: the logs tell what happened and about nobody."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.builders import BIRTH
from tests.e2e.service import START_SECONDS, Office, free_port, is_ready
from tests.waiting import until

SAMPLE = Path("hoso/scanner_ingest/sample/stack.pdf")
OWNER, NUMBER, PHONE = "Trịnh Thị Oanh", "092192498929", "0912345678"
STREET = "thôn Đoài, xã Ea Kiết"
CARD = f"{NUMBER}|012345678|{OWNER}|05031992|Nữ|{STREET}|02072021"
FILE = "Trinh Thi Oanh 092192498929.pdf"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "data", free_port())


@contextmanager
def logging_to(office: Office, log: Path) -> Iterator[None]:
    """`hoso serve` with its worker and a watched folder, all it says kept in a file."""
    wanted = {
        "HOSO_LOG_LEVEL": "DEBUG",
        "HOSO_LOG_FORMAT": "json",
        "HOSO_WATCH_DIR": str(office.data_dir.parent / "scans"),
    }
    with log.open("wb") as target:
        server = subprocess.Popen(
            [sys.executable, "-m", "hoso", "serve"],
            env={**office.environment, **wanted},
            stdout=subprocess.DEVNULL,
            stderr=target,
            start_new_session=True,
        )
    try:
        until(lambda: is_ready(office.address), START_SECONDS)
        yield
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)


@pytest.mark.slow
def test_logs_of_the_main_story_tell_about_nobody(office: Office, tmp_path: Path) -> None:
    log = tmp_path / "service.log"
    (tmp_path / "scans").mkdir()
    with logging_to(office, log):
        office.hoso("user", "add", "lan", "--role", "clerk", stdin="mật khẩu dài\nmật khẩu dài\n")
        token = re.search(r"hoso_\S+", office.hoso("user", "token", "lan"))
        assert token is not None
        clerk = httpx.Client(
            base_url=office.address, headers={"Authorization": f"Bearer {token[0]}"}, timeout=60
        )
        with clerk:
            _the_story(clerk)
            _what_goes_wrong(clerk, office)
            (tmp_path / "scans" / f"{OWNER}.pdf").write_bytes(b"no pdf")
            until(lambda: list((tmp_path / "scans" / "failed").glob("*.txt")), 60)

    said = log.read_text(encoding="utf-8")
    lines = [json.loads(line) for line in said.splitlines()]
    assert {"listening", "request", "scan refused"} <= {line["event"] for line in lines}
    assert all("request" in line for line in lines if line["logger"] == "hoso.request")
    for somebodys in (
        NUMBER,
        PHONE,
        "Oanh",
        "Trịnh",
        "Đoài",
        "05031992",
        FILE,
        "mật khẩu",
        token[0],
    ):
        assert somebodys not in said
    assert "track/" not in said.replace("/track/{token}", "")


def _the_story(clerk: httpx.Client) -> None:
    received = clerk.post(
        "/api/v1/dossiers",
        json={
            "procedure": BIRTH,
            "card": CARD,
            "submitter": {"name": OWNER, "phone": PHONE},
        },
    )
    assert received.status_code == 201, received.text
    dossier = received.json()
    sent = clerk.post(
        "/api/v1/scans",
        files={"file": (FILE, SAMPLE.read_bytes())},
        data={"dossier": dossier["code"]},
    )
    assert sent.status_code == 202, sent.text
    until(lambda: clerk.get(sent.json()["href"]).json()["state"] == "finished", 180)
    found = clerk.post("/api/v1/lookups", json={"citizen_id": NUMBER, "purpose": OWNER})
    assert found.json()["components"]
    assert clerk.get("/api/v1/search", params={"q": OWNER}).status_code == 200
    tracked = dossier["tracking_url"].rpartition("/")[2]
    assert clerk.get(f"/api/v1/track/{tracked}").status_code == 200
    assert clerk.get(f"/api/v1/dossiers/{dossier['code']}/slip.pdf").status_code == 200


def _what_goes_wrong(clerk: httpx.Client, office: Office) -> None:
    assert clerk.get(f"/api/v1/people/{NUMBER}").status_code == 404
    assert clerk.post("/api/v1/lookups", json={"citizen_id": OWNER}).status_code == 422
    assert clerk.get("/api/v1/track/no-such-token").status_code == 404
    for card in (CARD.replace("|012345678", ""), CARD.replace("05031992", "31021992")):
        refused = clerk.post("/api/v1/dossiers", json={"procedure": BIRTH, "card": card})
        assert refused.json()["code"] == "card_qr_malformed"
    bad = clerk.post("/api/v1/scans", files={"file": (FILE, b"no pdf")})
    assert bad.status_code == 422
    signed_in = httpx.post(
        f"{office.address}/sign-in", data={"name": OWNER, "password": "mật khẩu sai rồi"}
    )
    assert signed_in.status_code == 401
