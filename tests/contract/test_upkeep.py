"""What every object store promises to whoever checks, repairs and prunes it."""

import io
from datetime import UTC, datetime, timedelta

import pytest

from hoso.errors import ObjectDamaged, ObjectMissing
from hoso.storage.fixity import checked
from hoso.storage.store import ObjectStore

PAPER = b"paper" * 1000
NEVER_KEPT = "0" * 64
HOUR = timedelta(hours=1)


def test_it_is_known_when_an_object_was_put(store: ObjectStore) -> None:
    stored = store.put(io.BytesIO(PAPER))

    assert abs(store.kept_at(stored.sha256) - datetime.now(UTC)) < HOUR


def test_what_is_set_aside_is_gone_from_its_place_and_can_be_put_again(store: ObjectStore) -> None:
    stored = store.put(io.BytesIO(PAPER))

    store.set_aside(stored.sha256)

    assert list(store.keys()) == []
    with pytest.raises(ObjectMissing):
        store.size(stored.sha256)
    store.put(io.BytesIO(PAPER))
    with store.open(stored.sha256) as source:
        assert source.read() == PAPER


def test_an_old_object_is_removed(store: ObjectStore) -> None:
    stored = store.put(io.BytesIO(PAPER))

    assert store.remove(stored.sha256, unless_put_since=datetime.now(UTC) + HOUR)

    assert list(store.keys()) == []


def test_an_object_that_was_put_since_is_spared(store: ObjectStore) -> None:
    stored = store.put(io.BytesIO(PAPER))

    assert not store.remove(stored.sha256, unless_put_since=datetime.now(UTC) - HOUR)

    assert store.size(stored.sha256) == len(PAPER)


def test_what_was_never_kept_can_be_neither_set_aside_nor_removed(store: ObjectStore) -> None:
    with pytest.raises(ObjectMissing):
        store.kept_at(NEVER_KEPT)
    with pytest.raises(ObjectMissing):
        store.set_aside(NEVER_KEPT)
    with pytest.raises(ObjectMissing):
        store.remove(NEVER_KEPT, unless_put_since=datetime.now(UTC))


def test_a_copy_that_is_not_what_it_should_be_is_never_kept(store: ObjectStore) -> None:
    with pytest.raises(ObjectDamaged):
        store.put(checked(io.BytesIO(PAPER), NEVER_KEPT))

    assert list(store.keys()) == []
