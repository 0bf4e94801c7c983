"""Wrong passwords are counted by the address they really come from."""

from datetime import timedelta
from ipaddress import ip_network

import pytest
from starlette.requests import Request

from hoso.archive_api.accounts import FAILURE_WINDOW
from hoso.archive_api.guesses import MOST_FAILURES_OF_AN_ADDRESS, Guesses, address_of
from hoso.errors import SignInTooOften
from tests.builders import NOW

PROXIES = [ip_network("10.0.0.0/8")]


def a_request(peer: str, forwarded: str = "") -> Request:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    return Request({"type": "http", "client": (peer, 1), "headers": headers})


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),  # no proxy of ours: not believed
        ("10.0.0.2", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.2", "1.2.3.4, 198.51.100.1, 10.0.0.3", "198.51.100.1"),  # 1.2.3.4 is made up
        ("10.0.0.2", "citizen 001185012345", "unknown"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),  # all of it is one subscriber's
    ],
)
def test_whom_a_guess_is_counted_for(peer: str, forwarded: str, address: str) -> None:
    assert address_of(a_request(peer, forwarded), PROXIES) == address


def test_an_address_that_fails_too_often_has_to_wait() -> None:
    guesses = Guesses()
    for _ in range(MOST_FAILURES_OF_AN_ADDRESS):
        guesses.check("203.0.113.7", at=NOW)
        guesses.count("203.0.113.7", at=NOW)

    with pytest.raises(SignInTooOften):
        guesses.check("203.0.113.7", at=NOW)
    guesses.check("203.0.113.8", at=NOW)
    guesses.check("203.0.113.7", at=NOW + FAILURE_WINDOW + timedelta(seconds=1))


def test_as_many_addresses_as_somebody_has_do_not_fill_the_memory() -> None:
    guesses = Guesses()
    for number in range(10_050):
        guesses.count(f"2001:db8:{number:x}::/64", at=NOW)

    assert len(guesses._failures) == 10_000
