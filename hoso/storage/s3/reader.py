"""An object read from a server as if it were a file: any part of it, and on after a lost line."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from urllib3.exceptions import HTTPError, ProtocolError

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

From = Callable[[int], "BaseHTTPResponse"]
"""Asks the server for the object from that byte on."""

# Losses without a byte in between; a line that gives something each time is worth going on with.
_LOSSES_IN_A_ROW = 3


class ObjectReader(io.RawIOBase):
    """Reads sequentially; a seek or a lost connection costs one more request.

    The first request is made at once, so that a missing object is known when it is opened.
    Closing gives the connection back: whole to the pool when all was read, else ended.
    """

    def __init__(self, read_from: From, faults: Callable[[], AbstractContextManager[None]]) -> None:
        super().__init__()
        self._read_from, self._faults = read_from, faults
        with faults():
            self._response: BaseHTTPResponse | None = read_from(0)
        self._size = int(self._response.headers["Content-Length"])
        self._position = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """The place of the next byte, from 0."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Go to a place; the server is asked when something is read there."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("before the first byte")
        if start + offset != self._position:
            self._let_go()
            self._position = start + offset
        return self._position

    def readinto(self, buffer: Any, /) -> int:
        """The next bytes, at most as many as the buffer holds; 0 at the end."""
        view = memoryview(buffer).cast("B")
        wanted = min(len(view), self._size - self._position)
        if wanted <= 0:
            return 0
        with self._faults():
            piece = self._next(wanted)
        view[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def close(self) -> None:
        """Give the connection back."""
        if not self.closed:
            self._let_go()
        super().close()

    def _next(self, wanted: int) -> bytes:
        """At least one byte; goes on in the middle when the connection is lost there."""
        losses = 0
        while True:
            response = self._response = self._response or self._read_from(self._position)
            try:
                if piece := bytes(response.read(wanted)):
                    return piece
                raise ProtocolError("the server ended in the middle")
            except HTTPError:
                self._let_go()
                losses += 1
                if losses > _LOSSES_IN_A_ROW:
                    raise

    def _let_go(self) -> None:
        response, self._response = self._response, None
        if response is not None:
            response.close()
            response.release_conn()
