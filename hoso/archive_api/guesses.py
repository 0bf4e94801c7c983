"""Wrong passwords by the address they come from: one address may try few, whatever the accounts.

Counted in this process's memory: cheap, forgotten at a restart, and each web process counts for
itself. The limit of each account (`accounts.MOST_FAILURES`) is in the database and holds for all.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from starlette.requests import Request

from hoso.archive_api.accounts import FAILURE_WINDOW
from hoso.errors import SignInTooOften

# A whole office may stand behind one address: thirty people who each mistype twice are no attack.
MOST_FAILURES_OF_AN_ADDRESS: Final = 60
_MOST_ADDRESSES: Final = 10_000
_OF_ONE_SUBSCRIBER: Final = 64  # bits of an IPv6 address

Networks = Sequence[IPv4Network | IPv6Network]


class Guesses:
    """Counts failures; the longest unused address is forgotten when there are too many."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures: OrderedDict[str, tuple[datetime, int]] = OrderedDict()

    def check(self, address: str, *, at: datetime) -> None:
        """Raises SignInTooOften where an address has failed too often within a quarter hour."""
        with self._lock:
            since, failures = self._failures.get(address, (at, 0))
        if failures >= MOST_FAILURES_OF_AN_ADDRESS and at - since <= FAILURE_WINDOW:
            raise SignInTooOften(minutes=int(FAILURE_WINDOW.total_seconds() // 60))

    def count(self, address: str, *, at: datetime) -> None:
        """Count a failure; the quarter hour begins with the first one."""
        with self._lock:
            since, failures = self._failures.pop(address, (at, 0))
            if at - since > FAILURE_WINDOW:
                since, failures = at, 0
            self._failures[address] = since, failures + 1
            if len(self._failures) > _MOST_ADDRESSES:
                self._failures.popitem(last=False)


def address_of(request: Request, proxies: Networks) -> str:
    """Whom to count for: the client's address, or of an IPv6 one the subscriber's network.

    What X-Forwarded-For says is believed from its end on, as long as a proxy of ours wrote it.
    """
    peer = request.client.host if request.client else ""
    said = request.headers.get("x-forwarded-for", "")
    route = [*(hop.strip() for hop in said.split(",") if hop.strip()), peer]
    address = route.pop()
    while route and _is_within(address, proxies):
        address = route.pop()
    return _subscriber(address)


def _is_within(address: str, networks: Networks) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)


def _subscriber(address: str) -> str:
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"  # what a client made up is no key of its own
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(ip_network((parsed, _OF_ONE_SUBSCRIBER), strict=False))
    return str(parsed)
