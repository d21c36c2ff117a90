"""What routes need of the process, and how a caller becomes the actor of a command."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar, cast
from uuid import UUID

from fastapi import Depends
from starlette.requests import Request

from imece_chassis.access.caller import Caller
from imece_chassis.clock import Clock
from imece_chassis.database import Database, Transaction
from imece_chassis.http.callers import require
from imece_chassis.http.etags import check_match
from imece_chassis.http.paging import Cursors
from imece_chassis.http.said_once import must_name_once
from imece_chassis.telemetry.logs import log
from registry.domain.acts import ORG_ADMIN, SECRETARIAT, Act, Actor
from registry.usecases.finding import Precondition
from registry.usecases.minting import Mint

T = TypeVar("T")
_log = logging.getLogger(__name__)

Reader = Annotated[Caller, Depends(require("registry:read"))]
Writer = Annotated[Caller, Depends(require("registry:write", administrative=True))]


@dataclass(frozen=True, slots=True)
class Parts:
    """Set as `app.state.parts` by the composition root."""

    database: Database
    clock: Clock
    new_id: Callable[[], UUID]
    mint: Mint
    organisation_cursors: Cursors


def parts_of(request: Request) -> Parts:
    return cast(Parts, request.app.state.parts)


def actor_of(caller: Caller) -> Actor:
    """The caller's rights in the registry: secretariat, administrator of the own organisation, or neither."""
    is_admin = caller.may(ORG_ADMIN)
    return Actor(
        organisation_id=caller.organisation_id,
        key_id=caller.key_id,
        is_secretariat=caller.may(SECRETARIAT),
        is_admin=is_admin,
        admin_until=admin_until(caller) if is_admin else None,
    )


def act_of(request: Request, caller: Caller) -> Act:
    """The circumstances of the command this request carries.

    The command's id is ours: a caller chooses the request's id freely. The log line joins the two.
    """
    parts = parts_of(request)
    command_id = parts.new_id()
    log(_log, logging.INFO, "command", command_id=str(command_id), route=route_of(request))
    return Act(actor_of(caller), parts.clock.now(), parts.new_id, command_id)


def if_match(request: Request, *, is_required: bool = False) -> Precondition:
    """The If-Match header as a check against the locked version: 412 when it names another one."""

    def check(version: int) -> None:
        check_match(request, version, is_required=is_required)

    return check


async def read(request: Request, work: Callable[[Transaction], Awaitable[T]]) -> T:
    """Run a query in one snapshot."""
    return await parts_of(request).database.snapshot(work)


async def change(request: Request, work: Callable[[Transaction], Awaitable[T]]) -> T:
    """Run a command that is safe to repeat by itself (PATCH with If-Match, DELETE). Raises NameTwice."""
    must_name_once(await request.body())
    return await parts_of(request).database.unit_of_work(work)


def route_of(request: Request) -> str:
    """Method and path with its ids: what an Idempotency-Key is valid for."""
    return f"{request.method} {request.url.path}"


def admin_until(caller: Caller) -> datetime | None:
    """The latest end of the caller's current administrator grants; None when one has no end."""
    ends = [
        grant.valid_until
        for grant in caller.grants
        if grant.role == ORG_ADMIN
        and grant.covers(caller.organisation_id, None, None)
        and (caller.asked_at is None or grant.is_current(caller.asked_at))
    ]
    return None if not ends or None in ends else max(cast("list[Any]", ends))
