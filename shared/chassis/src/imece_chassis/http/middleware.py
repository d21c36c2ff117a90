"""One pure ASGI layer around the application; it never reads ahead, never buffers, never cancels.

Whatever goes wrong before the first byte leaves as a problem document; afterwards the connection is broken
off, because a half answer must not look whole.
"""

import logging
import re
import time
from collections.abc import Mapping
from typing import Any, cast

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imece_chassis import context
from imece_chassis.http import security
from imece_chassis.http.languages import negotiate
from imece_chassis.http.problems import Problem, is_refusal, render
from imece_chassis.ids import uuid7
from imece_chassis.telemetry import metrics, tracing
from imece_chassis.telemetry.logs import log

BODY_LIMIT_BYTES = 256 * 1024
CLIENT_GONE = 499  # never sent; the status in logs when the caller left before the answer began
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_REQUEST_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{7,63}")
_QUIET = frozenset({"/livez", "/readyz", "/metrics"})

_access = logging.getLogger("imece.access")
_errors = logging.getLogger("imece.http")


class BodyTooLarge(Problem):
    """The body is larger than this service accepts.

    Bodies are limited so that one caller cannot hold the memory of all.
    """

    status = 413
    tr = "Gövde bu hizmetin kabul ettiğinden büyük"
    cause_tr = "Gövdeler sınırlıdır; tek bir çağıran herkesin belleğini tutmasın."
    detail_en = "At most {limit_bytes} bytes."
    detail_tr = "En çok {limit_bytes} bayt."
    fix_en = "Split the request; bulk routes take up to 500 lines."
    fix_tr = "İsteği bölün; toplu yollar en çok 500 satır alır."


class Edge:
    """Request id, trace, body limit, problem documents, header suite, access log and metrics in one pass."""

    def __init__(self, app: ASGIApp, *, larger_bodies: Mapping[str, int] | None = None) -> None:
        """`larger_bodies`: by regular expression of whole paths, how many bytes may be posted to them."""
        self.app = app
        self._larger_bodies = [
            (re.compile(path), limit_bytes) for path, limit_bytes in (larger_bodies or {}).items()
        ]

    def body_limit_of(self, scope: Scope) -> int:
        """How many bytes the body of this request may have."""
        if scope["method"] == "POST":
            for path, limit_bytes in self._larger_bodies:
                if path.fullmatch(scope["path"]):
                    return limit_bytes
        return BODY_LIMIT_BYTES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        method = str(scope["method"])
        if method == "HEAD":  # a copy: the server still has to know that no body may follow
            scope = {**scope, "method": "GET"}
        headers = Headers(scope=scope)
        request_id = sane_request_id(headers.get("x-request-id"))
        with context.bind(request_id=request_id, traceparent=tracing.incoming(headers.get("traceparent"))):
            await _Exchange(self, scope, receive, send, headers, request_id, method).run()


def sane_request_id(sent: str | None) -> str:
    """The caller's id when it is 8 to 64 plain characters, a new one otherwise."""
    return sent if sent is not None and _REQUEST_ID.fullmatch(sent) else str(uuid7())


def route_template(scope: Scope) -> str:
    """The path template of the route that answered; "unmatched" when none did."""
    inner = cast("dict[str, Any]", scope.get("fastapi") or {})
    for holder in (inner.get("effective_route_context"), scope.get("route")):
        template = _template(holder)
        if template is not None:
            return template
    endpoint = scope.get("endpoint")
    if endpoint is not None:  # a plain Starlette route or mount, which leaves only its endpoint behind
        for route in scope["app"].routes:
            if endpoint in (getattr(route, "endpoint", None), getattr(route, "app", None)):
                return _template(route) or "unmatched"
    return "unmatched"


def _template(route: Any) -> str | None:
    template = getattr(route, "path_format", None) or getattr(route, "path", None)
    return template if isinstance(template, str) and template else None


