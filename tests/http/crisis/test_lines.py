"""The list of lines: what is missing where, by every filter, and its changes one after another."""

from datetime import timedelta
from typing import Any

import pytest

from tests.http.crisis.conftest import Api, Scene

BLANKET = "SHL-BLANKET"


@pytest.fixture
async def lines(scene: Scene) -> str:
    """Beside the scene's open line of tents: tarpaulins in another district, not yet verified."""
    wanted = {
        "district": "TUR031003",
        "urgency": "normal",
        "lines": [scene.asker.tents("40", item_code="SHL-TARP-4X6", unit="adet")],
    }
    answer = await scene.office.post(f"/crises/{scene.crisis_id}/needs", wanted)
    assert answer.status_code == 201, answer.text
    return f"/crises/{scene.crisis_id}/lines"


async def items(api: Api, path: str, **filters: Any) -> list[str]:
    answer = await api.get(path, **filters)
    assert answer.status_code == 200, answer.text
    return [item["line"]["item"] for item in answer.json()["items"]]


TENT, TARP = "SHL-TENT-FAM", "SHL-TARP-4X6"


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, [TARP, TENT]),
        ({"province": "TUR031"}, [TARP, TENT]),
        ({"province": "TUR001"}, []),
        ({"district": "TUR031003"}, [TARP]),
        ({"item": TENT}, [TENT]),
        ({"item_group": "BAR"}, [TARP, TENT]),
        ({"sector": "SHL"}, [TARP, TENT]),
        ({"sector": "WSH"}, []),
        ({"state": "open"}, [TENT]),
        ({"urgency": "normal"}, [TARP]),
        ({"has_gap": True}, [TARP, TENT]),
        ({"has_gap": False}, []),
        ({"stale": True}, []),
        ({"state": "open", "province": "TUR031", "has_gap": True, "stale": False}, [TENT]),
    ],
    ids=str,
)
async def test_a_list_holds_what_its_filters_say(
    scene: Scene, lines: str, filters: dict[str, Any], found: list[str]
):
    assert await items(scene.pledger, lines, **filters) == found


async def test_own_lines_and_those_due_soon(scene: Scene, lines: str):
    assert await items(scene.asker, lines, mine=True) == [TENT]
    soon = scene.office.clock.now() + timedelta(days=1)
    assert await items(scene.office, lines, due_before=soon.isoformat()) == []
    later = scene.office.clock.now() + timedelta(days=9)
    assert await items(scene.office, lines, due_before=later.isoformat()) == [TARP, TENT]


async def test_pages_follow_one_another(scene: Scene, lines: str):
    first = (await scene.office.get(lines, limit=1)).json()
    assert (first["has_more"], first["items"][0]["line"]["item"]) == (True, TARP)
    second = (await scene.office.get(lines, limit=1, cursor=first["next_cursor"])).json()
    assert (second["has_more"], second["items"][0]["line"]["item"]) == (False, TENT)


async def test_changes_come_in_their_order_and_can_be_followed(scene: Scene, lines: str):
    everything = (await scene.office.get(lines, updated_since="2020-01-01T00:00:00Z", limit=1)).json()
    before = (
        everything["items"]
        + (
            await scene.office.get(
                lines, updated_since="2020-01-01T00:00:00Z", cursor=everything["next_cursor"]
            )
        ).json()["items"]
    )
    assert [item["line"]["item"] for item in before] == [TENT, TARP]
    await scene.pledged("10")
    since = everything["next_updated_since"]
    after = (await scene.office.get(lines, updated_since=since)).json()["items"]
    tents = next(item for item in after if item["line"]["item"] == TENT)
    assert after[-1] == tents, "what changed last comes last"
    assert (tents["line"]["P"], tents["sequence"]) == ("10", before[0]["sequence"] + 1)
    future = "2999-01-01T00:00:00Z"
    assert (await scene.office.get(lines, updated_since=future)).json()["items"] == []


async def test_a_list_of_no_crisis_is_not_found(scene: Scene):
    assert (await scene.office.get(f"/crises/{scene.need_id}/lines")).status_code == 404


@pytest.mark.parametrize(
    "filters",
    [
        {"province": "Hatay"},
        {"state": "lost"},
        {"updated_since": "5"},
        {"due_before": "soon"},
        {"provinse": "TUR031"},
    ],
    ids=str,
)
async def test_a_filter_that_means_nothing_is_refused(scene: Scene, lines: str, filters: dict[str, Any]):
    assert (await scene.office.get(lines, **filters)).status_code == 422
