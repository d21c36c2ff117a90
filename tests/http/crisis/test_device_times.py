"""What a device says of the time is kept as a claim beside the server's time, and decides nothing."""

from datetime import timedelta
from typing import Any

import pytest

from tests.http.crisis.conftest import Scene

AGO, AHEAD = timedelta(hours=-9), timedelta(hours=3)


async def story(scene: Scene) -> list[dict[str, Any]]:
    return (await scene.office.get(f"/needs/{scene.need_id}/history")).json()["items"]


def said(scene: Scene, by: timedelta) -> str:
    return (scene.office.clock.now() + by).isoformat().replace("+00:00", "Z")


async def test_field_commands_keep_the_claimed_time_and_server_order_decides(scene: Scene):
    office = scene.office
    first = await scene.pledged("400", device_time=said(scene, AHEAD))
    office.clock.advance(timedelta(minutes=1))
    second = await scene.pledged("400", device_time=said(scene, AGO))
    assert first["deadline_at"] < second["deadline_at"], "a clock runs from when the server took it in"
    claims = [said(scene, AHEAD - timedelta(minutes=1)), said(scene, AGO)]
    for at, (row, by) in enumerate(((first, AGO), (second, AHEAD))):
        office.clock.advance(timedelta(minutes=1))
        claims.append(said(scene, by))
        # Without a version it travels in a batch; with one it stands alone.
        stated = {"if_match": f'"{1}"'} if at else {}
        path = f"/allocations/{row['allocation_id']}/accept"
        answer = await office.post(path, {"device_time": claims[-1]}, **stated)
        assert answer.status_code == 200, answer.text
    office.clock.advance(timedelta(minutes=1))
    claims.append(said(scene, AGO))
    own = {"quantity": "50", "unit": "adet", "evidence_ref": "doc:1", "device_time": claims[-1]}
    answer = await scene.asker.post(f"/need-lines/{scene.line}/elsewhere", own)
    assert answer.status_code == 201, answer.text
    office.clock.advance(timedelta(minutes=1))
    for word in ("still", "done"):
        claims.append(said(scene, AHEAD))
        body = {"said": word, "device_time": claims[-1]}
        answer = await scene.asker.post(f"/needs/{scene.need_id}/heartbeat", body)
        assert answer.status_code == 200, answer.text
    told = await story(scene)
    assert [each["at"] for each in told] == sorted(each["at"] for each in told)
    stated_of = [(each["command"], each["device_time"]) for each in told if each["device_time"]]
    assert stated_of == [
        ("propose_allocation", claims[0]),
        ("propose_allocation", claims[1]),
        ("accept_allocation", claims[2]),
        ("accept_allocation", claims[3]),
        ("state_elsewhere", claims[4]),
        ("heartbeat_need", claims[5]),
        ("close_need", claims[6]),
    ]


async def test_the_story_of_an_allocation_shows_the_claim_beside_the_time_that_counts(scene: Scene):
    office, began = scene.office, scene.office.clock.now()
    proposed = said(scene, AGO)
    row = await scene.pledged("400", device_time=proposed)
    path = f"/allocations/{row['allocation_id']}"
    office.clock.advance(timedelta(minutes=1))
    accepted = said(scene, AHEAD)
    answer = await office.post(f"{path}/accept", {"device_time": accepted})
    assert answer.status_code == 200, answer.text
    office.clock.advance(timedelta(minutes=1))
    answer = await scene.pledger.post(f"{path}/withdraw", {"reason": "stock_gone"})
    assert answer.status_code == 200, answer.text
    for reader in (office, scene.pledger):
        told = (await reader.get(path)).json()["history"]
        assert [(each["to_state"], each["device_time"]) for each in told] == [
            ("proposed", proposed),
            ("held", accepted),
            ("withdrawn", None),
        ]
        assert [each["at"] for each in told] == [
            (began + timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z") for minutes in range(3)
        ]


async def test_without_a_claim_there_is_none(scene: Scene):
    await scene.pledged()
    assert {each["device_time"] for each in await story(scene)} == {None}


@pytest.mark.parametrize("stated", ["2026-02-06T09:00:00", "yesterday", 1770000000])
async def test_what_is_no_time_with_an_offset_is_refused(scene: Scene, stated: Any):
    answer = await scene.pledger.post(scene.pledges, scene.pledge(device_time=stated))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].endswith("device_time")


@pytest.mark.parametrize("stated", ["1970-01-01T00:00:12Z", "9999-12-31T23:59:59-12:00"])
async def test_a_clock_that_was_never_set_claims_nothing_and_refuses_nothing(scene: Scene, stated: str):
    answer = await scene.pledger.post(scene.pledges, scene.pledge(device_time=stated))
    assert answer.status_code == 201, answer.text
    assert {each["device_time"] for each in await story(scene)} == {None}
