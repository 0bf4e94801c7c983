"""What named documents promise, in a folder and in a bucket."""

import subprocess
import sys
from pathlib import Path

import pytest

from hoso.errors import BackupPlaceBusy
from hoso.storage.documents import Documents
from hoso.storage.opening import open_documents, within
from tests.contract.stores import SPOOLED
from tests.waiting import until


@pytest.fixture
def url(store_url: str) -> str:
    """The address of a place without documents."""
    if store_url.startswith(SPOOLED):
        pytest.skip("documents are not spooled")
    return within(store_url, "documents")


@pytest.fixture
def documents(url: str) -> Documents:
    return open_documents(url)


def test_a_document_is_found_by_its_name(documents: Documents) -> None:
    documents.write("b.json", b"second")
    documents.write("a.json", b"first")

    assert documents.names() == ["a.json", "b.json"]
    assert documents.read("b.json") == b"second"


def test_writing_again_replaces_it(documents: Documents) -> None:
    documents.write("a.json", b"old")
    documents.write("a.json", b"new")

    assert documents.read("a.json") == b"new"


def test_a_removed_document_is_gone_and_removing_it_again_is_harmless(
    documents: Documents,
) -> None:
    documents.write("a.json", b"first")
    for _ in range(2):
        documents.remove("a.json")

    assert documents.names() == []


def test_one_has_it_alone_and_then_the_next(documents: Documents, url: str) -> None:
    with documents.alone():
        documents.write("a.json", b"first")
        with pytest.raises(BackupPlaceBusy), open_documents(url).alone():
            pass
        assert documents.names() == ["a.json"]
    with open_documents(url).alone():
        pass


def test_who_is_killed_has_it_no_longer(url: str, tmp_path: Path) -> None:
    if url.startswith("s3:"):
        pytest.skip("there it is a lease of a quarter of an hour")
    marker = tmp_path / "has-it"
    with subprocess.Popen([sys.executable, "-c", _HAS_IT, url, str(marker)]) as other:
        until(marker.exists, 60)
        with pytest.raises(BackupPlaceBusy), open_documents(url).alone():
            pass
        other.kill()

    with open_documents(url).alone():
        pass


_HAS_IT = """
import sys, threading
from pathlib import Path
from hoso.storage.opening import open_documents
with open_documents(sys.argv[1]).alone():
    Path(sys.argv[2]).touch()
    threading.Event().wait()
"""
