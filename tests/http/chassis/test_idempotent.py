"""Idempotency-Key over HTTP: the header's forms, and every row of the contract as a caller sees it."""

import asyncio
import json
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Depends
from http_sfv.item import Item
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from imece_chassis.database import Database, Transaction
from imece_chassis.http.app import create_app
from imece_chassis.http.callers import Caller, require
from imece_chassis.http.idempotent import (
    Answer,
    IdempotencyKeyInvalid,
    idempotent,
    json_answer,
    parse_key,
    request_of,
)
from tests.http.chassis.edge_app import EdgeService, RoomExceeded

printable = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=255)


class Amount(BaseModel):
    amount: int


class Ledger:
    """A service with one command: it adds an amount, refuses 13, and fails on 500."""

    def __init__(self, edge: EdgeService, database: Database) -> None:
        self.edge = edge
        self.gate: asyncio.Event | None = None
        self.entered = asyncio.Event()
        router = APIRouter()

        @router.post("/amounts")
        async def add(
            request: Request, body: Amount, caller: Annotated[Caller, Depends(require("orders:write"))]
        ) -> Response:
            async def work(tx: Transaction) -> Answer:
                await tx.execute("INSERT INTO amounts (amount) VALUES ($1)", body.amount)
                self.entered.set()
                if self.gate is not None:
                    await self.gate.wait()
                if body.amount == 13:
                    raise RoomExceeded(room="12", asked="13")
                if body.amount == 500:
                    raise RuntimeError("bug")
                total = await tx.fetchval("SELECT sum(amount) FROM amounts")
                return json_answer({"total": total}, 201, (("location", "/amounts/1"),))

            return await idempotent(request, caller, "POST /amounts", work)

        self.app = create_app(service="ledger", title="L", version="1", routers=[router])
        self.app.state.access = edge.app.state.access
        self.app.state.database = database

    async def add(self, key: str | None, amount: Any = 1, **headers: str) -> httpx.Response:
        return await self.send(key, json.dumps({"amount": amount}).encode(), **headers)

    async def send(self, key: str | None, body: bytes, **headers: str) -> httpx.Response:
        secret, _ = self._key
        sent = {"authorization": f"Bearer {secret}", "accept-language": "en", **headers}
        sent["content-type"] = "application/json"
        if key is not None:
            sent["idempotency-key"] = key
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=sent) as client:
            return await client.post("/amounts", content=body)

    @property
    def _key(self) -> tuple[str, Caller]:
        if not hasattr(self, "_issued"):
            self._issued = self.edge.key("orders:write")
        return self._issued

    def change_caller(self) -> None:
        self._issued = self.edge.key("orders:write")


@pytest.fixture
async def ledger(service: EdgeService, chassis_db: Database) -> Ledger:
    async def create(tx: Transaction) -> None:
        await tx.execute("CREATE TABLE amounts (amount integer NOT NULL)")

    await chassis_db.unit_of_work(create)
    return Ledger(service, chassis_db)


async def test_a_repeat_gets_status_bytes_and_headers_of_the_first_and_says_so(ledger: Ledger) -> None:
    first = await ledger.add("k1")
    again = await ledger.add("k1")
    assert (first.status_code, first.json()) == (201, {"total": 1})
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["location"] == first.headers["location"] == "/amounts/1"
    assert again.headers["content-type"] == first.headers["content-type"] == "application/json"
    assert "idempotent-replayed" not in first.headers and again.headers["idempotent-replayed"] == "true"
    assert first.headers["x-request-id"] != again.headers["x-request-id"]
    assert (await ledger.add("k2")).json() == {"total": 2}


async def test_quoted_and_bare_are_the_same_key(ledger: Ledger) -> None:
    await ledger.add('"k1"')
    assert (await ledger.add("k1")).headers["idempotent-replayed"] == "true"


async def test_without_the_header_nothing_is_done(ledger: Ledger) -> None:
    refused = await ledger.add(None)
    assert (refused.status_code, refused.json()["code"]) == (400, "idempotency_key_required")
    assert (await ledger.add("k1")).json() == {"total": 1}


