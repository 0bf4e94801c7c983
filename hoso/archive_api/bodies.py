"""Bodies are read into memory before anybody is asked who they are: none may be large."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# A desk's thousand kept scans, the largest body there is, with every letter escaped.
MOST_BYTES = 4 * 1024 * 1024


class BodyLimit:
    """ASGI middleware; `streamed` names the paths that count and keep their bodies themselves."""

    def __init__(self, app: ASGIApp, streamed: frozenset[str]) -> None:
        self.app = app
        self.streamed = streamed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; its body is cut off, and the request refused, at the limit."""
        if scope["type"] != "http" or scope["path"] in self.streamed:
            await self.app(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > MOST_BYTES:
                # Not an error of ours: FastAPI would take it for a body that does not parse.
                detail = f"body > {MOST_BYTES} bytes"
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)
            return message

        await self.app(scope, counted, send)
