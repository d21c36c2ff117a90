"""What routes need of the process; set as `app.state.parts` by the composition root."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar, cast
from uuid import UUID

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from crisis.events import json_bytes
from crisis.usecases.accept_allocation import AcceptAllocation
from crisis.usecases.batch import Outcome
from crisis.usecases.moves_together import KeyedMove
from crisis.usecases.preconditions import must_have_started_from
from crisis.usecases.propose_allocations import ProposeAllocation, ProposeAllocations
from crisis.usecases.refuse_for_room import Refused
from crisis.usecases.tools import Tools
from crisis.usecases.withdraw_allocation import WithdrawAllocation
from imece_chassis import context
from imece_chassis.access.caller import Caller
from imece_chassis.answers import Answer, json_answer
from imece_chassis.batching import Batcher
from imece_chassis.database import Database, Transaction
from imece_chassis.http.callers import require, require_either
from imece_chassis.http.etags import etag, respond_unless_known, stated_versions
from imece_chassis.http.idempotent import idempotent
from imece_chassis.http.paging import Cursors
from imece_chassis.http.problems import is_refusal, render
from imece_chassis.http.responses import instance_of, language_of, respond
from imece_chassis.http.said_once import must_ask_once, must_name_once

T = TypeVar("T")
C = TypeVar("C")
R = TypeVar("R")

Reader = Annotated[Caller, Depends(require("crisis:board:read"))]
NeedWriter = Annotated[Caller, Depends(require("crisis:need:write"))]
PledgeWriter = Annotated[Caller, Depends(require("crisis:pledge:write"))]
EitherWriter = Annotated[Caller, Depends(require_either("crisis:need:write", "crisis:pledge:write"))]
may_pledge = require("crisis:pledge:write")


@dataclass(frozen=True, slots=True)
class Parts:
    """`propose` takes a batch at once, `pledges` gathers single pledges into such batches, `accepts` and
    `withdrawals` do the same for
    answers; `without_room` answers accepts that found no room.

    Bulks take turns: side by side they would wait for each other's line locks, each holding a connection. So
    do tables for download: each takes seconds of processor time. Uploaded ones wait unread, but for a few:
    each is megabytes in memory.
    """

    database: Database
    tools: Tools
    propose: ProposeAllocations
    pledges: Batcher[ProposeAllocation, Outcome]
    accepts: Batcher[KeyedMove[AcceptAllocation], Outcome]
    withdrawals: Batcher[KeyedMove[WithdrawAllocation], Outcome]
    without_room: Batcher[Refused, Outcome]
    cursors: Callable[[str], Cursors]
    bulk_turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    sheet_turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
    upload_turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(4))


def parts_of(request: Request) -> Parts:
    """The parts of the process that serves this request."""
    return cast(Parts, request.app.state.parts)


def route_of(request: Request) -> str:
    """Method and path with its ids: what an Idempotency-Key is valid for."""
    return f"{request.scope['method']} {request.scope['path']}"


def refusing(request: Request) -> Callable[[Exception], Answer | None]:
    """Expected errors as problem documents of this request; None for unexpected ones."""
    language, request_id, instance = language_of(request), context.request_id(), instance_of(request)

    def refusal(error: Exception) -> Answer | None:
        return render(error, language, request_id, instance) if is_refusal(error) else None

    return refusal


async def command(
    request: Request, caller: Caller, work: Callable[[Transaction], Awaitable[Answer]]
) -> Response:
    """Run a command once for its key, in one transaction; with If-Match only from the versions it names."""
    return await idempotent(
        request, caller, route_of(request), _conditional(request, work), database=parts_of(request).database
    )


async def step(
    request: Request,
    caller: Caller,
    run: Callable[[Transaction, C, Caller, Tools], Awaitable[R]],
    wanted: C,
    view: Callable[[R], Mapping[str, Any]],
) -> Response:
    """Run the one use case of a route and show what came of it."""
    tools = parts_of(request).tools

    async def work(tx: Transaction) -> Answer:
        return answer(view(await run(tx, wanted, caller, tools)))

    return await command(request, caller, work)


async def written(request: Request, work: Callable[[Transaction], Awaitable[Answer]]) -> Response:
    """Run a PUT, whose id is its key, in one transaction; with If-Match only on the versions it names.

    Raises NameTwice.
    """
    must_name_once(await request.body())
    return respond(await parts_of(request).database.unit_of_work(_conditional(request, work)))


def _conditional(
    request: Request, work: Callable[[Transaction], Awaitable[Answer]]
) -> Callable[[Transaction], Awaitable[Answer]]:
    versions = stated_versions(request)
    return work if versions is None else _starting_from(versions, _subjects_of(request), work)


def _starting_from(
    versions: frozenset[str], subjects: Sequence[UUID], work: Callable[[Transaction], Awaitable[Answer]]
) -> Callable[[Transaction], Awaitable[Answer]]:
    async def checked(tx: Transaction) -> Answer:
        done = await work(tx)
        await must_have_started_from(tx, subjects, versions)
        return done

    return checked


def _subjects_of(request: Request) -> list[UUID]:
    """What the path is about: its ids, the last first."""
    ids: list[UUID] = []
    for value in request.path_params.values():
        with suppress(ValueError):
            ids.insert(0, UUID(str(value)))
    return ids


async def snapshot(request: Request, work: Callable[[Transaction], Awaitable[T]]) -> T:
    """Run a query on one unchanging view. Raises ParameterTwice."""
    must_ask_once(request)
    return await parts_of(request).database.snapshot(work)


def versioned(request: Request, document: Mapping[str, Any]) -> Response:
    """One resource with its entity tag, or 304 when the reader has it; `version` is a member of it."""
    return respond_unless_known(request, answer(document), document["version"])


def answer(document: Mapping[str, Any], status: int = 200, location: str | None = None) -> Answer:
    """A JSON answer; prepared fragments stay as they are. What has a version is tagged with it."""
    headers = (("location", location),) if location else ()
    if "version" in document:
        headers += (("etag", etag(document["version"])),)
    return json_answer(json_bytes(document), status, headers)
