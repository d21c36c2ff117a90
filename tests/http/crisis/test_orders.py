"""Saturation orders and places on the waiting list over HTTP: shapes, rights, refusals, words."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from crisis.consumers.orders import order_effects
from crisis.domain.orders import WALK
from imece_chassis.deadlines import DeadlineWorker
from tests.db.crisis.test_orders import leave
from tests.db.crisis.world import World
from tests.http.crisis.conftest import Api, Scene


def order(scene: Scene, **changes: Any) -> dict[str, Any]:
    until = (scene.office.clock.now() + timedelta(days=3)).isoformat()
    return {
        "crisis_id": str(scene.crisis_id),
        "item_code": "SHL-TENT-FAM",
        "area": ["TUR031"],
        "until": until,
        "reason": "enough_here",
        **changes,
    }


async def issued(scene: Scene, by: Api | None = None, **changes: Any) -> dict[str, Any]:
    answer = await (by or scene.office).post("/orders", order(scene, **changes))
    assert answer.status_code == 201, answer.text
    return answer.json()


def code(answer: httpx.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    return answer.json()["code"]


async def test_an_order_is_issued_confirmed_and_lifted(scene: Scene):
    first = await issued(scene, depot="TUR001")
    assert (first["state"], first["item_group"], first["depot"]) == ("provisional", None, "TUR001")
    deadline = scene.office.clock.now() + timedelta(hours=12)
    assert first["deadline_at"] == deadline.isoformat().replace("+00:00", "Z")
    path = f"/orders/{first['order_id']}"
    second = scene.office.member("secretariat")
    active = (await second.post(f"{path}/confirm")).json()
    assert (active["state"], active["deadline_at"]) == ("active", active["until"])
    assert active["second_org_id"] == str(second.who.organisation_id)
    assert (await scene.pledger.get(path)).json() == active
    listed = (await scene.asker.get(f"/crises/{scene.crisis_id}/orders", state="active")).json()
    assert listed["items"] == [{**active, "changed_at": listed["items"][0]["changed_at"]}]
    lifted = (await scene.office.post(f"{path}/lift")).json()
    assert (lifted["state"], lifted["lapse_reason"], lifted["deadline_at"]) == ("lapsed", "lifted", None)


async def test_a10_a_truck_on_the_road_is_offered_the_depot_of_the_order_within_a_minute(scene: Scene):
    world, turns = World(scene.office.database, scene.office.clock), list[dict[str, Any]]()
    walks = order_effects(world.database, world.tools)[WALK]
    walker = DeadlineWorker(world.database, {WALK: walks})
    crisis = scene.crisis_id
    body = {"district": "TUR031006", "urgency": "urgent", "lines": [scene.office.tents("50")]}
    missing = (await scene.asker.post(f"/crises/{crisis}/needs", body)).json()
    assert (await scene.office.post(f"/needs/{missing['need_id']}/verify", {"level": 1})).status_code == 200
    for depot in ("TUR033", None):
        row = (await scene.pledged("10"))["allocation_id"]
        assert (await scene.office.post(f"/allocations/{row}/accept")).status_code == 200
        await world.database.unit_of_work(lambda tx, row=row: leave(tx, UUID(row), world))
        stopped = await issued(scene, area=["TUR031005"], depot=depot)
        due = await world.value(
            "SELECT due_at FROM deadlines WHERE subject_id = $1 AND kind = $2",
            UUID(stopped["order_id"]),
            WALK,
        )
        assert due - scene.office.clock.now() <= timedelta(seconds=60)
        assert await walker.run_once() >= 1
        found = (await scene.office.get("/tasks", crisis_id=crisis, kind="divert")).json()["items"]
        (task,) = [each for each in found if each["subject_id"] == row]
        assert task["turn"].pop("order_id") == stopped["order_id"]
        turns.append(task["turn"])
        await scene.office.post(f"/orders/{stopped['order_id']}/lift")
    line = missing["lines"][0]["need_line_id"]
    assert turns == [
        {"place": "TUR033", "need_line_id": None},
        {"place": "TUR031006", "need_line_id": line},
    ]
    rows = await world.rows("SELECT payload FROM outbox WHERE type = 'crisis.task.opened' ORDER BY position")
    told = [event for row in rows if (event := json.loads(row["payload"]))["kind"] == "divert"]
    assert [(event["proposed_district"], event.get("proposed_line")) for event in told] == [
        ("TUR033", None),
        ("TUR031006", line),  # the first truck's task knew nothing of the second order
        ("TUR031006", line),
    ]


async def test_a_stopped_pledge_is_told_until_when_and_where_else(scene: Scene):
    stopped = await issued(scene)
    for pledger, title in (
        (scene.pledger, "Please do not send this there"),
        (scene.pledger.in_turkish(), "Göndermeyin: bu bölge için durduruldu"),
    ):
        answer = await pledger.post(scene.pledges, scene.pledge())
        assert code(answer, 409) == "saturated"
        refused = answer.json()
        assert refused["title"] == title
        assert (refused["order_id"], refused["alternatives"]) == (stopped["order_id"], [])


@pytest.mark.parametrize(
    ("changes", "status", "expected"),
    [
        ({"item_group": "BAR"}, 422, "order_names_one_thing"),
        ({"item_code": None}, 422, "order_names_one_thing"),
        ({"item_code": None, "item_group": "XXX"}, 422, "group_unknown"),
        ({"item_code": "NOPE"}, 422, "item_unknown"),
        ({"item_code": "FSC-MEAL-HOT"}, 422, "item_not_goods"),
        ({"area": ["TUR006"]}, 422, "place_outside_area"),
        ({"reason": "because"}, 422, "reason_unknown"),
        ({"until": "2026-02-21T09:00:01Z"}, 422, "order_end_invalid"),
        ({"until": "2026-02-06T08:59:59Z"}, 422, "order_end_invalid"),
        ({"crisis_id": "0199c2d4-0000-7000-8000-000000000003"}, 404, "not_found"),
        ({"area": []}, 422, "validation_failed"),
        ({"forever": True}, 422, "validation_failed"),
    ],
)
async def test_what_an_order_may_not_say(scene: Scene, changes: dict[str, Any], status: int, expected: str):
    answer = await scene.office.post("/orders", order(scene, **changes))
    assert code(answer, status) == expected


async def test_who_may_do_what_with_an_order(scene: Scene):
    for role in ("asker", "pledger", "verifier", "auditor", "field_reporter"):
        answer = await scene.office.member(role).post("/orders", order(scene))
        assert code(answer, 403) in {"role_missing", "scope_missing"}
    ankara = scene.office.member("provincial_desk", provinces=frozenset({"06"}))
    assert code(await ankara.post("/orders", order(scene)), 403) == "role_missing"
    hatay = scene.office.member("provincial_desk", provinces=frozenset({"31"}))
    made = await issued(scene, by=hatay)
    path = f"/orders/{made['order_id']}"
    assert code(await hatay.post(f"{path}/confirm"), 403) == "role_missing"
    assert code(await ankara.post(f"{path}/lift"), 403) == "role_missing"
    assert (await hatay.post(f"{path}/lift")).status_code == 200
    assert code(await hatay.post(f"{path}/lift"), 409) == "order_not_in_state"
    own = await issued(scene)
    assert code(await scene.office.post(f"/orders/{own['order_id']}/confirm"), 409) == "same_key"
    assert code(await scene.office.get(f"/orders/{scene.crisis_id}"), 404) == "not_found"


async def test_a_pledge_that_waits_is_told_its_place_in_words(scene: Scene):
    full = await scene.pledged("1000")
    accepted = await scene.office.post(f"/allocations/{full['allocation_id']}/accept", {})
    assert accepted.status_code == 200, accepted.text
    assert "place" not in full
    near = {"origin": "TUR031", "ready_within_minutes": 0}
    for _ in range(2):
        await scene.pledged("10", **near)
    mine = await scene.pledged("10")
    assert mine["state"] == "waitlisted"
    place = mine["place"]
    assert place["explained"] == {
        "en": "you are 3rd: 2 are nearer",
        "tr": "3. sıradasınız: 2 kayıt daha yakın",
    }
    assert (place["position"], place["waiting"], place["points"], place["ahead"]) == (3, 3, 25, {"nearer": 2})
    assert [(each["merit"], each["points"], each["figure"]) for each in place["reasons"]] == [
        ("distance", 10, "505"),
        ("readiness", 0, None),
        ("reliability", 15, "0/0"),
    ]
    shown = (await scene.pledger.get(f"/allocations/{mine['allocation_id']}")).json()
    assert shown["place"] == place
    assert shown["is_not_reached"] is False
    held = (await scene.pledger.get(f"/allocations/{full['allocation_id']}")).json()
    assert held["place"] is None
