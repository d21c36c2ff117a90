"""A filtered page looks at so many rows: it may be short while the list goes on, and nothing is left out."""

from datetime import timedelta
from typing import Any

import pytest

from crisis.store import walks
from tests.http.crisis.conftest import Api, Scene

LONG_AGO = "2020-01-01T00:00:00Z"


async def pages(api: Api, path: str, key: str, **query: Any) -> list[list[str]]:
    """Ids, page by page, to the end of the list."""
    shown: list[list[str]] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await api.get(path, **query, **cursor)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        shown.append([item[key] for item in page["items"]])
        assert page["has_more"] == (page["next_cursor"] is not None) == ("link" in answer.headers)
        if not page["has_more"]:
            return shown
        cursor = {"cursor": page["next_cursor"]}


async def promised(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[str]]:
    """Six pledges, the second and last for a need that is not urgent: all, and those two, newest first."""
    body = {"district": "TUR031003", "urgency": "normal", "lines": [scene.asker.tents("900")]}
    need = (await scene.asker.post(f"/crises/{scene.crisis_id}/needs", body)).json()
    verified = await scene.office.post(f"/needs/{need['need_id']}/verify", {"level": 1})
    assert verified.status_code == 200, verified.text
    other = need["lines"][0]["need_line_id"]
    rows = [
        await scene.pledged(str(10 + n), need_line_id=other if n in {1, 5} else str(scene.line))
        for n in range(6)
    ]
    monkeypatch.setattr(walks, "LOOKED_AT", 2)
    ids = [row["allocation_id"] for row in rows]
    return ids[::-1], [ids[5], ids[1]]


async def test_pages_may_be_short_while_the_list_goes_on(scene: Scene, monkeypatch: pytest.MonkeyPatch):
    _, normal = await promised(scene, monkeypatch)
    shown = await pages(scene.office, scene.pledges, "allocation_id", urgency="normal")
    assert shown == [[normal[0]], [], [normal[1]], []]
    own = await pages(scene.pledger, scene.pledges, "allocation_id", urgency="normal", limit=1)
    assert [row for page in own for row in page] == normal


async def test_a_full_page_goes_on_behind_its_last_row(scene: Scene, monkeypatch: pytest.MonkeyPatch):
    ids, _ = await promised(scene, monkeypatch)
    shown = await pages(scene.office, scene.pledges, "allocation_id", province="TUR031", limit=1)
    assert [row for page in shown for row in page] == ids
    assert await pages(scene.office, scene.pledges, "allocation_id", limit=6) == [ids]


async def test_a_walk_in_the_order_of_changes_leaves_nothing_out(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
):
    _, normal = await promised(scene, monkeypatch)
    query = {"urgency": "normal", "updated_since": LONG_AGO}
    shown = await pages(scene.office, scene.pledges, "allocation_id", **query)
    assert shown == [[normal[1]], [], [normal[0]], []]


async def test_a_walk_along_the_clocks_leaves_nothing_out(scene: Scene, monkeypatch: pytest.MonkeyPatch):
    _, normal = await promised(scene, monkeypatch)
    query = {"urgency": "normal", "due_before": (scene.office.clock.now() + timedelta(days=90)).isoformat()}
    shown = await pages(scene.office, scene.pledges, "allocation_id", **query)
    assert len(shown) > 3 and {row for page in shown for row in page} == set(normal)


async def test_a_table_looks_through_all_of_the_list(scene: Scene, monkeypatch: pytest.MonkeyPatch):
    _, normal = await promised(scene, monkeypatch)
    later = (scene.office.clock.now() + timedelta(days=90)).isoformat()
    for more in ({}, {"updated_since": LONG_AGO}, {"due_before": later}):
        table = await scene.office.get(f"{scene.pledges}.csv", urgency="normal", **more)
        rows = table.text.splitlines()[1:]
        assert sorted(row.lstrip("\ufeff").split(",")[0] for row in rows) == sorted(normal)


async def test_needs_offers_and_tasks_are_walked_the_same_way(scene: Scene, monkeypatch: pytest.MonkeyPatch):
    needs = f"/crises/{scene.crisis_id}/needs"
    body = {"district": "TUR031003", "urgency": "normal", "lines": [scene.asker.tents("40")]}
    for _ in range(4):
        assert (await scene.asker.post(needs, body)).status_code == 201
    offers = [await offered(scene, origin) for origin in ("TUR034001", *["TUR006001"] * 4)]
    tasks = await pages(scene.office, "/tasks", "task_id", kind="verify_need", item_group="BAR")
    monkeypatch.setattr(walks, "LOOKED_AT", 2)
    need = str(scene.need_id)
    assert await pages(scene.office, needs, "need_id", urgency="urgent") == [[], [], [need]]
    changed = await pages(scene.office, needs, "need_id", urgency="urgent", updated_since=LONG_AGO)
    assert changed == [[need], [], []]
    asked = {"province": "TUR034"}
    path = f"/crises/{scene.crisis_id}/offers"
    assert await pages(scene.office, path, "offer_id", **asked) == [[], [], [offers[0]]]
    queue = f"/crises/{scene.crisis_id}/match-queue"
    assert await pages(scene.office, queue, "offer_id", **asked) == [[offers[0]], [], []]
    found = await pages(scene.office, "/tasks", "task_id", kind="verify_need", item_group="BAR")
    assert len(found) > 1 and [row for page in found for row in page] == tasks[0]


async def offered(scene: Scene, origin: str) -> str:
    body = {
        "crisis_id": str(scene.crisis_id),
        "origin": origin,
        "available_from": scene.office.clock.now().isoformat(),
        "available_until": (scene.office.clock.now() + timedelta(days=10)).isoformat(),
        "lines": [{"item_code": "SHL-TENT-FAM", "quantity": "50", "unit": "adet"}],
    }
    answer = await scene.pledger.post("/offers", body)
    assert answer.status_code == 201, answer.text
    return answer.json()["offer_id"]
