"""A real web server for tests: uvicorn in a thread, on a free port of the loopback address."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from fastapi import FastAPI

from tests.waiting import until


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The application's address for as long as the block lasts."""
    config = uvicorn.Config(app, port=0, log_level="error", ws="none", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="test server")
    thread.start()
    try:
        until(lambda: server.started)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def a_client(address: str, token: str | None = None) -> httpx.Client:
    """A program that speaks to the server, with an access token or without."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.Client(base_url=address, headers=headers, timeout=30)
