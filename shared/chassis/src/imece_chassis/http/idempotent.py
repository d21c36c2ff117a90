"""Idempotency-Key at the edge: read the header, run the work once, replay the stored answer after that."""

import re
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from imece_chassis import context, idempotency
from imece_chassis.access.caller import Caller
from imece_chassis.answers import Answer, json_answer
from imece_chassis.database import Database, Transaction
from imece_chassis.http.problems import Problem, is_refusal, render
from imece_chassis.http.responses import instance_of, language_of, respond
from imece_chassis.http.said_once import must_name_once

__all__ = [
    "Answer",
    "idempotent",
    "json_answer",
    "parse_key",
    "read_key",
    "request_of",
    "respond",
    "scope_of",
]

HEADER = "idempotency-key"
MAX_KEY_CHARS = 255
# RFC 9651 string: printable ASCII in quotes, only \" and \\ escaped; parameters are ignored.
_QUOTED = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"[ \t]*(?:;.*)?')
_BARE = re.compile(r"[!#-~][ -~]*")
_ESCAPE = re.compile(r'\\(["\\])')


class IdempotencyKeyRequired(Problem):
    """An Idempotency-Key header is required."""

    status = 400
    tr = "Idempotency-Key başlığı gerekli"
    cause_en = "Without the key a repeated request could be done twice, so commands do not start without one."
    cause_tr = "Anahtar olmadan yinelenen istek iki kez işlenebilirdi; komutlar anahtarsız başlamaz."
    fix_en = "Mint a UUID per command, send it as Idempotency-Key, and keep it until the answer is there."
    fix_tr = "Her komut için bir UUID üretin, Idempotency-Key olarak gönderin, yanıt gelene dek saklayın."
    detail_en = "Mint a key, keep it with your command, and send both again if no answer arrives."
    detail_tr = "Bir anahtar üretin, komutunuzla birlikte saklayın; yanıt gelmezse ikisini yeniden gönderin."


class IdempotencyKeyInvalid(Problem):
    """The Idempotency-Key is not a printable ASCII string of 1 to 255 characters."""

    status = 400
    tr = "Idempotency-Key 1–255 karakterlik, yazdırılabilir ASCII bir metin olmalı"
    cause_en = "The key is empty, too long, or holds characters a header cannot carry safely."
    cause_tr = "Anahtar boş, çok uzun ya da başlıkta güvenle taşınamayan karakterler içeriyor."
    fix_en = "Send a UUID as Idempotency-Key."
    fix_tr = "Idempotency-Key olarak bir UUID gönderin."


def parse_key(value: str) -> str:
    """The key in a header value or bulk item, quoted or bare. Raises IdempotencyKeyInvalid."""
    text = value.strip(" \t")
    quoted = _QUOTED.fullmatch(text)
    key = _ESCAPE.sub(r"\1", quoted[1]) if quoted else text
    if not 1 <= len(key) <= MAX_KEY_CHARS or (quoted is None and _BARE.fullmatch(key) is None):
        raise IdempotencyKeyInvalid
    return key


def read_key(request: Request) -> str:
    """The request's key. Raises IdempotencyKeyRequired, IdempotencyKeyInvalid (also when sent twice)."""
    values = request.headers.getlist(HEADER)
    if not values:
        raise IdempotencyKeyRequired
    if len(values) > 1:
        raise IdempotencyKeyInvalid
    return parse_key(values[0])


def scope_of(caller: Caller, route: str) -> str:
    """Keys are the organisation's and the route's own."""
    return f"{caller.organisation_id}:{route}"


def request_of(caller: Caller, route: str, key: str, body: bytes) -> idempotency.Request:
    """The claim of one command; used by bulk routes for each item. Raises NameTwice."""
    must_name_once(body)
    return idempotency.Request(scope_of(caller, route), key, idempotency.body_hash(body))


async def idempotent(
    request: Request,
    caller: Caller,
    route: str,
    work: Callable[[Transaction], Awaitable[Answer]],
    *,
    database: Database | None = None,
) -> Response:
    """Run `work` in the claiming transaction and send its Answer; a repeat gets the stored one.

    `route` is a stable name such as "POST /orders"; put the ids of the path into it, since they are part of
    the command. The database is `app.state.database` unless given. Refusals become stored problem
    documents.
    """
    command = request_of(caller, route, read_key(request), await request.body())
    language, instance = language_of(request), instance_of(request)

    def refusal_answer(exc: Exception) -> Answer | None:
        return render(exc, language, context.request_id(), instance) if is_refusal(exc) else None

    store: Database = request.app.state.database if database is None else database
    answer, replayed = await idempotency.answer_once(store, command, work, refusal_answer)
    return respond(answer, replayed)