@pytest.mark.parametrize("key", ["", " ", '""', "x" * 256, "çay", "tab\there", '"open', 'in"side', '"a" b'])
async def test_a_key_of_another_form_is_refused(ledger: Ledger, key: str) -> None:
    refused = await ledger.add(key.encode("utf-8"))  # type: ignore[arg-type]
    if key == 'in"side':
        assert (
            refused.status_code == 201
        )  # a bare key may hold any printable character but begin with a quote
        return
    assert (refused.status_code, refused.json()["code"]) == (400, "idempotency_key_invalid")


async def test_another_body_under_the_same_key_is_422(ledger: Ledger) -> None:
    await ledger.add("k1", 1)
    refused = await ledger.add("k1", 2)
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    assert refused.headers["content-type"] == "application/problem+json"


async def test_while_the_first_runs_the_second_is_told_to_come_back(ledger: Ledger) -> None:
    ledger.gate = asyncio.Event()
    first = asyncio.create_task(ledger.add("k1"))
    await ledger.entered.wait()
    refused = await ledger.add("k1")
    ledger.gate.set()
    assert (refused.status_code, refused.json()["code"]) == (409, "idempotency_key_running")
    assert refused.headers["retry-after"] == "1"
    assert (await first).status_code == 201
    assert (await ledger.add("k1")).content == (await first).content


async def test_a_refusal_is_replayed_byte_for_byte_in_the_language_it_was_given(ledger: Ledger) -> None:
    first = await ledger.add("k1", 13)
    again = await ledger.add("k1", 13, **{"accept-language": "tr"})
    assert (first.status_code, first.json()["code"], first.json()["room"]) == (409, "room_exceeded", "12")
    assert again.content == first.content and again.headers["idempotent-replayed"] == "true"
    assert again.headers["content-type"] == "application/problem+json"
    assert again.headers["content-language"] == "en"
    assert (await ledger.add("k2", 1)).json() == {"total": 1}, "the refused amount left nothing"


async def test_a_bug_leaves_the_key_free(ledger: Ledger) -> None:
    assert (await ledger.add("k1", 500)).status_code == 500
    assert (await ledger.add("k1", 500)).status_code == 500
    assert (await ledger.add("k1", 1)).json() == {"total": 1}


@pytest.mark.parametrize(("amount", "status"), [("much", 422), ({}, 422)])
async def test_a_wrong_shape_leaves_the_key_free(ledger: Ledger, amount: Any, status: int) -> None:
    assert (await ledger.add("k1", amount)).status_code == status
    assert (await ledger.add("k1", 1)).status_code == 201


async def test_a_key_without_rights_leaves_the_key_free(ledger: Ledger) -> None:
    refused = await ledger.add("k1", 1, authorization="Bearer imc_test_x")
    assert refused.status_code == 401
    assert (await ledger.add("k1", 1)).status_code == 201


async def test_two_organisations_may_use_the_same_key(ledger: Ledger) -> None:
    assert (await ledger.add("k1")).json() == {"total": 1}
    ledger.change_caller()
    assert (await ledger.add("k1")).json() == {"total": 2}


@given(printable)
def test_what_a_structured_field_library_writes_is_read_as_that_text(text: str) -> None:
    assert parse_key(str(Item(text))) == text
    assert parse_key(f"{Item(text)};v=1") == text


@given(st.text(max_size=300))
def test_a_key_is_printable_ascii_of_at_most_255_characters_or_refused(value: str) -> None:
    try:
        key = parse_key(value)
    except IdempotencyKeyInvalid:
        return
    assert 1 <= len(key) <= 255 and key.isascii() and key.isprintable()


async def test_bulk_items_are_claimed_under_organisation_and_route(service: EdgeService) -> None:
    _, caller = service.key()
    item = request_of(caller, "POST /amounts", "k", b'{"b": 1}')
    assert item.scope == f"{caller.organisation_id}:POST /amounts"
    assert item.body_hash == request_of(caller, "other", "k", b'{ "b":1 }').body_hash


async def test_a_body_that_says_a_name_twice_does_nothing_and_keeps_no_answer(ledger: Ledger) -> None:
    plain, escaped = '{"amount":1,"amount":2}', '{"amount":1,"amou\\u006et":2}'
    for body in (plain.encode(), escaped.encode(), plain.encode("utf-16"), plain.encode("utf-8-sig")):
        refused = await ledger.send("k1", body)
        assert (refused.status_code, refused.json()["code"]) == (400, "name_twice")
        assert refused.json()["name"] == "amount"
    assert (await ledger.add("k1", 5)).json() == {"total": 5}
