"""Commands that waited on a device: every guard runs when they arrive, and the answer is in words."""

from datetime import timedelta
from typing import Any

from tests.http.crisis.conftest import Api, Scene, staged

OFFLINE = timedelta(hours=9)


async def normal_scene(office: Api) -> Scene:
    """A line of 300 tents that is not urgent: a day to answer."""
    scene = await staged(office)
    body = {"district": "TUR031005", "urgency": "normal", "lines": [office.tents("300")]}
    need = (await scene.asker.post(f"/crises/{scene.crisis_id}/needs", body)).json()
    assert (await office.post(f"/needs/{need['need_id']}/verify", {"level": 1})).status_code == 200
    line = need["lines"][0]["need_line_id"]
    return Scene(office, scene.asker, scene.pledger, scene.crisis_id, need["need_id"], line)


async def pledged_by_another(scene: Scene, quantity: str, **changes: Any) -> str:
    who = scene.office.member("pledger")
    answer = await who.post(scene.pledges, scene.pledge(quantity, **changes))
    assert answer.status_code == 201, answer.text
    return answer.json()["allocation_id"]


async def test_a16_an_acceptance_queued_for_nine_hours_is_told_gap_and_place_in_words(office: Api):
    scene = await normal_scene(office)
    queued = (await scene.pledged("100"))["allocation_id"]
    full = await pledged_by_another(scene, "300")
    assert (await office.post(f"/allocations/{full}/accept")).status_code == 200
    for _ in range(2):
        await pledged_by_another(scene, "50", ready_within_minutes=0)
    office.clock.advance(OFFLINE)
    alone = await office.post(f"/allocations/{queued}/accept", idempotency_key="queued-on-the-phone")
    assert alone.status_code == 409
    assert (alone.json()["code"], alone.json()["room"]) == ("gap_exceeded", "0")
    answer = await office.post(f"/allocations/{queued}/accept", {"rest": "waitlist"})
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert (said["state"], said["line"]["gap"]) == ("waitlisted", "0")
    assert said["place"]["position"] == 3
    assert said["place"]["explained"]["en"].startswith("you are 3rd")
    assert said["place"]["explained"]["tr"].startswith("3. sıradasınız")


async def test_a16_a_pledge_queued_for_nine_hours_runs_all_guards_and_is_told_its_place(office: Api):
    scene = await normal_scene(office)
    full = await pledged_by_another(scene, "300")
    assert (await office.post(f"/allocations/{full}/accept")).status_code == 200
    for _ in range(2):
        await pledged_by_another(scene, "50", ready_within_minutes=0)
    office.clock.advance(OFFLINE)
    said = await scene.pledged("100")
    assert (said["state"], said["line"]["gap"], said["place"]["position"]) == ("waitlisted", "0", 3)
    assert said["place"]["explained"]["en"].startswith("you are 3rd")
    office.clock.advance(timedelta(days=9))
    late = await scene.pledger.post(scene.pledges, scene.pledge("100"))
    assert (late.status_code, late.json()["code"]) == (409, "line_overdue")
