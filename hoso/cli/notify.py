"""Tells systemd how a service stands: the few words of sd_notify(3), without a library.

Where nobody listens (no NOTIFY_SOCKET in the environment) every word is dropped.
"""

import os
import socket

READY = "READY=1"
STOPPING = "STOPPING=1"
ALIVE = "WATCHDOG=1"
ALIVE_EVERY_SECONDS = 5.0
"""Far more often than the units' WatchdogSec asks for."""


def tell_systemd(word: str) -> None:
    """Send one word; a service does not stop because nobody hears it."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):  # a name without a file, as containers are given
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
            line.sendto(word.encode(), address)
    except OSError:
        return
