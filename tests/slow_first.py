"""A pytest plug-in: slow tests begin first, so that no core waits at the end for one of them."""

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put tests marked `slow` first; within both kinds the order stays as it was."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
