"""A small service on the chassis' edge, and a client for it: what the tests of the edge talk to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any
from uuid import UUID

import httpx
from fastapi import APIRouter, Depends, FastAPI, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from imece_chassis.access import keys
from imece_chassis.access.authenticator import Authenticator
from imece_chassis.access.caller import Caller
from imece_chassis.access.deny import DenyList
from imece_chassis.clock import FixedClock
from imece_chassis.http.app import create_app
from imece_chassis.http.callers import public, require
from imece_chassis.http.framework_errors import TooManyRequests
from imece_chassis.http.lean import lean_route
from imece_chassis.http.problems import problem_responses
from imece_chassis.ids import uuid7

PEPPER = "pepper-of-the-tests-0123456789-abcdef"


class RoomExceeded(Exception):
    """The order exceeds the room.

    Somebody else was faster.
    """

    status = 409
    tr = "Sipariş yeri aşıyor"
    detail_en = "{room} of {asked} can still be taken"
    detail_tr = "{asked} istendi, {room} daha alınabilir"

    def __init__(self, **facts: str) -> None:
        self.facts = facts


class Order(BaseModel):
    model_config = ConfigDict(extra="forbid")

    quantity: int = Field(ge=1, le=500)
    label: str = Field(max_length=10)
    lines: list["OrderLine"] = []


class OrderLine(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: str = Field(pattern="^[A-Z]{3}$")


class Receipt(BaseModel):
    order_id: UUID
    quantity: int


router = APIRouter(prefix="/orders", tags=["orders"])
Writer = Annotated[Caller, Depends(require("orders:write"))]


@router.post("/{order_id}", status_code=201, responses=problem_responses(RoomExceeded))
async def place(order_id: UUID, order: Order, caller: Writer) -> Receipt:
    """Place an order."""
    if order.quantity > 100:
        raise RoomExceeded(room="100", asked=str(order.quantity))
    return Receipt(order_id=order_id, quantity=order.quantity)


@router.get("", dependencies=[Depends(require("orders:read"))])
async def orders(limit: Annotated[int, Query(ge=1, le=200)] = 50) -> dict[str, int]:
    return {"limit": limit}


@router.delete("/{order_id}", status_code=204)
async def remove(
    order_id: UUID, caller: Annotated[Caller, Depends(require("orders:write", administrative=True))]
) -> None:
    """An administrative act."""


@router.get("/broken", dependencies=[Depends(public)])
async def broken() -> None:
    raise RuntimeError("SELECT secret FROM people")


@router.get("/busy", dependencies=[Depends(public)])
async def busy() -> None:
    raise TooManyRequests(retry_after=7)


@router.get("/framework/{status}", dependencies=[Depends(public)])
async def framework(status: int) -> None:
    """What the framework raises by itself, with its own English text."""
    raise HTTPException(status, "foreign words")


async def lean_place(request: Request, order: Order, caller: Caller) -> Receipt:
    """Place an order quickly."""
    if order.quantity > 100:
        raise RoomExceeded(room="100", asked=str(order.quantity))
    return Receipt(order_id=request.path_params["order_id"], quantity=order.quantity)


async def lean_bulk(request: Request, lines: bytes, caller: Caller) -> Any:
    return PlainTextResponse(f"{len(lines.splitlines())} by {caller.organisation_id}", status_code=207)


async def lean_broken(request: Request, command: bytes, caller: None) -> Any:
    raise RuntimeError("unexpected")


async def stream(request: Request) -> StreamingResponse:
    async def events() -> AsyncIterator[bytes]:
        yield b": hello\n\n"
        yield b"data: 1\n\n"

    return StreamingResponse(events(), media_type="text/event-stream")


async def half(request: Request) -> StreamingResponse:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"half of"
        raise RuntimeError("the rest is lost")

    return StreamingResponse(chunks(), media_type="text/plain")


class Source:
    """A CredentialSource with what the test puts in."""

    def __init__(self) -> None:
        self.age_seconds = 0.0
        self.callers: dict[bytes, Caller] = {}
        self.is_slow = False

    def lookup(self, digest: bytes) -> Any:
        if not self.is_slow:
            return self.callers.get(digest)

        async def later() -> Caller | None:
            await asyncio.sleep(0)
            return self.callers.get(digest)

        return later()


class EdgeService:
    """The application with its source of credentials; `key(...)` issues one."""

    def __init__(self, clock: FixedClock) -> None:
        self.clock = clock
        self.source = Source()
        self.denied: list[str] = []
        self.broken_checks: set[str] = set()
        self.app: FastAPI = create_app(
            service="orders",
            title="Orders",
            version="1.2.3",
            routers=[
                router,
                Route("/stream", stream),
                Route("/half", half),
                lean_route(
                    "/lean/{order_id}",
                    "POST",
                    lean_place,
                    request_model=Order,
                    response_model=Receipt,
                    auth=require("orders:write"),
                    status_code=201,
                    other_media={"application/x-ndjson": lean_bulk},
                    responses=problem_responses(RoomExceeded),
                ),
                lean_route(
                    "/lean-broken", "POST", lean_broken, request_model=None, response_model=None, auth=public
                ),
            ],
            checks={"database": self._check("database"), "broker": self._check("broker")},
            problems=[RoomExceeded],
        )
        self.app.state.access = Authenticator(self.source, ["newer-" + PEPPER, PEPPER], clock=clock)

    def _check(self, name: str):
        async def check() -> None:
            if name in self.broken_checks:
                raise ConnectionError(name)

        return check

    def deny(self, *entries: str) -> None:
        self.app.state.access.denied = DenyList(entries)

    def key(self, *scopes: str, **changes: Any) -> tuple[str, Caller]:
        key = keys.new_key(live=False)
        scopes = scopes or ("orders:read", "orders:write")
        caller = Caller(uuid7(), uuid7(), uuid7(), frozenset(scopes), **changes)
        self.source.callers[keys.digest(PEPPER, key)] = caller
        return key, caller

    @asynccontextmanager
    async def client(self, key: str | None = None, language: str = "en") -> AsyncIterator[httpx.AsyncClient]:
        headers = {"accept-language": language}
        if key is not None:
            headers["authorization"] = f"Bearer {key}"
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
            yield client
