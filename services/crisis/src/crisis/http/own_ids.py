"""PUT under an id of the caller's own: the words that count, and the answers of the first time and later."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from crisis.domain import refusals
from crisis.events import json_bytes
from crisis.http.parts import answer, written
from crisis.http.shapes import Body
from crisis.usecases.put_once import OwnId, put_once
from imece_chassis.access.caller import Caller
from imece_chassis.answers import Answer
from imece_chassis.database import Transaction
from imece_chassis.idempotency import body_hash

T = TypeVar("T")

REFUSED = (refusals.IdNotOrdered, refusals.IdTaken, refusals.SaidOtherwise)
"""What an id of one's own may be refused for."""


def words_of(body: Body) -> bytes:
    """What is said, in one text for all spellings of its numbers, times, ids and defaults."""
    return json_bytes(body.model_dump(mode="json", exclude_defaults=True))


async def put(
    request: Request,
    caller: Caller,
    own_id: UUID,
    body: Body,
    *,
    find: Callable[[Transaction], Awaitable[T]],
    make: Callable[[Transaction], Awaitable[T]],
    view: Callable[[T], Mapping[str, Any]],
    location: str,
) -> Response:
    """201 with what `make` made under the id, 200 with what `find` reads of it when it was said before."""
    own = OwnId(own_id, caller.organisation_id, body_hash(words_of(body)))

    async def work(tx: Transaction) -> Answer:
        thing, is_new = await put_once(tx, own, lambda: find(tx), lambda: make(tx))
        return answer(view(thing), 201 if is_new else 200, location)

    return await written(request, work)
