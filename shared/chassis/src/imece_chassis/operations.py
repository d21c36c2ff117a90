"""The operator's port of a process: /livez, /readyz and /metrics, nothing else."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from imece_chassis.telemetry.metrics import exposition

Check = Callable[[], Awaitable[None]]


class OperationsApp:
    """A raw ASGI application. `checks` raise when the process is not ready; their names are shown."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        path = scope["path"]
        if path == "/metrics":
            accept = dict(scope["headers"]).get(b"accept", b"").decode("latin-1")
            body, content_type = exposition(accept)
            await _answer(send, 200, body, content_type)
        elif path == "/livez":
            await _answer(send, 200, b"alive\n")
        elif path == "/readyz":
            failed = [name for name, check in self._checks.items() if not await _holds(check)]
            text = "not ready: " + ", ".join(failed) if failed else "ready"
            await _answer(send, 503 if failed else 200, text.encode() + b"\n")
        else:
            await _answer(send, 404, b"not found\n")


async def _holds(check: Check) -> bool:
    try:
        await check()
    except Exception:  # noqa: BLE001 - whatever it is, the process is not ready
        return False
    return True


async def _answer(
    send: Any, status: int, body: bytes, content_type: str = "text/plain; charset=utf-8"
) -> None:
    headers = [(b"content-type", content_type.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