class _Exchange:
    """One request and its answer."""

    def __init__(
        self,
        edge: Edge,
        scope: Scope,
        receive: Receive,
        send: Send,
        headers: Headers,
        request_id: str,
        method: str,
    ) -> None:
        self._edge = edge
        self._method = method
        self._scope = scope
        self._receive = receive
        self._send = send
        self._headers = headers
        self._request_id = request_id
        self._limit_bytes = edge.body_limit_of(scope)
        self._received_bytes = 0
        self._is_too_large = False
        self._is_replaced = False
        self._has_started = False
        self._status = CLIENT_GONE
        self._started_at = time.perf_counter()
        self._seconds: float | None = None
        self._state: dict[str, Any] = scope.setdefault("state", {})

    async def run(self) -> None:
        try:
            self._check_declared_length()
            await self._edge.app(self._scope, self._receive_limited, self._send_completed)
        except ClientDisconnect:
            pass
        except Exception as exc:
            if not is_refusal(exc):
                log_unexpected(exc)
            if self._has_started:
                raise
            await self._send_problem(exc)
        finally:
            self._account()

    def _check_declared_length(self) -> None:
        declared = self._headers.get("content-length", "")
        if declared.isascii() and declared.isdigit() and int(declared[:20]) > self._limit_bytes:
            raise self._too_large()

    def _too_large(self) -> BodyTooLarge:
        self._is_too_large = True
        return BodyTooLarge(limit_bytes=str(self._limit_bytes), headers=(("connection", "close"),))

    async def _receive_limited(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._received_bytes += len(message.get("body", b""))
            if self._received_bytes > self._limit_bytes:
                raise self._too_large()
        return message

    async def _send_completed(self, message: Message) -> None:
        if self._is_replaced:
            return
        if message["type"] == "http.response.start":
            if self._is_too_large:
                # The framework has turned our exception into an answer of its own: ours goes out instead.
                self._is_replaced = True
                await self._send_problem(self._too_large())
                return
            self._start(message)
        await self._send_on(message)

    async def _send_on(self, message: Message) -> None:
        """An answer to HEAD has the headers of the one to GET, its length included, and no body."""
        if self._method == "HEAD" and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)

    def _start(self, message: Message) -> None:
        self._has_started = True
        self._status = int(message["status"])
        headers: list[tuple[bytes, bytes]] = list(message.get("headers", ()))
        headers.append((b"x-request-id", self._request_id.encode()))
        security.complete(headers)
        message["headers"] = headers
        if any(name == b"content-type" and value.startswith(b"text/event-stream") for name, value in headers):
            self._seconds = time.perf_counter() - self._started_at

    async def _send_problem(self, exc: Exception) -> None:
        language = negotiate(self._headers.get("accept-language"))
        answer = render(exc, language, self._request_id, str(self._scope["path"])[:512])
        headers = [
            (name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in answer.headers
        ]
        headers.append((b"content-length", str(len(answer.body)).encode()))
        start: Message = {"type": "http.response.start", "status": answer.status, "headers": headers}
        self._start(start)
        await self._send(start)
        await self._send_on({"type": "http.response.body", "body": answer.body})

    def _account(self) -> None:
        elapsed = time.perf_counter() - self._started_at
        route = route_template(self._scope)
        method = self._method if self._method in _METHODS else "OTHER"
        metrics.http_requests(
            route, method, self._status, elapsed if self._seconds is None else self._seconds
        )
        if route in _QUIET and self._status < 400:
            return
        caller = self._state.get("caller")
        who = {} if caller is None else {"key_id": caller.key_id, "organisation_id": caller.organisation_id}
        log(
            _access,
            logging.INFO,
            "http_request",
            method=method,
            route=route,
            status=self._status,
            duration_ms=round(elapsed * 1000, 2),
            **who,
        )


def log_unexpected(exc: BaseException) -> None:
    """One error line with type and frames; the caller only ever sees the request id."""
    _errors.error("unexpected_error", exc_info=exc)
