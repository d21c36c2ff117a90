"""What an integrator sends by habit or by mistake is understood, or refused with the member that is wrong."""

import json
from typing import Any

import httpx
import pytest

from imece_chassis.ids import uuid7
from tests.db.crisis.world import TENT
from tests.http.crisis.conftest import Scene
from tests.http.crisis.test_bulk import ndjson


async def raw(scene: Scene, method: str, path: str, content: bytes) -> httpx.Response:
    headers = scene.pledger.headers(idempotency_key=str(uuid7()), content_type="application/json")
    return await scene.pledger.client.request(method, path, content=content, headers=headers)


def twice(body: dict[str, Any], name: str, value: Any) -> bytes:
    return json.dumps(body)[:-1].encode() + f', "{name}": {json.dumps(value)}}}'.encode()


async def promised(scene: Scene) -> str:
    need = (await scene.asker.get(f"/needs/{scene.need_id}")).json()
    return need["lines"][0]["line"]["P"]


async def test_a_name_that_stands_twice_is_refused_wherever_it_stands(scene: Scene):
    said, planned = scene.pledge("10"), scene.pledge("10", conditions=[])
    double = twice(said, "quantity", "20")
    nested = json.dumps(planned).replace(
        '"conditions": []',
        '"conditions": [{"type": "permit", "type": "other", "due_at": "2026-02-08T00:00:00Z"}]',
    )
    escaped = json.dumps(said)[:-1].encode() + rb', "quantit\u0079": "20"}'
    allocation = (await scene.pledged("10"))["allocation_id"]
    line = {"item_code": TENT, "quantity": "10", "unit": "adet"}
    offer = {"crisis_id": str(scene.crisis_id), "origin": "TUR006", "lines": [line]}
    for method, path, content, name in (
        ("POST", scene.pledges, double, "quantity"),
        ("POST", scene.pledges, nested.encode(), "type"),
        ("POST", scene.pledges, escaped, "quantity"),
        ("PUT", f"{scene.pledges}/{uuid7()}", double, "quantity"),
        ("PUT", f"/offers/{uuid7()}", twice(offer, "origin", "TUR001"), "origin"),
        ("POST", f"/allocations/{allocation}/withdraw", b'{"reason":"a","reason":"no_funds"}', "reason"),
    ):
        refused = await raw(scene, method, path, content)
        assert (refused.status_code, refused.json()["code"]) == (400, "name_twice"), (path, refused.text)
        assert refused.json()["name"] == name
    assert await promised(scene) == "10"


async def test_one_line_of_a_bulk_that_says_a_name_twice_spoils_no_other(scene: Scene):
    good = {**scene.pledge("10"), "idempotency_key": "a"}
    bad = twice({**scene.pledge("10"), "idempotency_key": "b"}, "quantity", "20").decode()
    results = (await scene.pledger.bulk(scene.pledges, ndjson(good, bad))).json()["results"]
    assert [result["status"] for result in results] == [201, 400]
    assert results[1]["body"]["code"] == "name_twice"


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("item", "NOPE", "item_unknown"),
        ("item_group", "zzz", "code_unknown"),
        ("sector", "zzz", "code_unknown"),
        ("district", "TUR999", "wrong_format"),
    ],
)
async def test_a_filter_that_names_nothing_known_is_refused(scene: Scene, name: str, value: str, code: str):
    details: set[str] = set()
    for reader in (scene.pledger, scene.pledger.in_turkish()):
        for path in ("lines", "lines.csv"):
            refused = await reader.get(f"/crises/{scene.crisis_id}/{path}", **{name: value})
            (error,) = refused.json()["errors"]
            assert (refused.status_code, error["pointer"], error["code"]) == (422, f"/{name}", code)
            assert "{" not in error["detail"].replace("{3}", "")
            details.add(error["detail"])
    assert len(details) == 2


@pytest.mark.parametrize(
    ("path", "name", "values"),
    [
        ("lines", "has_gap", ("true", "false")),
        ("lines.csv", "item", ("SHL-TENT-FAM", "SHL-TARP-4X6")),
        ("pledges", "state", ("proposed", "held")),
        ("pledges.csv", "state", ("proposed", "held")),
        ("needs", "state", ("open", "closed")),
    ],
)
async def test_a_filter_is_asked_once(scene: Scene, path: str, name: str, values: tuple[str, str]):
    url, given = f"/crises/{scene.crisis_id}/{path}", httpx.QueryParams([(name, value) for value in values])
    refused = await scene.pledger.client.get(url, params=given, headers=scene.pledger.headers())
    assert (refused.status_code, refused.json()["code"]) == (400, "parameter_twice"), refused.text
    assert refused.json()["name"] == name


async def test_a_number_people_say_is_told_from_an_id(scene: Scene):
    for language, word in ((scene.office, "crisis_id"), (scene.office.in_turkish(), "crisis_id")):
        for path in ("/crises/KRZ-2026-0001/lines", "/crises/KRZ-2026-0001"):
            (error,) = (await language.get(path)).json()["errors"]
            assert (error["pointer"], error["in"]) == ("/crisis_id", "path") and word in error["detail"]
    body = scene.pledge("10")
    (error,) = (await scene.pledger.post("/crises/KRZ-2026-0001/pledges", body)).json()["errors"]
    assert (error["pointer"], "number people say" in error["detail"]) == ("/crisis_id", True)


async def test_a_command_with_nothing_to_add_needs_no_body(scene: Scene):
    allocation = (await scene.pledged("10"))["allocation_id"]
    held = await raw_without_body(scene, f"/allocations/{allocation}/accept")
    assert (held.status_code, held.json()["state"]) == (200, "held"), held.text
    document = (await scene.office.client.get("/openapi.json")).json()["paths"]
    accept = document["/allocations/{allocation_id}/accept"]["post"]["requestBody"]
    assert not accept.get("required", False)


async def raw_without_body(scene: Scene, path: str) -> httpx.Response:
    headers = scene.office.headers(idempotency_key=str(uuid7()))
    return await scene.office.client.post(path, headers=headers)


async def test_where_the_goods_come_from_is_asked_for_by_name(scene: Scene):
    body = scene.pledge("10")
    del body["origin"]
    line = (await scene.pledged("10"))["offer_line_id"]
    stated = {**body, "offer_line_id": line, "has_transport": True}
    for sent, pointer, code in (
        (body, "/origin", "one_source"),
        (scene.pledge("10", offer_line_id=line), "/origin", "one_source"),
        (stated, "/has_transport", "stated_on_offer"),
    ):
        texts: set[str] = set()
        for who in (scene.pledger, scene.pledger.in_turkish()):
            refused = await who.post(scene.pledges, sent)
            (error,) = refused.json()["errors"]
            assert (refused.status_code, error["pointer"], error["code"]) == (422, pointer, code)
            assert "offer_line_id" in error["detail"]
            texts.add(error["detail"])
        assert len(texts) == 2
