"""Many pledges in one request: each line stands for itself."""

import json
from typing import Any

from tests.http.crisis.conftest import Scene


def ndjson(*lines: dict[str, Any] | str) -> bytes:
    return "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines).encode()


async def test_every_line_has_its_own_answer(scene: Scene):
    body = ndjson(
        {**scene.pledge("10"), "idempotency_key": "a"},
        "{not json",
        {**scene.pledge("NaN"), "idempotency_key": "b"},
        scene.pledge("10"),
        "",
        {**scene.pledge("0.5"), "idempotency_key": "c"},
        {**scene.pledge("10"), "idempotency_key": "d", "colour": "red"},
        "[]",
        {**scene.pledge("2", unit="palet"), "idempotency_key": "e"},
        {**scene.pledge("10"), "idempotency_key": "a"},
    )
    answer = await scene.pledger.bulk(scene.pledges, body)
    assert answer.status_code == 207, answer.text
    results = {result["line"]: result for result in answer.json()["results"]}
    assert {line: result["status"] for line, result in results.items()} == {
        1: 201, 2: 400, 3: 422, 4: 400, 6: 422, 7: 422, 8: 422, 9: 201, 10: 409,
    }  # fmt: skip
    assert results[3]["body"]["errors"][0]["pointer"] == "/quantity"
    assert results[4]["body"]["code"] == "idempotency_key_required"
    assert results[6]["body"]["code"] == "not_whole"
    assert results[9]["body"]["quantity"] == "12"
    assert results[10]["body"]["code"] == "idempotency_key_running"


async def test_a_repeated_bulk_replays_every_line_and_pledges_nothing_twice(scene: Scene):
    body = ndjson(*({**scene.pledge("1"), "idempotency_key": f"k{n}"} for n in range(250)))
    first = (await scene.pledger.bulk(scene.pledges, body)).json()["results"]
    again = (await scene.pledger.bulk(scene.pledges, body)).json()["results"]
    assert [result["status"] for result in first] == [201] * 250
    assert all(result["is_replayed"] for result in again)
    assert [result["body"] for result in first] == [result["body"] for result in again]
    single = await scene.pledger.post(scene.pledges, scene.pledge("1"), idempotency_key="k0")
    assert single.json() == first[0]["body"] and single.headers["idempotent-replayed"] == "true"
    need = (await scene.office.get(f"/needs/{scene.need_id}")).json()
    assert need["lines"][0]["line"]["P"] == "250"


async def test_five_hundred_lines_are_the_limit(scene: Scene):
    body = ndjson(*({**scene.pledge("1"), "idempotency_key": f"k{n}"} for n in range(501)))
    answer = await scene.pledger.bulk(scene.pledges, body)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_many_lines")


async def test_a_bulk_needs_the_right_to_pledge(scene: Scene):
    line = ndjson({**scene.pledge("1"), "idempotency_key": "a"})
    results = (await scene.asker.bulk(scene.pledges, line)).json()["results"]
    assert (results[0]["status"], results[0]["body"]["code"]) == (403, "role_missing")
    granted = await scene.pledger.bulk(scene.pledges, line)
    assert granted.json()["results"][0]["status"] == 201


async def test_an_empty_bulk_has_no_results(scene: Scene):
    answer = await scene.pledger.bulk(scene.pledges, b"\n\n")
    assert (answer.status_code, answer.json()) == (207, {"results": []})


async def test_a_line_nested_too_deep_to_be_written_again_fails_alone(scene: Scene):
    deep = f'{{"need_line_id": {"[" * 400}{"]" * 400}, "idempotency_key": "a"}}'
    body = ndjson(deep, {**scene.pledge("10"), "idempotency_key": "b"})
    answer = await scene.pledger.bulk(scene.pledges, body)
    assert [result["status"] for result in answer.json()["results"]] == [400, 201]


async def test_absurd_quantities_are_refused_before_they_can_spoil_a_line(scene: Scene):
    absurd = [{**scene.pledge("999999999999999"), "idempotency_key": f"k{n}"} for n in range(2)]
    answer = await scene.pledger.bulk(scene.pledges, ndjson(*absurd))
    assert {result["body"]["code"] for result in answer.json()["results"]} == {"quantity_too_large"}
    after = await scene.pledger.post(scene.pledges, scene.pledge("10"))
    assert after.status_code == 201
