import io
import os
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import pytest

from hoso.errors import ObjectMissing, StoreChangedOnTheWay
from hoso.storage.copies import Copies


class FarObjects:
    """A far store that counts how often it is asked."""

    def __init__(self, *contents: bytes) -> None:
        self.contents = {sha256(content).hexdigest(): content for content in contents}
        self.keys = list(self.contents)
        self.asked = 0

    def open(self, key: str) -> BinaryIO:
        self.asked += 1
        if key not in self.contents:
            raise ObjectMissing(sha256=key)
        return io.BytesIO(self.contents[key])


def copies_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.suffix != ".lock"}


def test_many_who_want_the_same_object_at_once_fetch_it_once(tmp_path: Path) -> None:
    far, copies = FarObjects(b"paper"), Copies(tmp_path, most_bytes=1000)

    def read(_: int) -> bytes:
        with copies.copy_of(far.keys[0], far.open) as path:
            return path.read_bytes()

    with ThreadPoolExecutor(16) as threads:
        assert set(threads.map(read, range(64))) == {b"paper"}
    assert far.asked == 1


def test_the_longest_unused_copy_makes_room(tmp_path: Path) -> None:
    far, copies = FarObjects(b"a" * 40, b"b" * 40, b"c" * 40), Copies(tmp_path, most_bytes=100)
    for age, key in enumerate(far.keys[:2]):
        with copies.copy_of(key, far.open) as path:
            os.utime(path, (1000 - age, 1000 - age))

    with copies.copy_of(far.keys[2], far.open):
        pass

    assert copies_in(tmp_path) == {far.keys[0], far.keys[2]}


def test_a_copy_in_use_is_not_removed_for_want_of_room(tmp_path: Path) -> None:
    far, copies = FarObjects(b"a" * 40, b"b" * 40), Copies(tmp_path, most_bytes=0)

    with copies.copy_of(far.keys[0], far.open) as used:
        with copies.copy_of(far.keys[1], far.open):
            pass
        assert used.read_bytes() == b"a" * 40

    assert copies_in(tmp_path) == set()


def test_bytes_that_are_not_the_object_s_leave_no_copy(tmp_path: Path) -> None:
    far, copies = FarObjects(b"paper"), Copies(tmp_path, most_bytes=1000)
    far.contents[far.keys[0]] = b"changed"

    with pytest.raises(StoreChangedOnTheWay), copies.copy_of(far.keys[0], far.open):
        pass

    assert copies_in(tmp_path) == set()


def test_what_a_kill_left_half_fetched_is_removed_a_day_later(tmp_path: Path) -> None:
    far, copies = FarObjects(b"paper"), Copies(tmp_path, most_bytes=1000)
    (tmp_path / "old").write_bytes(b"pap")
    os.utime(tmp_path / "old", (1000, 1000))
    (tmp_path / "young").write_bytes(b"pap")

    with copies.copy_of(far.keys[0], far.open):
        pass

    assert copies_in(tmp_path) == {far.keys[0], "young"}


def test_copies_of_papers_are_their_owner_s_alone(tmp_path: Path) -> None:
    far, copies = FarObjects(b"paper"), Copies(tmp_path / "copies", most_bytes=1000)

    with copies.copy_of(far.keys[0], far.open) as path:
        assert path.stat().st_mode & 0o077 == 0
    assert copies.folder.stat().st_mode & 0o077 == 0
