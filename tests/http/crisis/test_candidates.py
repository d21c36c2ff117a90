from typing import Any

from tests.http.crisis.conftest import Scene
from tests.http.crisis.test_offers import opened
from tests.http.crisis.test_packages import kept


def path(scene: Scene, line: Any = None) -> str:
    return f"/need-lines/{line or scene.line}/candidates"


async def test_a_desk_is_shown_what_it_could_call_and_calls_it(scene: Scene):
    offer = await opened(scene, "300", ready_within_minutes=60, earmark={"places": ["TUR031"]})
    package = await kept(scene.pledger)
    found = (await scene.office.get(path(scene))).json()
    assert (found["need_line_id"], found["room"], found["unit"]) == (str(scene.line), "1000", "adet")
    assert (found["min_useful_quantity"], found["refusal"], found["is_complete"]) == ("0", None, True)
    assert (found["found"], found["pool"]) == (2, None)
    first, second = found["items"]
    line = offer["lines"][0]["offer_line_id"]
    assert (first["offer_id"], first["offer_line_id"], first["package_id"]) == (offer["offer_id"], line, None)
    assert (first["org_id"], first["origin"], first["until"]) == (
        offer["org_id"],
        "TUR006",
        offer["available_until"],
    )
    assert (first["free"], first["quantity"], first["does"], first["unit"]) == ("300", "300", "300", "adet")
    assert (first["is_substitute"], first["earmark"]) == (False, {"places": ["TUR031"]})
    assert (second["offer_line_id"], second["package_id"]) == (None, package["package_id"])
    assert second["until"] == package["verify_due_at"]
    assert [(each["merit"], each["points"]) for each in first["reasons"]] == [
        ("distance", 10),
        ("readiness", 20),
        ("reliability", 15),
    ]
    assert first["points"] == 45
    called = {"offer_line_id": line, "quantity": first["quantity"], "unit": first["unit"]}
    call = await scene.office.post(f"/need-lines/{scene.line}/calls", called)
    assert (call.status_code, call.json()["awaiting"]) == (201, "pledger")
    (left,) = (await scene.office.get(path(scene))).json()["items"]
    assert left["package_id"] == package["package_id"]


async def test_so_many_are_shown_and_how_many_there_are_is_said(scene: Scene):
    for _ in range(3):
        await opened(scene, "10", by=scene.office.member("pledger"))
    found = (await scene.office.get(path(scene), limit=2)).json()
    assert (len(found["items"]), found["found"]) == (2, 3)
    refused = await scene.office.get(path(scene), limit=101)
    assert refused.status_code == 422


async def test_offers_to_pool_are_shown_and_a_pledge_too_small_hears_the_least_that_is_useful(scene: Scene):
    tents = scene.asker.tents("1000", min_useful_quantity="50")
    body = {"district": "TUR031005", "urgency": "urgent", "lines": [tents]}
    need = (await scene.asker.post(f"/crises/{scene.crisis_id}/needs", body)).json()
    await scene.office.post(f"/needs/{need['need_id']}/verify", {"level": 1})
    line = need["lines"][0]["need_line_id"]
    for _ in range(2):
        await opened(scene, "30", by=scene.office.member("pledger"))
    found = (await scene.office.get(path(scene, line), limit=1)).json()
    assert (found["items"], found["min_useful_quantity"]) == ([], "50")
    assert (found["pool"]["quantity"], found["pool"]["offers"]) == ("60", 2)
    (one,) = found["pool"]["items"]
    assert (one["quantity"], one["does"]) == ("30", "30")
    for pledger, said in (
        (scene.pledger, "30 adet is below 50 adet; room is 1000 adet."),
        (scene.pledger.in_turkish(), "30 adet yetersiz: en az 50 adet olmalı; boş yer 1000 adet."),
    ):
        small = await pledger.post(scene.pledges, scene.pledge("30", need_line_id=line))
        assert (small.status_code, small.json()["code"]) == (422, "too_small")
        assert (small.json()["min_useful"], small.json()["detail"]) == ("50", said)


async def test_others_than_a_desk_of_the_place_and_auditors_are_refused(scene: Scene):
    await opened(scene)
    for who in (
        scene.asker,
        scene.pledger,
        scene.office.member("provincial_desk", provinces=frozenset({"06"})),
    ):
        answer = await who.get(path(scene))
        assert (answer.status_code, answer.json()["code"]) == (403, "role_missing")
    audited = await scene.office.member("auditor").get(path(scene))
    assert (audited.status_code, audited.json()["found"]) == (200, 1)
    unknown = await scene.office.get(path(scene, scene.crisis_id))
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")


async def test_a_line_on_hold_says_that_calls_would_be_refused(scene: Scene):
    await opened(scene)
    hold = {"reason": "no_access", "until": scene.asker.tents()["needed_by"]}
    held = await scene.office.post(f"/needs/{scene.need_id}/hold", hold)
    assert held.status_code == 200, held.text
    found = (await scene.office.get(path(scene))).json()
    assert (found["refusal"], found["items"], found["found"]) == ("need_not_open", [], 0)
