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
    followed = await scene.office.get(lines, updated_since=since)
    assert followed.status_code == 200, followed.text
    after = followed.json()["items"]
    tents = next(item for item in after if item["line"]["item"] == TENT)
    assert after[-1] == tents, "what changed last comes last"
    assert (tents["line"]["P"], tents["sequence"]) == ("10", before[0]["sequence"] + 1)
    future = "2099-01-01T00:00:00Z"
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


async def test_a_walk_is_followed_from_where_it_began(scene: Scene, lines: str):
    first = (await scene.office.get(lines, limit=1)).json()
    await scene.pledged("10")
    second = (await scene.office.get(lines, limit=1, cursor=first["next_cursor"])).json()
    assert second["next_updated_since"] == first["next_updated_since"]


async def test_lines_of_a_need_said_anew_take_the_place_of_the_old(scene: Scene):
    needs, lines = f"/crises/{scene.crisis_id}/needs", f"/crises/{scene.crisis_id}/lines"
    body = {"district": "TUR031", "urgency": "normal", "lines": [scene.asker.tents("40")]}
    need = (await scene.asker.post(needs, body)).json()
    path = f"/needs/{need['need_id']}"
    back = {"reason": "quantity_unclear", "missing_fields": ["lines"]}
    returned = await scene.office.post(f"{path}/return", back)
    assert returned.status_code == 200, returned.text
    before = (await scene.office.get(lines)).json()
    (old,) = [item for item in before["items"] if item["line"]["need"] == need["need_id"]]
    assert (old["line"]["need_state"], old["need_version"]) == ("returned", returned.json()["version"])
    anew = {**body, "lines": [scene.asker.tents("30")]}
    await scene.asker.client.put(f"{needs}/{need['need_id']}", json=anew, headers=scene.asker.headers())
    assert (await scene.asker.post(f"{path}/submit")).status_code == 200
    after = (await scene.office.get(lines, updated_since=before["next_updated_since"])).json()["items"]
    (new,) = [item for item in after if item["line"]["need"] == need["need_id"]]
    assert new["line"]["R"] == "30"
    assert new["need_version"] > old["need_version"]
    assert (await scene.office.get(f"{lines}.csv")).status_code == 200


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00Z", "1999-12-31T23:59:59Z"])
async def test_a_time_no_crisis_can_mean_is_refused(scene: Scene, at: str):
    assert (await scene.office.get(f"/crises/{scene.crisis_id}/lines", due_before=at)).status_code == 422
    body = {"district": "TUR031", "urgency": "normal", "lines": [scene.asker.tents("40", needed_by=at)]}
    refused = await scene.asker.post(f"/crises/{scene.crisis_id}/needs", body)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "out_of_range")


async def test_a_character_no_database_can_hold_is_refused(scene: Scene):
    body = {"district": "TUR031", "urgency": "normal", "lines": [scene.asker.tents()], "title": "\0"}
    assert (await scene.asker.post(f"/crises/{scene.crisis_id}/needs", body)).status_code == 422
    assert (await scene.office.get(f"/crises/{scene.crisis_id}/lines", item="\0")).status_code == 422


async def test_an_offset_that_lost_its_plus_on_the_way_is_understood(scene: Scene, lines: str):
    for query in (
        "updated_since=2020-01-01T03:00:00+03:00",
        "updated_since=2020-01-01T03:00:00%2B03:00",
        "due_before=2098-01-01T03:00:00.5+0300",
    ):
        answer = await scene.office.client.get(f"{lines}?{query}", headers=scene.office.headers())
        assert answer.status_code == 200, answer.text
        assert len(answer.json()["items"]) == 2
    first = await scene.office.client.get(
        f"{lines}?updated_since=2020-01-01T03:00:00+03:00&limit=1", headers=scene.office.headers()
    )
    second = await scene.office.client.get(
        first.headers["link"].partition(">")[0][1:], headers=scene.office.headers()
    )
    assert [each["line"]["item"] for each in second.json()["items"]] == [TARP]


async def test_a_time_is_asked_for_in_a_form_that_survives_a_query(scene: Scene, lines: str):
    for given in ("tomorrow", "1767225600"):
        refused = await scene.office.get(lines, updated_since=given)
        assert "(2026-02-06T06:00:00Z)" in refused.json()["errors"][0]["detail"], given
