"""Faults of the machine as those who ask hear of them."""

import errno
from http import HTTPStatus

import httpx
import pytest
from fastapi import FastAPI

from hoso.archive_api import problems
from hoso.archive_api.pages.refusals import refusal_page
from tests.serving import served


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (errno.ENOSPC, HTTPStatus.SERVICE_UNAVAILABLE),
        (errno.EDQUOT, HTTPStatus.SERVICE_UNAVAILABLE),
        (errno.EIO, HTTPStatus.INTERNAL_SERVER_ERROR),
    ],
    ids=["full", "quota", "broken"],
)
def test_a_full_disk_is_said_wherever_it_is_met(
    number: int, status: HTTPStatus, caplog: pytest.LogCaptureFixture
) -> None:
    app = FastAPI()
    problems.install(app, as_page=refusal_page)

    @app.get("/api/v1/anything")
    def anything() -> None:
        raise OSError(number, "met by a library")

    with served(app) as address, caplog.at_level("CRITICAL"):
        answer = httpx.get(f"{address}/api/v1/anything")

    assert answer.status_code == status
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        assert answer.json()["code"] == "store_full"
