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


async def filled_while_offline(office: Api) -> str:
    """A row of 100 proposed for a line that another filled since, while two more began to wait for it."""
    scene = await normal_scene(office)
    queued = (await scene.pledged("100"))["allocation_id"]
    full = await pledged_by_another(scene, "300")
    assert (await office.post(f"/allocations/{full}/accept")).status_code == 200
    for _ in range(2):
        await pledged_by_another(scene, "50", ready_within_minutes=0)
    office.clock.advance(OFFLINE)
    return queued


async def test_a16_an_acceptance_queued_for_nine_hours_is_told_gap_and_place_in_words(office: Api):
    queued = await filled_while_offline(office)
    another_desk = await office.post(f"/allocations/{queued}/accept", {"rest": "waitlist"})
    assert another_desk.json()["state"] == "waitlisted"
    late = await office.post(f"/allocations/{queued}/accept", idempotency_key="queued-on-the-phone")
    told = late.json()
    assert (late.status_code, told["code"], told["room"], told["gap"]) == (409, "gap_exceeded", "0", "0")
    assert (told["place"]["position"], told["place"]["waiting"], told["place"]["is_waiting"]) == (3, 3, True)
    assert told["place"]["ahead"] == {"readier": 2}
    assert told["detail"] == (
        "100 adet was to be accepted and there is room for 0 adet: "
        "gap is 0, you are 3rd on the list (2 are ready sooner)."
    )
    turkish = await office.in_turkish().post(f"/allocations/{queued}/accept")
    assert turkish.json()["detail"] == (
        "100 adet kabul edilmek istendi, 0 adet yer var: "
        "eksik 0, listede 3. sıradasınız (2 kayıt daha erken hazır)."
    )
    again = await office.post(f"/allocations/{queued}/accept", idempotency_key="queued-on-the-phone")
    assert (again.status_code, again.json()) == (409, told)


async def test_a16_an_acceptance_of_what_is_not_on_the_list_is_told_where_it_would_stand(office: Api):
    queued = await filled_while_offline(office)
    seen = (await office.get(f"/allocations/{queued}")).headers["etag"]
    told = (await office.post(f"/allocations/{queued}/accept")).json()
    assert (told["code"], told["gap"]) == ("gap_exceeded", "0")
    assert (told["place"]["position"], told["place"]["waiting"], told["place"]["is_waiting"]) == (3, 3, False)
    assert told["detail"].endswith(": gap is 0, you would be 3rd on the list (2 are ready sooner).")
    turkish = await office.in_turkish().post(f"/allocations/{queued}/accept")
    assert turkish.json()["detail"].endswith(
        ": eksik 0, listede 3. sırada olurdunuz (2 kayıt daha erken hazır)."
    )
    versioned = await office.post(f"/allocations/{queued}/accept", if_match=seen)
    assert (versioned.status_code, versioned.json()["place"]) == (409, told["place"])
    assert (await office.get(f"/allocations/{queued}")).json()["state"] == "proposed"
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
