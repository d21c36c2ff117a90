"""What routes need of the process, set as `app.state.parts` by the composition root."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar, cast

from fastapi import Depends
from starlette.requests import Request

from imece_chassis.access.caller import Caller
from imece_chassis.database import Database, Transaction
from imece_chassis.http.callers import require
from imece_chassis.http.paging import Cursors
from notifications.channels.links import Links
from notifications.domain.targets import OutboundPolicy
from notifications.store.vault import Vault

T = TypeVar("T")

Subscriber = Annotated[Caller, Depends(require("notify:webhook"))]
"""Whoever may manage the subscriptions and read the inbox of its organisation."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Collaborators of every route."""

    database: Database
    vault: Vault
    policy: OutboundPolicy
    links: Links
    cursors: Cursors


def parts_of(request: Request) -> Parts:
    return cast(Parts, request.app.state.parts)


async def read(request: Request, work: Callable[[Transaction], Awaitable[T]]) -> T:
    """Run a query in one snapshot."""
    return await parts_of(request).database.snapshot(work)


async def change(request: Request, work: Callable[[Transaction], Awaitable[T]]) -> T:
    """Run a command that is safe to repeat by itself."""
    return await parts_of(request).database.unit_of_work(work)


def route_of(request: Request) -> str:
    """Method and path with its ids: what an Idempotency-Key is valid for."""
    return f"{request.method} {request.url.path}"
