"""Lean routes: what the endpoint may give back, and how path, body and content type reach it."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from imece_chassis.answers import Answer, json_answer
from imece_chassis.http.app import create_app
from imece_chassis.http.callers import public
from imece_chassis.http.lean import LeanEndpoint, lean_route


class Word(BaseModel):
    text: str


def client_of(path: str, endpoint: LeanEndpoint, **options: Any) -> httpx.AsyncClient:
    options = {"request_model": None, "response_model": None, "auth": public, **options}
    app = create_app(
        service="s", title="S", version="1", routers=[lean_route(path, "POST", endpoint, **options)]
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test")


@pytest.mark.parametrize(
    ("result", "status", "body"),
    [
        (PlainTextResponse("as it is", status_code=202), 202, "as it is"),
        (Answer(207, b"[1]", (("content-type", "application/json"),)), 207, "[1]"),
        (json_answer({"ç": 1}, 200), 200, '{"ç":1}'),
        (Word(text="x"), 201, '{"text":"x"}'),
    ],
)
async def test_an_endpoint_gives_a_response_an_answer_or_a_model(result: Any, status: int, body: str) -> None:
    async def endpoint(request: Request, command: bytes, caller: None) -> Any:
        return result

    async with client_of("/words", endpoint, status_code=201) as client:
        response = await client.post("/words", content=b"raw")
    assert (response.status_code, response.text) == (status, body)


async def test_the_raw_body_and_typed_path_reach_an_endpoint_without_a_model() -> None:
    seen: list[Any] = []

    async def endpoint(request: Request, command: bytes, caller: None) -> Any:
        seen.extend([command, request.path_params, caller])
        return json_answer({})

    word = "0199c2d4-7b1e-7c3a-9a55-2f0c7b3d1e42"
    async with client_of("/{word_id}/{name}/{n:int}", endpoint, path_types={"n": int}) as client:
        await client.post(f"/{word}/x/7", content=b"\x00\x01")
    assert seen == [b"\x00\x01", {"word_id": UUID(word), "name": "x", "n": 7}, None]


async def test_a_path_of_the_wrong_type_is_a_shape_error() -> None:
    async def endpoint(request: Request, command: bytes, caller: None) -> Any:
        return json_answer({})

    async with client_of("/numbers/{n}", endpoint, path_types={"n": int}) as client:
        refused = await client.post("/numbers/seven", headers={"accept-language": "en"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["detail"] == "must be a whole number"


async def test_an_empty_body_is_a_missing_one() -> None:
    async def endpoint(request: Request, command: Word, caller: None) -> Any:
        return json_answer({})

    async with client_of("/words", endpoint, request_model=Word) as client:
        refused = await client.post("/words", headers={"content-type": "application/json"})
    assert refused.status_code == 422
    assert refused.json()["errors"] == [{"pointer": "", "code": "missing", "detail": "zorunlu", "in": "body"}]
