"""A PDF is written whole, or the disk's refusal is an error like any other."""

import os
from pathlib import Path

import pikepdf
import pytest

from hoso.errors import says_full
from hoso.imaging.saving import opened_for_pdf
from tests.disks import small_disk


def a_document(*, kibibytes: int) -> pikepdf.Pdf:
    made = pikepdf.new()
    made.add_blank_page()
    made.Root.Held = made.make_stream(os.urandom(kibibytes * 1024))
    return made


def test_a_document_is_written_as_the_library_would(tmp_path: Path) -> None:
    document, ours, theirs = a_document(kibibytes=40), tmp_path / "ours", tmp_path / "theirs"

    with opened_for_pdf(ours) as file:
        document.save(file, deterministic_id=True)
    document.save(theirs, deterministic_id=True)

    assert ours.read_bytes() == theirs.read_bytes()


@pytest.mark.parametrize("kibibytes", [5, 40, 4000])  # as it is closed, and in the middle of it
def test_a_full_disk_is_an_error_and_does_not_end_the_process(
    tmp_path: Path, kibibytes: int
) -> None:
    with (
        small_disk(tmp_path / "full", kibibytes=4) as full,
        pytest.raises(OSError) as refused,  # noqa: PT011  # which one, is asked below
        opened_for_pdf(full / "document.pdf") as file,
    ):
        a_document(kibibytes=kibibytes).save(file)

    assert says_full(refused.value)
