"""Correcting the record over HTTP: asked by one key, done by another, shown beside what it corrects."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.http.crisis.conftest import Api, Scene, staged
from tests.http.crisis.test_quantities import held, with_another_key

Try = Callable[[Scene], Awaitable[httpx.Response]]


async def correct(scene: Scene, row: dict[str, Any], api: Api | None = None, **body: Any) -> httpx.Response:
    stated = {"reason": "counted_wrong", **body}
    return await (api or scene.office).post(f"/allocations/{row['allocation_id']}/correct", stated)


async def test_a44_a_correction_is_shown_beside_what_it_corrects(scene: Scene):
    row = await held(scene, "200")
    asked = await correct(scene, row, becomes={"confirmed": "180", "short": "20"}, excess="5")
    assert asked.status_code == 202, asked.text
    request = asked.json()
    assert (request["action"], request["payload"]["was"]) == ("correct_record", "held")
    assert request["payload"]["becomes"] == {"confirmed": "180", "short": "20"}
    confirmed = await with_another_key(scene.office).post(f"{asked.headers['location']}/confirm")
    assert confirmed.status_code == 200, confirmed.text

    seen = (await scene.pledger.get(f"/allocations/{row['allocation_id']}")).json()
    assert (seen["state"], seen["quantity"]) == ("split", "0")
    steps = [(each["to_state"], each["quantity"], each["is_correction"]) for each in seen["history"]]
    assert steps[:3] == [("proposed", "200", False), ("held", "200", False), ("split", "200", True)]
    assert sorted(steps[3:]) == [("confirmed", "180", True), ("short", "20", True)]
    (correction,) = seen["corrections"]
    assert correction["before"] == {
        "allocation_id": row["allocation_id"], "state": "held", "quantity": "200",
    }  # fmt: skip
    assert correction["excess"]["quantity"] == "5"
    assert correction["two_key_id"] == request["two_key_id"]

    path = f"/need-lines/{scene.line}/corrections"
    for api in (scene.asker, scene.office, scene.pledger):
        assert (await api.get(path)).json()["items"] == [correction]
    assert (await scene.office.member("pledger").get(path)).json()["items"] == []
    line = (await scene.asker.get(f"/needs/{scene.need_id}")).json()["lines"][0]["line"]
    assert (line["H"], line["D"], line["L"], line["gap"]) == ("0", "185", "20", "815")


async def test_corrections_of_a_line_come_in_pages(scene: Scene):
    for _ in range(2):
        asked = await correct(scene, await held(scene, "10"), becomes={"confirmed": "10"})
        await with_another_key(scene.office).post(f"{asked.headers['location']}/confirm")
    path = f"/need-lines/{scene.line}/corrections"
    first = (await scene.asker.get(path, limit=1)).json()
    last = (await scene.asker.get(path, limit=1, cursor=first["next_cursor"])).json()
    versions = [page["items"][0]["line_version"] for page in (first, last)]
    assert versions == sorted(set(versions))
    assert (first["has_more"], last["has_more"]) == (True, False)


@pytest.mark.parametrize(
    "body",
    [
        {"becomes": {}},
        {"becomes": {"dispatched": "200"}},
        {"becomes": {"confirmed": "0"}},
        {"becomes": {"confirmed": 200}},
        {"becomes": {"confirmed": "200"}, "excess": "-1"},
    ],
)
async def test_a_body_that_says_nothing_true_is_refused(scene: Scene, body: dict[str, Any]):
    refused = await correct(scene, await held(scene, "200"), **body)
    assert (refused.status_code, refused.json()["status"]) == (422, 422)


async def _incomplete(scene: Scene) -> httpx.Response:
    return await correct(scene, await held(scene, "200"), becomes={"confirmed": "190"})


async def _the_same(scene: Scene) -> httpx.Response:
    return await correct(scene, await held(scene, "200"), becomes={"held": "200"})


async def _excess_of_nothing(scene: Scene) -> httpx.Response:
    return await correct(scene, await held(scene, "200"), becomes={"short": "200"}, excess="5")


async def _unknown_reason(scene: Scene) -> httpx.Response:
    return await correct(scene, await held(scene, "200"), becomes={"short": "200"}, reason="whim")


async def _by_a_desk(scene: Scene) -> httpx.Response:
    desk = scene.office.member("provincial_desk", provinces=frozenset({"31"}))
    return await correct(scene, await held(scene, "200"), desk, becomes={"short": "200"})


async def _its_own_promise(scene: Scene) -> httpx.Response:
    both = scene.office.member("secretariat", "pledger")
    row = (await both.post(scene.pledges, scene.pledge("10"))).json()
    return await correct(scene, row, both, becomes={"confirmed": "10"})


async def _twice(scene: Scene) -> httpx.Response:
    row = await held(scene, "200")
    await correct(scene, row, becomes={"confirmed": "200"})
    return await correct(scene, row, becomes={"short": "200"})


async def _after_it_was_cut(scene: Scene) -> httpx.Response:
    row = await held(scene, "200")
    asked = await correct(scene, row, becomes={"confirmed": "200"})
    await with_another_key(scene.office).post(f"{asked.headers['location']}/confirm")
    return await correct(scene, row, becomes={"short": "200"})


REFUSED: dict[str, tuple[Try, int, dict[str, Any]]] = {
    "correction_incomplete": (_incomplete, 422, {"quantity": "200", "named": "190"}),
    "nothing_corrected": (_the_same, 422, {"present_state": "held"}),
    "excess_without_arrival": (_excess_of_nothing, 422, {"quantity": "5"}),
    "reason_unknown": (_unknown_reason, 422, {"reason": "whim"}),
    "role_missing": (_by_a_desk, 403, {}),
    "same_party": (_its_own_promise, 409, {"side": "pledger"}),
    "key_pending": (_twice, 409, {"action": "correct_record"}),
    "allocation_not_in_state": (_after_it_was_cut, 409, {"present_state": "split"}),
}


@pytest.mark.parametrize("code", REFUSED)
async def test_a_refusal_is_a_problem_with_code_facts_and_words_in_both_languages(office: Api, code: str):
    attempt, status, facts = REFUSED[code]
    details: set[str] = set()
    for api in (office, office.in_turkish()):
        problem = (await attempt(await staged(api))).json()
        assert (problem["code"], problem["status"]) == (code, status), problem
        assert facts.items() <= problem.items()
        assert problem["title"] and "{" not in problem["detail"]
        details.add(problem["detail"])
    assert len(details) == 2
