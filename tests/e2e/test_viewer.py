"""The words of an archived page, marked and copied in a real browser's own PDF viewer."""

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.unit.ocr import scans
from tests.unit.ocr.test_textlayer import LAID, LINES, kept, lines_of_words

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# Print previews and assistive programs ask the viewer in this way.
COPY_ALL = """async () => {
    const viewer = document.querySelector("embed");
    const copied = new Promise(tell => window.addEventListener("message", ({data}) => {
        if (data.type === "getSelectedTextReply" && data.selectedText) tell(data.selectedText);
    }));
    const asking = setInterval(() => {
        viewer.postMessage({type: "selectAll"});
        viewer.postMessage({type: "getSelectedText"});
    }, 100);
    return copied.finally(() => clearInterval(asking));
}"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and says nothing about it."""

    def log_message(self, *_said: object) -> None:
        return


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    serve = functools.partial(Quiet, directory=tmp_path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        yield opened
        opened.close()


@pytest.mark.parametrize(("turn", "skew"), LAID)
def test_chromium_copies_every_vietnamese_letter(
    turn: int, skew: float, tmp_path: Path, address: str, browser: Browser
) -> None:
    scan = scans.a_picture_pdf(tmp_path / "scan.pdf", scans.white())
    kept(scan, lines_of_words(turn, skew))
    viewer = '<embed src="kept.pdf" type="application/pdf" width="900" height="900">'
    (tmp_path / "index.html").write_text(viewer)
    page = browser.new_page()
    page.goto(address)
    copied = page.evaluate(COPY_ALL)
    page.close()
    assert [line.strip() for line in copied.splitlines()] == LINES
