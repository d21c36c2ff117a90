"""Lists are narrowed by place, item group, urgency and date; a desk finds what it must answer soon."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.http.crisis.conftest import Api, Scene

LONG_AGO = "2020-01-01T00:00:00Z"
HATAY = frozenset({"31"})


def soon(api: Api, **by: float) -> str:
    return (api.clock.now() + timedelta(**by)).isoformat()


async def listed(api: Api, path: str, **query: Any) -> dict[str, Any]:
    answer = await api.get(path, **query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def found(api: Api, path: str, **query: Any) -> int:
    return len((await listed(api, path, **query))["items"])


async def offered(scene: Scene, **changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "crisis_id": str(scene.crisis_id),
        "origin": "TUR006001",
        "available_from": scene.office.clock.now().isoformat(),
        "available_until": soon(scene.office, days=10),
        "lines": [{"item_code": "SHL-TENT-FAM", "quantity": "50", "unit": "adet"}],
    }
    answer = await scene.pledger.post("/offers", {**body, **changes})
    assert answer.status_code == 201, answer.text
    return answer.json()


NARROWED: list[tuple[dict[str, Any], int]] = [
    ({"province": "TUR031"}, 1),
    ({"province": "TUR006"}, 0),
    ({"item_group": "BAR"}, 1),
    ({"item_group": "SAG"}, 0),
    ({"urgency": "urgent"}, 1),
    ({"urgency": "life_saving"}, 0),
    ({"province": "TUR031", "item_group": "BAR", "urgency": "urgent"}, 1),
    ({"province": "TUR031", "item_group": "BAR", "urgency": "normal"}, 0),
]


@pytest.mark.parametrize(("filters", "count"), NARROWED, ids=str)
async def test_needs_and_pledges_are_narrowed(scene: Scene, filters: dict[str, Any], count: int):
    await scene.pledged()
    needs = f"/crises/{scene.crisis_id}/needs"
    assert await found(scene.office, needs, **filters) == count
    assert await found(scene.office, scene.pledges, **filters) == count
    assert await found(scene.office, scene.pledges, updated_since=LONG_AGO, **filters) == count
    table = await scene.office.get(f"{scene.pledges}.csv", **filters)
    assert len(table.text.splitlines()) == 1 + count


async def test_needs_due_before_a_moment(scene: Scene):
    needs = f"/crises/{scene.crisis_id}/needs"
    assert await found(scene.office, needs, due_before=soon(scene.office, days=1)) == 0
    assert await found(scene.office, needs, due_before=soon(scene.office, days=4)) == 1


async def test_needs_can_be_followed(scene: Scene):
    needs = f"/crises/{scene.crisis_id}/needs"
    body = {"district": "TUR031003", "urgency": "normal", "lines": [scene.asker.tents("40")]}
    second = (await scene.asker.post(needs, body)).json()["need_id"]
    walk = await listed(scene.office, needs, updated_since=LONG_AGO, limit=1)
    further = await listed(scene.office, needs, updated_since=LONG_AGO, cursor=walk["next_cursor"])
    seen = [need["need_id"] for need in walk["items"] + further["items"]]
    assert seen == [str(scene.need_id), second]
    assert further["next_updated_since"] == walk["next_updated_since"]
    held = await scene.office.post(
        f"/needs/{scene.need_id}/hold", {"reason": "no_access", "until": soon(scene.office, days=1)}
    )
    assert held.status_code == 200, held.text
    after = await listed(scene.office, needs, updated_since=walk["next_updated_since"])
    assert (after["items"][-1]["need_id"], after["items"][-1]["state"]) == (str(scene.need_id), "on_hold")


async def test_a_desk_lists_the_proposals_of_its_province_that_are_due_soon(scene: Scene):
    desk = scene.office.member("provincial_desk", provinces=HATAY)
    first, second = await scene.pledged("10"), await scene.pledged("20")
    held = await scene.pledged("30")
    assert (await scene.office.post(f"/allocations/{held['allocation_id']}/accept")).status_code == 200
    due = max(first["deadline_at"], second["deadline_at"])
    asked = {"state": "proposed", "province": "TUR031"}
    page = await listed(desk, scene.pledges, **asked, due_before=soon(scene.office, days=9), limit=1)
    further = await listed(
        desk,
        scene.pledges,
        **asked,
        due_before=soon(scene.office, days=9),
        limit=1,
        cursor=page["next_cursor"],
    )
    items = page["items"] + further["items"]
    assert [item["allocation_id"] for item in items] == [first["allocation_id"], second["allocation_id"]]
    assert not further["has_more"]
    assert await found(desk, scene.pledges, **asked, due_before=first["deadline_at"]) == 0
    assert due in {item["deadline_at"] for item in items}


async def test_the_earliest_clock_comes_first(scene: Scene):
    later = await scene.pledged("10")
    assert (await scene.office.post(f"/allocations/{later['allocation_id']}/accept")).status_code == 200
    sooner = await scene.pledged("20")
    page = await listed(scene.office, scene.pledges, due_before=soon(scene.office, days=90))
    dates = [item["deadline_at"] for item in page["items"]]
    assert page["items"][0]["allocation_id"] == sooner["allocation_id"]
    assert dates == sorted(dates) and len(set(dates)) == 2


async def test_a_desk_of_another_province_sees_its_own_only(scene: Scene):
    await scene.pledged()
    far = scene.office.member("provincial_desk", provinces=frozenset({"06"}))
    assert await found(far, scene.pledges, province="TUR031") == 0
    assert await found(scene.pledger, scene.pledges, province="TUR031") == 1
    assert await found(scene.asker, scene.pledges, province="TUR031") == 0
    near = scene.office.member("provincial_desk", provinces=HATAY)
    assert await found(near, scene.pledges, province="TUR031") == 1
    assert await found(near, scene.pledges, province="TUR031", mine=True) == 0


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"province": "TUR006"}, 1),
        ({"province": "TUR031"}, 0),
        ({"item_group": "BAR"}, 1),
        ({"item_group": "SAG"}, 0),
    ],
    ids=str,
)
async def test_offers_and_the_match_queue_are_narrowed(scene: Scene, filters: dict[str, Any], count: int):
    await offered(scene)
    for path in ("offers", "match-queue"):
        assert await found(scene.office, f"/crises/{scene.crisis_id}/{path}", **filters) == count


async def test_offers_that_end_soon(scene: Scene):
    await offered(scene)
    for path in ("offers", "match-queue"):
        whole = f"/crises/{scene.crisis_id}/{path}"
        assert await found(scene.office, whole, due_before=soon(scene.office, days=9)) == 0
        assert await found(scene.office, whole, due_before=soon(scene.office, days=11)) == 1


async def test_the_match_queue_looks_for_an_item(scene: Scene):
    await offered(scene)
    queue = f"/crises/{scene.crisis_id}/match-queue"
    assert await found(scene.office, queue, item="SHL-TENT-FAM") == 1
    assert await found(scene.office, queue, item="SHL-TENT-FAM", item_group="BAR") == 1
    assert await found(scene.office, queue, item="SHL-TENT-FAM", item_group="SAG") == 0
    assert await found(scene.office, queue, item="SHL-TARP-4X6") == 0


async def test_offers_can_be_followed(scene: Scene):
    offers = f"/crises/{scene.crisis_id}/offers"
    first, second = (await offered(scene))["offer_id"], (await offered(scene))["offer_id"]
    walk = await listed(scene.pledger, offers, updated_since=LONG_AGO)
    assert [item["offer_id"] for item in walk["items"]] == [first, second]
    withdrawn = await scene.pledger.post(f"/offers/{first}/withdraw", {"reason": "transport_lost"})
    assert withdrawn.status_code == 200, withdrawn.text
    after = await listed(scene.pledger, offers, updated_since=walk["next_updated_since"])
    assert (after["items"][-1]["offer_id"], after["items"][-1]["state"]) == (first, "closed")


async def test_tasks_are_narrowed(scene: Scene):
    body = {"district": "TUR031003", "urgency": "normal", "lines": [scene.asker.tents("40")]}
    assert (await scene.asker.post(f"/crises/{scene.crisis_id}/needs", body)).status_code == 201
    every = await found(scene.office, "/tasks", kind="verify_need")
    assert every > 0
    assert await found(scene.office, "/tasks", kind="verify_need", province="TUR031") == every
    assert await found(scene.office, "/tasks", province="TUR006") == 0
    assert await found(scene.office, "/tasks", kind="verify_need", item_group="BAR") == every
    assert await found(scene.office, "/tasks", item_group="SAG") == 0
    assert await found(scene.office, "/tasks", kind="verify_need", urgency="normal") >= 1
    assert await found(scene.office, "/tasks", urgency="life_saving") == 0


LISTS: dict[str, Callable[[Scene], str]] = {
    "needs": lambda scene: f"/crises/{scene.crisis_id}/needs",
    "pledges": lambda scene: scene.pledges,
    "offers": lambda scene: f"/crises/{scene.crisis_id}/offers",
    "match queue": lambda scene: f"/crises/{scene.crisis_id}/match-queue",
    "tasks": lambda scene: "/tasks",
}


def refused(answer: httpx.Response) -> tuple[int, str, str]:
    (error,) = answer.json()["errors"]
    return answer.status_code, error["pointer"].rsplit("/", 1)[-1], error["code"]


@pytest.mark.parametrize("name", LISTS)
async def test_a_bad_value_is_refused_by_its_name(scene: Scene, name: str):
    path = LISTS[name](scene)
    for filters in ({"province": "Hatay"}, {"province": "TUR031005"}):
        assert refused(await scene.office.get(path, **filters)) == (422, "province", "wrong_format")
    unknown = await scene.office.get(path, item_group="tents")
    assert refused(unknown) == (422, "item_group", "unknown_value")
    assert unknown.json()["errors"][0]["detail"].startswith("must be one of ")
    assert " BAR," in unknown.json()["errors"][0]["detail"]
    due = "due" if name == "tasks" else "due_before"
    assert refused(await scene.office.get(path, **{due: "soon"}))[:2] == (422, due)
    assert refused(await scene.office.get(path, provinse="TUR031"))[:2] == (422, "provinse")
    if name in {"needs", "pledges", "tasks"}:
        assert refused(await scene.office.get(path, urgency="very"))[:2] == (422, "urgency")
    if name in {"needs", "pledges", "offers"}:
        for moment in ("yesterday", "2026-02-06T09:00:00"):
            assert refused(await scene.office.get(path, updated_since=moment))[:2] == (422, "updated_since")


async def test_an_item_that_is_not_in_the_catalogue_is_refused(scene: Scene):
    for path in ("match-queue", "lines"):
        answer = await scene.office.get(f"/crises/{scene.crisis_id}/{path}", item="SHL-TENT")
        assert refused(answer) == (422, "item", "unknown_value")
        assert "GET /items" in answer.json()["errors"][0]["detail"]


async def test_a_cursor_belongs_to_its_filters(scene: Scene):
    await scene.pledged("10")
    await scene.pledged("20")
    page = await listed(scene.office, scene.pledges, province="TUR031", limit=1)
    for other in ({"province": "TUR006"}, {"province": "TUR031", "urgency": "urgent"}, {}):
        answer = await scene.office.get(scene.pledges, cursor=page["next_cursor"], limit=1, **other)
        assert (answer.status_code, answer.json()["code"]) == (400, "cursor_invalid")
