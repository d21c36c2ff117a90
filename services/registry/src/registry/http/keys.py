"""/integrations/{id}/keys: create, list, rotate and revoke API keys.

The stored answer of a creation never holds the key: it is put into the first answer on its way out, so a
replay of the same request shows null and the caller asks for another key.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, cast
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from imece_chassis.access.caller import Caller
from imece_chassis.answers import Answer, json_answer
from imece_chassis.database import Transaction
from imece_chassis.http.bodies import may_be_left_out
from imece_chassis.http.etags import PreconditionFailed, etag
from imece_chassis.http.idempotent import idempotent
from imece_chassis.http.problems import problem_responses
from registry.domain import refusals
from registry.domain.keys import Key
from registry.http.access_shapes import KeyBody, KeyList, NewKeyView, RotateBody, key_view
from registry.http.parts import Reader, Writer, act_of, actor_of, change, if_match, parts_of, read, route_of
from registry.usecases import queries
from registry.usecases.create_key import CreateKey, create_key
from registry.usecases.revoke_key import RevokeKey, revoke_key
from registry.usecases.rotate_key import RotateKey, rotate_key

router = APIRouter(prefix="/integrations/{integration_id}/keys", tags=["keys"])

_FOREIGN = (refusals.NotFound, refusals.RoleRequired)
_NEW = (
    *_FOREIGN,
    refusals.TooManyLiveKeys,
    refusals.ScopeNotAllowed,
    refusals.KindHoldsNoKeys,
    refusals.WrongState,
)


@router.post(
    "",
    status_code=201,
    response_model=NewKeyView,
    operation_id="createKey",
    summary="A new key, shown once",
    responses=problem_responses(*_NEW, refusals.ExpiryOutOfRange),
)
async def create(
    request: Request,
    integration_id: UUID,
    body: Annotated[KeyBody, may_be_left_out(KeyBody)],
    caller: Writer,
) -> Response:
    """At most two keys of an integration are live: create the second, switch, revoke the first.

    The key works here at once and at the other services within five seconds; until then they answer 401
    `key_unknown`: repeat the request that long.
    """
    act, mint = act_of(request, caller), parts_of(request).mint

    async def work(tx: Transaction) -> tuple[Key, str]:
        return await create_key(tx, act, CreateKey(integration_id, body.wish()), mint)

    return await _shown_once(request, caller, work)


@router.post(
    "/{key_id}/rotate",
    status_code=201,
    response_model=NewKeyView,
    operation_id="rotateKey",
    summary="A successor with the same mode and scopes",
    responses=problem_responses(*_NEW, refusals.KeyNotLive),
)
async def rotate(
    request: Request,
    integration_id: UUID,
    key_id: UUID,
    body: Annotated[RotateBody, may_be_left_out(RotateBody)],
    caller: Writer,
) -> Response:
    """The old key lives on until it is revoked, or is revoked at once with `retire_now`.

    The successor works at the other services within five seconds: leave the old key to live that long.
    """
    act, mint = act_of(request, caller), parts_of(request).mint

    async def work(tx: Transaction) -> tuple[Key, str]:
        return await rotate_key(tx, act, RotateKey(integration_id, key_id, body.retire_now), mint)

    return await _shown_once(request, caller, work)


@router.get(
    "",
    response_model=KeyList,
    operation_id="listKeys",
    summary="The keys of an integration",
    responses=problem_responses(*_FOREIGN),
)
async def listing(request: Request, integration_id: UUID, caller: Reader) -> KeyList:
    """What is remembered of each key; never the key."""
    now = parts_of(request).clock.now()

    async def work(tx: Transaction) -> KeyList:
        found = await queries.keys_of(tx, actor_of(caller), integration_id)
        return KeyList(items=tuple(key_view(key, now) for key in found))

    return await read(request, work)


@router.delete(
    "/{key_id}",
    status_code=204,
    operation_id="revokeKey",
    summary="Revoke a key",
    responses=problem_responses(*_FOREIGN, PreconditionFailed),
)
async def revoke(request: Request, integration_id: UUID, key_id: UUID, caller: Writer) -> Response:
    """Refused everywhere within five seconds. Repeating it changes nothing."""
    act, precondition = act_of(request, caller), if_match(request)

    async def work(tx: Transaction) -> Key:
        return await revoke_key(tx, act, RevokeKey(integration_id, key_id), precondition)

    revoked = await change(request, work)
    return Response(status_code=204, headers={"etag": etag(revoked.version)})


async def _shown_once(
    request: Request, caller: Caller, make: Callable[[Transaction], Awaitable[tuple[Key, str]]]
) -> Response:
    made: dict[str, str] = {}
    now = parts_of(request).clock.now()

    async def work(tx: Transaction) -> Answer:
        key, plain = await make(tx)
        made[str(key.key_id)] = plain
        view = NewKeyView(**key_view(key, now).model_dump(mode="python"), key=None)
        return json_answer(view, 201, (("etag", etag(key.version)),))

    response = await idempotent(request, caller, route_of(request), work)
    if response.status_code != 201:
        return response
    answer = cast("dict[str, Any]", json.loads(bytes(response.body)))
    plain = made.get(answer["key_id"])
    if plain is None:
        return response
    headers = {name: value for name, value in response.headers.items() if name != "content-length"}
    shown = json.dumps({**answer, "key": plain}, ensure_ascii=False, separators=(",", ":"))
    return Response(shown, 201, headers)
