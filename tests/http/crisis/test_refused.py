"""Every refusal, in Turkish and in English, with the facts that let the caller do better."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.http.crisis.conftest import CRISIS, Api, Scene, staged

Try = Callable[[Scene], Awaitable[httpx.Response]]
SENT: dict[str, tuple[Try, int, dict[str, Any]]] = {}


def refused(code: str, status: int, **facts: Any) -> Callable[[Try], Try]:
    def keep(attempt: Try) -> Try:
        SENT[f"{code}:{attempt.__name__}"] = (attempt, status, facts)
        return attempt

    return keep


async def _need(scene: Scene, api: Api | None = None, **line: Any) -> httpx.Response:
    body = {"district": "TUR031005", "urgency": "urgent", "lines": [scene.office.tents(**line)]}
    return await (api or scene.asker).post(f"/crises/{scene.crisis_id}/needs", body)


async def _full(scene: Scene) -> None:
    """Accept 900 of 1,000."""
    pledged = await scene.pledged("900")
    answer = await scene.office.post(f"/allocations/{pledged['allocation_id']}/accept", {})
    assert answer.status_code == 200, answer.text


@refused("role_missing", 403, roles="secretariat")
async def _opening_by_a_pledger(scene: Scene) -> httpx.Response:
    return await scene.office.member("asker").post("/crises", CRISIS)


@refused("drill_not_available", 422)
async def _a_drill(scene: Scene) -> httpx.Response:
    return await scene.office.post("/crises", {**CRISIS, "is_drill": True})


@refused("not_found", 404, kind="crisis")
async def _a_need_for_an_unknown_crisis(scene: Scene) -> httpx.Response:
    body = {"district": "TUR031005", "urgency": "urgent", "lines": [scene.office.tents()]}
    return await scene.asker.post(f"/crises/{scene.need_id}/needs", body)


@refused("place_outside_area", 422, place="TUR006", area="TUR031")
async def _a_need_elsewhere(scene: Scene) -> httpx.Response:
    body = {"district": "TUR006", "urgency": "urgent", "lines": [scene.office.tents()]}
    return await scene.asker.post(f"/crises/{scene.crisis_id}/needs", body)


@refused("item_unknown", 422, item_code="NOPE")
async def _an_unknown_item(scene: Scene) -> httpx.Response:
    return await _need(scene, item_code="NOPE")


@refused("item_not_goods", 422, kind="service")
async def _a_service(scene: Scene) -> httpx.Response:
    return await _need(scene, item_code="FSC-MEAL-HOT", unit="öğün")


@refused("unit_unknown", 422, known="adet, palet")
async def _an_unknown_pack(scene: Scene) -> httpx.Response:
    return await _need(scene, unit="koli")


@refused("not_whole", 422)
async def _half_a_tent(scene: Scene) -> httpx.Response:
    return await _need(scene, quantity="0.5")


@refused("needed_by_past", 422)
async def _yesterday(scene: Scene) -> httpx.Response:
    return await _need(scene, needed_by=(scene.office.clock.now() - timedelta(days=1)).isoformat())


@refused("min_useful_above_requested", 422, min_useful="11", requested="10")
async def _a_useful_quantity_above_the_request(scene: Scene) -> httpx.Response:
    return await _need(scene, quantity="10", min_useful_quantity="11")


@refused("same_party", 409, side="asker")
async def _verifying_an_own_need(scene: Scene) -> httpx.Response:
    both = scene.office.member("asker", "verifier")
    need = (await _need(scene, both)).json()
    return await both.post(f"/needs/{need['need_id']}/verify", {"level": 1})


@refused("verification_not_higher", 409, level="1", verification="1")
async def _verifying_twice(scene: Scene) -> httpx.Response:
    return await scene.office.post(f"/needs/{scene.need_id}/verify", {"level": 1})


@refused("need_not_open", 409, present_state="submitted")
async def _pledging_for_an_unverified_need(scene: Scene) -> httpx.Response:
    need = (await _need(scene)).json()
    body = scene.pledge(need_line_id=need["lines"][0]["need_line_id"])
    return await scene.pledger.post(scene.pledges, body)


@refused("not_found", 404, kind="need line")
async def _pledging_for_an_unknown_line(scene: Scene) -> httpx.Response:
    return await scene.pledger.post(scene.pledges, scene.pledge(need_line_id=str(scene.need_id)))


@refused("role_missing", 403, roles="pledger")
async def _pledging_without_the_role(scene: Scene) -> httpx.Response:
    return await scene.asker.post(scene.pledges, scene.pledge())


@refused("too_small", 422, quantity="4", min_useful="5", room="10", unit="adet")
async def _less_than_useful(scene: Scene) -> httpx.Response:
    need = (await _need(scene, quantity="10", min_useful_quantity="5")).json()
    await scene.office.post(f"/needs/{need['need_id']}/verify", {"level": 1})
    body = scene.pledge("4", need_line_id=need["lines"][0]["need_line_id"])
    return await scene.pledger.post(scene.pledges, body)


@refused("line_overdue", 409)
async def _pledging_too_late(scene: Scene) -> httpx.Response:
    scene.office.clock.advance(timedelta(days=3))
    return await scene.pledger.post(scene.pledges, scene.pledge())


@refused("gap_exceeded", 409, quantity="200", room="100", gap="100", unit="adet")
async def _accepting_more_than_the_room(scene: Scene) -> httpx.Response:
    await _full(scene)
    pledged = await scene.pledged("200")
    return await scene.office.post(f"/allocations/{pledged['allocation_id']}/accept", {})


@refused("rest_required", 422, rest="50")
async def _accepting_a_part_silently(scene: Scene) -> httpx.Response:
    pledged = await scene.pledged("200")
    return await scene.office.post(f"/allocations/{pledged['allocation_id']}/accept", {"quantity": "150"})


@refused("quantity_above_allocation", 422, quantity="201", proposed="200")
async def _accepting_more_than_proposed(scene: Scene) -> httpx.Response:
    pledged = await scene.pledged("200")
    body = {"quantity": "201", "rest": "decline"}
    return await scene.office.post(f"/allocations/{pledged['allocation_id']}/accept", body)


@refused("same_party", 409, side="proposer")
async def _accepting_an_own_pledge(scene: Scene) -> httpx.Response:
    both = scene.office.member("pledger", "secretariat")
    pledged = (await both.post(scene.pledges, scene.pledge())).json()
    return await both.post(f"/allocations/{pledged['allocation_id']}/accept", {})


@refused("allocation_not_in_state", 409, present_state="declined", by="secretariat")
async def _answering_twice(scene: Scene) -> httpx.Response:
    pledged = await scene.pledged()
    path = f"/allocations/{pledged['allocation_id']}"
    await scene.office.post(f"{path}/decline", {"reason": "too_far"})
    return await scene.office.post(f"{path}/accept", {})


@refused("reason_unknown", 422, reason="because")
async def _declining_without_a_known_reason(scene: Scene) -> httpx.Response:
    pledged = await scene.pledged()
    return await scene.office.post(f"/allocations/{pledged['allocation_id']}/decline", {"reason": "because"})


@refused("not_found", 404, kind="allocation")
async def _a_stranger_answering(scene: Scene) -> httpx.Response:
    pledged = await scene.pledged()
    stranger = scene.office.member("provincial_desk", provinces=frozenset({"06"}))
    return await stranger.post(f"/allocations/{pledged['allocation_id']}/accept", {})


@refused("role_missing", 403, roles="pledger")
async def _withdrawing_somebody_elses_pledge(scene: Scene) -> httpx.Response:
    pledged = await scene.pledged()
    return await scene.office.post(f"/allocations/{pledged['allocation_id']}/withdraw", {"reason": "other"})


@pytest.mark.parametrize("name", SENT)
async def test_a_refusal_is_a_problem_with_code_facts_and_words_in_both_languages(office: Api, name: str):
    attempt, status, facts = SENT[name]
    details: set[str] = set()
    for api in (office, office.in_turkish()):
        problem = (await attempt(await staged(api))).json()
        assert (problem["code"], problem["status"]) == (name.split(":", maxsplit=1)[0], status), problem
        assert facts.items() <= problem.items()
        assert problem["title"] and "{" not in problem["detail"]
        details.add(problem["detail"])
    assert len(details) == 2


BAD_QUANTITIES = ["NaN", "0", "-1", "1e3", "1" * 30, "1.2345", "", "1,5", "Infinity", "0.0000"]


async def test_a_bad_quantity_is_named_with_its_rule_and_leaves_the_key_free(scene: Scene):
    for api in (scene.pledger, scene.pledger.in_turkish()):
        for quantity in [*BAD_QUANTITIES, 5, None, "9" * 65]:
            body = {**scene.pledge(), "quantity": quantity}
            answer = await api.post(scene.pledges, body, idempotency_key=f"bad {api.language}")
            assert answer.status_code == 422, answer.text
            (error,) = answer.json()["errors"]
            assert error["pointer"] == "/quantity" and error["detail"] and error["code"], quantity
        good = await api.post(scene.pledges, scene.pledge(), idempotency_key=f"bad {api.language}")
        assert good.status_code == 201


BAD_FIELDS = {
    "/origin": "Ankara",
    "/need_line_id": "7",
    "/unit": "",
    "/ready_within_minutes": -1,
    "/colour": "red",
}


async def test_a_bad_field_is_pointed_at(scene: Scene):
    for pointer, value in BAD_FIELDS.items():
        answer = await scene.pledger.post(scene.pledges, {**scene.pledge(), pointer[1:]: value})
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    for needed_by in ("2026-02-07T09:00:00", "tomorrow", 7):
        answer = await _need(scene, needed_by=needed_by)
        assert [error["pointer"] for error in answer.json()["errors"]] == ["/lines/0/needed_by"]


async def test_nobody_writes_without_a_key_of_each_kind(scene: Scene):
    missing = await scene.pledger.client.post(
        scene.pledges, json=scene.pledge(), headers=scene.pledger.headers()
    )
    assert (missing.status_code, missing.json()["code"]) == (400, "idempotency_key_required")
    anonymous = await scene.pledger.client.post(
        scene.pledges, json=scene.pledge(), headers={"idempotency-key": "1"}
    )
    assert anonymous.status_code == 401
    wrong = await scene.pledger.client.post(
        scene.pledges, content=b"a=1", headers=scene.pledger.headers(content_type="text/plain")
    )
    assert wrong.status_code == 415


async def test_the_room_in_a_refusal_can_be_accepted_at_once(scene: Scene):
    await _full(scene)
    pledged = await scene.pledged("200")
    path = f"/allocations/{pledged['allocation_id']}/accept"
    room = (await scene.office.post(path, {})).json()["room"]
    held = await scene.office.post(path, {"quantity": room, "rest": "waitlist"})
    assert (held.json()["state"], held.json()["quantity"], held.json()["line"]["gap"]) == ("held", "100", "0")
    assert held.json()["rest"][0]["state"] == "waitlisted"


async def test_a_pledge_on_a_full_line_waits(scene: Scene):
    await _full(scene)
    pledged = await scene.pledged("100")
    await scene.office.post(f"/allocations/{pledged['allocation_id']}/accept", {})
    waiting = await scene.pledged("10")
    assert (waiting["state"], waiting["line"]["W"], waiting["line"]["room"]) == ("waitlisted", "10", "0")
    assert (
        waiting["deadline_at"]
        == (await scene.pledger.get(f"/allocations/{waiting['allocation_id']}")).json()["deadline_at"]
    )


@pytest.mark.parametrize(
    "path", ["/crises/{}", "/needs/{}", "/allocations/{}", "/crises/{}/needs", "/crises/{}/pledges"]
)
async def test_what_does_not_exist_is_not_found(scene: Scene, path: str):
    answer = await scene.office.get(path.format("01900000-0000-7000-8000-000000000001"))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_commands_on_unknown_ids_are_not_found(scene: Scene):
    unknown = "01900000-0000-7000-8000-000000000001"
    for path, body in (
        (f"/needs/{unknown}/verify", {"level": 1}),
        (f"/allocations/{unknown}/accept", {}),
        (f"/allocations/{unknown}/withdraw", {"reason": "other"}),
    ):
        assert (await scene.office.post(path, body)).status_code == 404


async def test_strangers_read_no_allocation(scene: Scene):
    path = f"/allocations/{(await scene.pledged())['allocation_id']}"
    assert (await scene.office.member("pledger", "asker").get(path)).status_code == 404
    for party in (scene.pledger, scene.asker, scene.office):
        assert (await party.get(path)).status_code == 200
