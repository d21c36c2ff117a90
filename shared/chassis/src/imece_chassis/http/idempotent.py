"""Idempotency-Key at the edge: read the header, run the work once, replay the stored answer after that."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from imece_chassis import idempotency
from imece_chassis.access.caller import Caller
from imece_chassis.answers import Answer, json_answer
from imece_chassis.http.problems import Problem

if TYPE_CHECKING:
    from imece_chassis.database import Database, Transaction

__all__ = ["Answer", "idempotent", "json_answer", "read_key", "request_of", "respond", "scope_of"]


class IdempotencyKeyRequired(Problem):
    """An Idempotency-Key header is required."""

    status = 400
    tr = "Idempotency-Key başlığı gerekli"


class IdempotencyKeyInvalid(Problem):
    """The Idempotency-Key is not a printable ASCII string of 1 to 255 characters."""

    status = 400
    tr = "Idempotency-Key 1–255 karakterlik, yazdırılabilir ASCII bir metin olmalı"


def read_key(request: Request) -> str:
    """The key, quoted (structured field) or bare. Raises IdempotencyKeyRequired, IdempotencyKeyInvalid."""
    raise NotImplementedError


def scope_of(caller: Caller, route: str) -> str:
    """Keys are the organisation's and the route's own."""
    return f"{caller.organisation_id}:{route}"


def request_of(caller: Caller, route: str, key: str, body: bytes) -> idempotency.Request:
    """The claim of one command; used by bulk routes for each item."""
    return idempotency.Request(scope_of(caller, route), key, idempotency.body_hash(body))


def respond(answer: Answer, replayed: bool = False) -> Response:
    """An Answer as bytes on the wire."""
    headers = dict(answer.headers)
    if replayed:
        headers["idempotent-replayed"] = "true"
    return Response(answer.body, status_code=answer.status, headers=headers)


async def idempotent(
    request: Request,
    caller: Caller,
    route: str,
    work: "Callable[[Transaction], Awaitable[Answer]]",
    *,
    database: "Database | None" = None,
) -> Response:
    """Run `work` in the claiming transaction and answer with its Answer; the database is app.state.database."""
    raise NotImplementedError
