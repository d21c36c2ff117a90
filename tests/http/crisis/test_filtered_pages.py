"""A filtered page looks at so many rows: it may be short while the list goes on, and nothing is left out."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from crisis.store import need_lists, offer_lists, pledge_lists, tasks
from crisis.store.need_lists import NeedFilter
from crisis.store.offer_lists import MatchFilter, OfferFilter
from crisis.store.pledge_lists import PledgeFilter
from crisis.store.tasks import TaskFilter
from crisis.store.walks import LOOKED_AT, Found
from imece_chassis.database import Transaction
from imece_chassis.ids import uuid7
from tests.http.crisis.conftest import Api, Scene

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
AT_MOST = 2
"""Rows that a page looks at here."""
COPIES = """
INSERT INTO needs OVERRIDING SYSTEM VALUE
SELECT (jsonb_populate_record(need, jsonb_build_object(
         'need_id', lpad(n::text, 8, '0') || '-0000-7000-8000-000000000000', 'need_no', 1000 + n,
         'urgency', CASE WHEN n = 1 THEN 'normal' ELSE 'urgent' END))).*
  FROM needs AS need, generate_series(1, $1::int) AS n
"""
Position = tuple[Any, ...] | None
Read = Callable[[Transaction, Position], Awaitable[Found[Any]]]


async def pages(api: Api, read: Read) -> list[list[Any]]:
    """Rows, page by page, to the end of a list of which no page is ever full."""
    shown: list[list[Any]] = []
    after: Position = None
    while True:
        start = after
        found = await api.database.snapshot(lambda tx, start=start: read(tx, start))
        shown.append(list(found.rows))
        after = found.stopped_at
        if after is None:
            return shown


async def promised(scene: Scene) -> list[str]:
    """Six pledges, the second and last for a need that is not urgent: those two, newest first."""
    body = {"district": "TUR031003", "urgency": "normal", "lines": [scene.asker.tents("900")]}
    need = (await scene.asker.post(f"/crises/{scene.crisis_id}/needs", body)).json()
    verified = await scene.office.post(f"/needs/{need['need_id']}/verify", {"level": 1})
    assert verified.status_code == 200, verified.text
    other = need["lines"][0]["need_line_id"]
    rows = [
        await scene.pledged(str(10 + n), need_line_id=other if n in {1, 5} else str(scene.line))
        for n in range(6)
    ]
    return [rows[5]["allocation_id"], rows[1]["allocation_id"]]


async def pledge_pages(scene: Scene, **wanted: Any) -> list[list[str]]:
    asked = PledgeFilter(scene.crisis_id, urgency="normal", **wanted)
    shown = await pages(scene.office, lambda tx, after: pledge_lists.page(tx, asked, after, 50, AT_MOST))
    return [[str(each.row.allocation_id) for each in page] for page in shown]


async def test_pages_may_be_short_while_the_list_goes_on(scene: Scene):
    last, second = await promised(scene)
    walked = [[last], [], [second], []]
    assert await pledge_pages(scene) == await pledge_pages(scene, state="proposed") == walked
    assert await pledge_pages(scene, pledger=scene.pledger.who.organisation_id) == walked
    assert await pledge_pages(scene, pledger=uuid7()) == [[]]


async def test_a_walk_in_the_order_of_changes_leaves_nothing_out(scene: Scene):
    last, second = await promised(scene)
    assert await pledge_pages(scene, updated_since=LONG_AGO) == [[second], [], [last], []]


async def test_a_walk_along_the_clocks_leaves_nothing_out(scene: Scene):
    normal = await promised(scene)
    shown = await pledge_pages(scene, due_before=scene.office.clock.now() + timedelta(days=90))
    assert len(shown) > 3 and sorted(row for page in shown for row in page) == sorted(normal)


async def test_a_full_page_goes_on_behind_its_last_row(scene: Scene):
    normal = await promised(scene)
    first = (await scene.office.get(scene.pledges, urgency="normal", limit=1)).json()
    query = {"urgency": "normal", "limit": 1, "cursor": first["next_cursor"]}
    second = (await scene.office.get(scene.pledges, **query)).json()
    assert [item["allocation_id"] for item in first["items"] + second["items"]] == normal
    assert (second["has_more"], second["next_cursor"]) == (False, None)


async def test_a_page_of_nothing_says_where_the_list_goes_on(scene: Scene):
    """The one need that is not urgent is older than all that a page looks at."""
    session: Any = await scene.office.database.dedicated()
    try:
        await session.execute(COPIES, LOOKED_AT)
    finally:
        await session.close()
    needs = f"/crises/{scene.crisis_id}/needs"
    first = await scene.office.get(needs, urgency="normal")
    page = first.json()
    assert (page["items"], page["has_more"]) == ([], True)
    assert 'rel="next"' in first.headers["link"]
    further = (await scene.office.get(needs, urgency="normal", cursor=page["next_cursor"])).json()
    assert [item["urgency"] for item in further["items"]] == ["normal"]
    assert (further["has_more"], further["next_cursor"]) == (False, None)


async def test_a_table_looks_through_all_of_the_list(scene: Scene):
    normal = await promised(scene)
    later = (scene.office.clock.now() + timedelta(days=90)).isoformat()
    for more in ({}, {"updated_since": LONG_AGO.isoformat()}, {"due_before": later}):
        table = await scene.office.get(f"{scene.pledges}.csv", urgency="normal", **more)
        rows = table.text.splitlines()[1:]
        assert sorted(row.split(",")[0] for row in rows) == sorted(normal)


async def test_needs_are_walked_the_same_way(scene: Scene):
    body = {"district": "TUR031003", "urgency": "normal", "lines": [scene.asker.tents("40")]}
    for _ in range(4):
        assert (await scene.asker.post(f"/crises/{scene.crisis_id}/needs", body)).status_code == 201

    async def shown(**wanted: Any) -> list[list[str]]:
        asked = NeedFilter(scene.crisis_id, uuid7(), urgency="urgent", **wanted)
        found = await pages(scene.office, lambda tx, after: need_lists.page(tx, asked, after, 50, AT_MOST))
        return [[str(each.need.need_id) for each in page] for page in found]

    need = str(scene.need_id)
    assert (
        await shown() == await shown(province="TUR031") == await shown(item_group="BAR") == [[], [], [need]]
    )
    assert [row for page in await shown(updated_since=LONG_AGO) for row in page] == [need]


async def test_offers_and_the_match_queue_are_walked_the_same_way(scene: Scene):
    offers = [await offered(scene, origin) for origin in ("TUR034001", *["TUR006001"] * 4)]
    place: dict[str, Any] = {"province": "TUR034", "items": ["SHL-TENT-FAM"]}

    async def shown(**wanted: Any) -> list[list[str]]:
        asked = OfferFilter(scene.crisis_id, **place, **wanted)
        found = await pages(scene.office, lambda tx, after: offer_lists.page(tx, asked, after, 50, AT_MOST))
        return [[str(each.offer.offer_id) for each in page] for page in found]

    assert await shown() == [[], [], [offers[0]]]
    assert await shown(updated_since=LONG_AGO) == [[offers[0]], [], []]
    queue = MatchFilter(scene.crisis_id, scene.office.clock.now(), **place)
    found = await pages(scene.office, lambda tx, after: offer_lists.to_match(tx, queue, after, 50, AT_MOST))
    assert [[str(each.offer_id) for each in page] for page in found] == [[offers[0]], [], []]


async def test_tasks_are_walked_the_same_way(scene: Scene):
    needs = f"/crises/{scene.crisis_id}/needs"
    for urgency in ("normal", "urgent", "normal", "urgent", "normal"):
        body = {"district": "TUR031003", "urgency": urgency, "lines": [scene.asker.tents("40")]}
        assert (await scene.asker.post(needs, body)).status_code == 201
    asked = TaskFilter(uuid7(), None, state=tasks.WAITING, urgency="normal", item_group="BAR")
    found = await pages(scene.office, lambda tx, after: tasks.page(tx, asked, after, 50, AT_MOST))
    rows = [each.task for page in found for each in page]
    assert len(found) > 1 and len(rows) == len({task.task_id for task in rows}) >= 3
    assert rows == sorted(rows, key=lambda task: (task.due_at, task.task_id))


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
