"""Crises, tasks and orders can be followed: what changed, in the order of the changes."""

from datetime import timedelta
from typing import Any

import pytest

from tests.http.crisis.conftest import CRISIS, Api, Scene

LONG_AGO = "2020-01-01T00:00:00Z"
NEVER = "2099-01-01T00:00:00Z"
LEVEL = {"level": "S4", "severity": "red", "declared_by": "ministry", "source_ref": "doc:1"}
LISTS = {
    "crises": ("/crises", "crisis_id"),
    "tasks": ("/tasks", "task_id"),
    "orders": ("/crises/{crisis}/orders", "order_id"),
}


async def listed(api: Api, path: str, **query: Any) -> dict[str, Any]:
    answer = await api.get(path, **query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def made(scene: Scene, name: str) -> list[str]:
    """Three of them in the order they were made, oldest first."""
    for number in range(3):
        if name == "crises":
            await scene.office.post("/crises", CRISIS)
        elif name == "orders":
            body = {
                "crisis_id": str(scene.crisis_id),
                "item_code": "SHL-TENT-FAM",
                "area": ["TUR031"],
                "until": (scene.office.clock.now() + timedelta(days=3 + number)).isoformat(),
                "reason": "enough_here",
            }
            assert (await scene.office.post("/orders", body)).status_code == 201
        else:
            body = {"district": "TUR031003", "urgency": "urgent", "lines": [scene.asker.tents("40")]}
            await scene.asker.post(f"/crises/{scene.crisis_id}/needs", body)
    path, key = LISTS[name]
    items = (await listed(scene.office, path.format(crisis=scene.crisis_id)))["items"]
    return sorted(item[key] for item in items)


async def changed(scene: Scene, name: str, which: str) -> dict[str, Any]:
    """The same as its own answer shows it after a step."""
    if name == "orders":
        answer = await scene.office.post(f"/orders/{which}/lift")
    elif name == "crises":
        answer = await scene.office.post(f"/crises/{which}/level", LEVEL)
    else:
        task = (await scene.office.get(f"/tasks/{which}")).json()
        verified = await scene.office.post(f"/needs/{task['subject_id']}/verify", {"level": 1})
        assert verified.status_code == 200, verified.text
        answer = await scene.office.get(f"/tasks/{which}")
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("name", LISTS)
async def test_changes_come_in_their_order_and_can_be_followed(scene: Scene, name: str):
    ids = await made(scene, name)
    path, key = LISTS[name][0].format(crisis=scene.crisis_id), LISTS[name][1]
    walk = await listed(scene.office, path, updated_since=LONG_AGO)
    moments = [item["changed_at"] for item in walk["items"]]
    assert {item[key] for item in walk["items"]} >= set(ids) and moments == sorted(moments)
    which = ids[0]
    after = await changed(scene, name, which)
    followed = await listed(scene.office, path, updated_since=walk["next_updated_since"])
    last = next(item for item in reversed(followed["items"]) if item[key] == which)
    assert last.pop("changed_at") > moments[-1]
    assert last == after and after["version"] > 1
    assert (await listed(scene.office, path, updated_since=NEVER))["items"] == []


@pytest.mark.parametrize("name", LISTS)
async def test_pages_follow_one_another_and_keep_their_beginning(scene: Scene, name: str):
    await made(scene, name)
    path, key = LISTS[name][0].format(crisis=scene.crisis_id), LISTS[name][1]
    for query in ({}, {"updated_since": LONG_AGO}):
        whole = await listed(scene.office, path, **query)
        seen: list[str] = []
        page = await listed(scene.office, path, limit=1, **query)
        began = page["next_updated_since"]
        while True:
            seen += [item[key] for item in page["items"]]
            assert page["next_updated_since"] == began
            if not page["has_more"]:
                break
            page = await listed(scene.office, path, limit=1, cursor=page["next_cursor"], **query)
        assert seen == [item[key] for item in whole["items"]] and len(seen) >= 3


@pytest.mark.parametrize("name", LISTS)
async def test_a_cursor_of_an_older_process_goes_on(scene: Scene, name: str):
    await made(scene, name)
    path, key = LISTS[name][0].format(crisis=scene.crisis_id), LISTS[name][1]
    items = (await listed(scene.office, path))["items"]
    first = items[0]
    position = [first["due_at"], first[key]] if name == "tasks" else [first[key]]
    cursor = cursors_of(scene, name).encode(position)
    page = await listed(scene.office, path, cursor=cursor)
    assert [item[key] for item in page["items"]] == [item[key] for item in items[1:]]


def cursors_of(scene: Scene, name: str) -> Any:
    transport: Any = scene.office.client._transport
    return transport.app.state.parts.cursors(name)


async def test_a_state_narrows_what_is_followed(scene: Scene):
    first, second, third = await made(scene, "orders")
    await changed(scene, "orders", second)
    path = LISTS["orders"][0].format(crisis=scene.crisis_id)
    found = await listed(scene.office, path, updated_since=LONG_AGO, state="provisional")
    assert [item["order_id"] for item in found["items"]] == [first, third]
    closed = await listed(scene.office, "/crises", updated_since=LONG_AGO, state="closed")
    assert closed["items"] == []


async def test_who_follows_tasks_hears_of_their_end(scene: Scene):
    ids = await made(scene, "tasks")
    assert (await changed(scene, "tasks", ids[0]))["state"] == "done"

    async def followed(**query: Any) -> set[str]:
        page = await listed(scene.office, "/tasks", updated_since=LONG_AGO, kind="verify_need", **query)
        return {item["task_id"] for item in page["items"]}

    assert await followed() >= set(ids)
    waiting = await followed(state="waiting")
    assert ids[0] not in waiting and {*ids[1:]} <= waiting
    assert ids[0] in await followed(state="done") and ids[1] not in await followed(state="done")
    elsewhere = scene.office.member("provincial_desk", provinces=frozenset({"06"}))
    assert (await listed(elsewhere, "/tasks", updated_since=LONG_AGO))["items"] == []
    soon = (scene.office.clock.now() - timedelta(days=1)).isoformat()
    assert await followed(due=soon) == set()


@pytest.mark.parametrize("name", LISTS)
async def test_a_time_that_means_nothing_is_refused(scene: Scene, name: str):
    path = LISTS[name][0].format(crisis=scene.crisis_id)
    for since in ("5", "1999-12-31T23:59:59Z", "2026-02-06T00:00:00"):
        assert (await scene.office.get(path, updated_since=since)).status_code == 422
