"""The list of pledges can be followed: what changed, in the order of the changes."""

from typing import Any

import pytest

from crisis.domain.states import State
from tests.http.crisis.conftest import Api, Scene

LONG_AGO = "2020-01-01T00:00:00Z"


async def listed(api: Api, scene: Scene, **query: Any) -> dict[str, Any]:
    answer = await api.get(scene.pledges, **query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_changes_come_in_their_order_and_can_be_followed(scene: Scene):
    ids = [(await scene.pledged(quantity))["allocation_id"] for quantity in ("10", "20", "30")]
    walk = await listed(scene.office, scene, updated_since=LONG_AGO)
    assert [item["allocation_id"] for item in walk["items"]] == ids
    assert (await scene.office.post(f"/allocations/{ids[0]}/accept")).status_code == 200
    followed = await listed(scene.office, scene, updated_since=walk["next_updated_since"])
    last = followed["items"][-1]
    assert (last["allocation_id"], last["state"], last["version"]) == (ids[0], "held", 2)
    assert last["changed_at"] > walk["items"][-1]["changed_at"]
    assert (await listed(scene.office, scene, updated_since="2099-01-01T00:00:00Z"))["items"] == []


async def test_what_is_split_and_what_ends_are_changes(scene: Scene):
    made = await scene.pledged("40")
    since = (await listed(scene.pledger, scene))["next_updated_since"]
    taken = {"quantity": "25", "rest": "decline"}
    held = (await scene.office.post(f"/allocations/{made['allocation_id']}/accept", taken)).json()
    reason = {"reason": "transport_lost"}
    await scene.pledger.post(f"/allocations/{held['allocation_id']}/withdraw", reason)
    followed = await listed(scene.pledger, scene, updated_since=since)
    states = {item["quantity"]: item["state"] for item in followed["items"]}
    assert states == {"0": "split", "15": "declined", "25": "withdrawn"}


async def test_pages_of_changes_follow_one_another_and_keep_their_beginning(scene: Scene):
    ids = [(await scene.pledged(quantity))["allocation_id"] for quantity in ("10", "20", "30")]
    seen: list[str] = []
    page = await listed(scene.pledger, scene, updated_since=LONG_AGO, limit=1)
    began = page["next_updated_since"]
    while True:
        seen += [item["allocation_id"] for item in page["items"]]
        assert page["next_updated_since"] == began
        if not page["has_more"]:
            break
        cursor = page["next_cursor"]
        page = await listed(scene.pledger, scene, updated_since=LONG_AGO, limit=1, cursor=cursor)
    assert seen == ids


async def test_an_organisation_follows_its_own_only(scene: Scene):
    other = scene.pledger.member("pledger")
    await scene.pledged("10")
    assert (await listed(other, scene, updated_since=LONG_AGO))["items"] == []
    assert len((await listed(scene.pledger, scene, updated_since=LONG_AGO))["items"]) == 1


async def test_filters_narrow_what_is_followed(scene: Scene):
    made = await scene.pledged("10")
    await scene.pledged("20")
    await scene.office.post(f"/allocations/{made['allocation_id']}/accept")
    found = await listed(scene.office, scene, updated_since=LONG_AGO, state="held", need_line_id=scene.line)
    assert [item["allocation_id"] for item in found["items"]] == [made["allocation_id"]]


@pytest.mark.parametrize("since", ["5", "1999-12-31T23:59:59Z", "2026-02-06T00:00:00"])
async def test_a_time_that_means_nothing_is_refused(scene: Scene, since: str):
    assert (await scene.office.get(scene.pledges, updated_since=since)).status_code == 422


@pytest.mark.parametrize("state", list(State))
async def test_every_state_is_a_filter(scene: Scene, state: State):
    assert (await listed(scene.office, scene, state=state))["items"] == []
