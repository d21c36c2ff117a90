"""Calls, counters, longer holds, questions and conditions over HTTP: shapes, rights, refusals."""

from datetime import timedelta
from typing import Any

from tests.http.crisis.conftest import Api, Scene


def leaves(scene: Scene, hours: int = 10) -> dict[str, Any]:
    at = scene.office.clock.now() + timedelta(hours=hours)
    return {"leaves_at": at.isoformat(), "transport": "own"}


async def an_offer_line(scene: Scene, quantity: str = "300", **changes: Any) -> str:
    line = {"item_code": "SHL-TENT-FAM", "quantity": quantity, "unit": "adet", **changes}
    body = {"crisis_id": str(scene.crisis_id), "origin": "TUR006", "lines": [line]}
    made = await scene.pledger.post("/offers", body)
    assert made.status_code == 201, made.text
    return made.json()["lines"][0]["offer_line_id"]


async def called(scene: Scene, offer_line: str, quantity: str = "200", **more: Any):
    body = {"offer_line_id": offer_line, "quantity": quantity, "unit": "adet", **more}
    return await scene.office.post(f"/need-lines/{scene.line}/calls", body)


async def held(scene: Scene, quantity: str = "200") -> str:
    path = f"/allocations/{(await scene.pledged(quantity))['allocation_id']}"
    assert (await scene.office.post(f"{path}/accept")).status_code == 200
    return path


async def test_a_call_is_answered_by_its_pledger(scene: Scene):
    offer_line = await an_offer_line(scene)
    made = await called(scene, offer_line)
    assert made.status_code == 201, made.text
    call = made.json()
    assert (call["state"], call["initiated_by"], call["awaiting"]) == ("proposed", "desk", "pledger")
    assert made.headers["location"] == f"/allocations/{call['allocation_id']}"
    path = f"/allocations/{call['allocation_id']}"
    assert (await scene.office.post(f"{path}/accept")).json()["code"] == "role_missing"
    short = (await called(scene, offer_line)).json()
    assert (short["code"], short["free"], short["status"]) == ("supply_exceeded", "100", 409)
    taken = (await scene.pledger.post(f"{path}/accept", {"quantity": "150", "rest": "decline"})).json()
    assert (taken["state"], taken["quantity"], taken["rest"][0]["state"]) == ("held", "150", "declined")


async def test_a_call_is_taken_back_by_a_desk(scene: Scene):
    call = (await called(scene, await an_offer_line(scene))).json()
    path = f"/allocations/{call['allocation_id']}"
    refused = await scene.pledger.post(f"{path}/cancel", {"reason": "better_source"})
    assert refused.status_code == 403
    unknown = (await scene.office.post(f"{path}/cancel", {"reason": "because"})).json()
    assert (unknown["code"], unknown["status"]) == ("reason_unknown", 422)
    gone = (await scene.office.post(f"{path}/cancel", {"reason": "better_source"})).json()
    assert (gone["state"], gone["reason"]) == ("released", "better_source")
    pledge = f"/allocations/{(await scene.pledged())['allocation_id']}"
    assert (await scene.office.post(f"{pledge}/cancel", {"reason": "other"})).json()["code"] == "not_a_call"


async def test_a_pledge_names_its_origin_or_an_offer_and_not_both(scene: Scene):
    offer_line = await an_offer_line(scene)
    body = {"need_line_id": str(scene.line), "quantity": "10", "unit": "adet"}
    for wrong, code in (
        (body, "one_source"),
        ({**body, "origin": "TUR006", "offer_line_id": offer_line}, "one_source"),
        ({**body, "offer_line_id": offer_line, "has_transport": True}, "stated_on_offer"),
    ):
        answer = await scene.pledger.post(scene.pledges, wrong)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, code), answer.text
    taken = await scene.pledger.post(scene.pledges, {**body, "offer_line_id": offer_line})
    assert (taken.status_code, taken.json()["offer_line_id"]) == (201, offer_line)


async def test_a_counter_changes_terms_and_turns_the_question_round(scene: Scene):
    path = f"/allocations/{(await scene.pledged())['allocation_id']}"
    nothing = (await scene.office.post(f"{path}/counter", {"quantity": "200"})).json()
    assert (nothing["code"], nothing["status"]) == ("nothing_countered", 422)
    more = (await scene.office.post(f"{path}/counter", {"quantity": "201"})).json()
    assert more["code"] == "quantity_above_allocation"
    due = (scene.office.clock.now() + timedelta(hours=4)).isoformat()
    terms = {"quantity": "150", "plan": leaves(scene), "conditions": [{"type": "named_site", "due_at": due}]}
    countered = (await scene.office.post(f"{path}/counter", terms)).json()
    assert (countered["state"], countered["awaiting"], countered["round"]) == ("countered", "pledger", 1)
    assert (countered["rest"][0]["state"], countered["rest"][0]["quantity"]) == ("declined", "50")
    path = f"/allocations/{countered['allocation_id']}"
    (condition,) = (await scene.pledger.get(f"{path}/conditions")).json()["items"]
    assert (condition["type"], condition["state"], condition["stated_by"]) == (
        "named_site", "open", "asker_side",
    )  # fmt: skip
    refused = (await scene.pledger.post(f"{path}/accept")).json()
    assert (refused["code"], refused["status"]) == ("condition_open", 409)
    settle = f"/conditions/{condition['condition_id']}/settle"
    assert (await scene.pledger.post(settle, {"state": "met"})).json()["code"] == "not_your_condition"
    assert (await scene.office.post(settle, {"state": "met"})).json()["state"] == "met"
    assert (await scene.office.post(settle, {"state": "met"})).json()["code"] == "condition_settled"
    assert (await scene.pledger.post(f"{path}/accept")).json()["state"] == "held"


async def test_a_no_comes_with_the_nearest_gaps(scene: Scene):
    body = {"district": "TUR031002", "urgency": "urgent", "lines": [scene.office.tents("70")]}
    need = (await scene.asker.post(f"/crises/{scene.crisis_id}/needs", body)).json()
    await scene.office.post(f"/needs/{need['need_id']}/verify", {"level": 1})
    path = f"/allocations/{(await scene.pledged())['allocation_id']}"
    declined = (await scene.office.post(f"{path}/decline", {"reason": "too_far"})).json()
    (gap,) = declined["alternatives"]
    assert (gap["need_line"], gap["room"]) == (need["lines"][0]["need_line_id"], "70")
    assert gap["distance_km"] > 300


async def test_a_hold_is_extended_once_by_its_pledger(scene: Scene):
    path = await held(scene)
    assert (await scene.pledger.post(f"{path}/extend", {})).status_code == 422
    first = (await scene.office.post(f"{path}/extend", {"plan": leaves(scene)})).json()
    assert (first["code"], first["status"]) == ("extension_of_pledger", 409)
    longer = (await scene.pledger.post(f"{path}/extend", {"plan": leaves(scene)})).json()
    assert (longer["state"], longer["deadline_at"]) == ("held", "2026-02-08T09:00:00Z")
    again = (await scene.pledger.post(f"{path}/extend", {"plan": leaves(scene)})).json()
    assert (again["code"], again["status"]) == ("extension_used", 409)
    assert (await scene.office.post(f"{path}/extend", {"plan": leaves(scene)})).status_code == 200
    assert (await scene.asker.post(f"{path}/extend", {"plan": leaves(scene)})).status_code == 403


async def test_a_holder_lets_goods_go_or_says_when_they_leave(scene: Scene):
    path = await held(scene)
    asked = await scene.office.post(f"{path}/release-requests", {"reason": "no_movement"})
    assert asked.status_code == 201, asked.text
    request = asked.json()
    assert (request["state"], request["asked_by"], request["quantity"]) == ("pending", "desk", "200")
    twice = await scene.office.post(f"{path}/release-requests", {"reason": "no_movement"})
    assert twice.json()["code"] == "release_pending"
    for who in (scene.pledger, scene.office):
        page = (await who.get("/release-requests", state="pending")).json()
        assert [item["request_id"] for item in page["items"]] == [request["request_id"]]
    assert (await scene.asker.get("/release-requests")).json()["items"] == []
    reply = f"/release-requests/{request['request_id']}/answer"
    assert (await scene.pledger.post(reply, {"agrees": False})).json()["code"] == "plan_required"
    kept = (await scene.pledger.post(reply, {"agrees": False, "plan": leaves(scene)})).json()
    assert (kept["state"], kept["leaves_at"]) == ("held", "2026-02-06T19:00:00Z")
    assert (await scene.pledger.post(reply, {"agrees": True})).json()["code"] == "release_settled"
    refused = (await scene.office.post(f"{path}/release", {"reason": "holder_agreed"})).json()
    assert (refused["code"], refused["status"], refused["so"]) == ("reason_not_so", 409, "–")
    down = await scene.office.post(f"/crises/{scene.crisis_id}/stand-down", {"reason": "response_complete"})
    assert down.status_code == 200, down.text
    gone = (await scene.office.post(f"{path}/release", {"reason": "crisis_stood_down"})).json()
    assert (gone["state"], gone["reason"]) == ("released", "crisis_stood_down")


async def test_earmarked_goods_are_used_elsewhere_only_with_the_pledgers_word(scene: Scene):
    offer_line = await an_offer_line(scene, earmark={"places": ["TUR044"]})
    refused = (await called(scene, offer_line)).json()
    assert (refused["code"], refused["outside"]) == ("earmark_mismatch", "places")
    ask = f"/need-lines/{scene.line}/waivers"
    asked = await scene.office.post(ask, {"offer_line_id": offer_line})
    assert (asked.status_code, asked.json()["state"]) == (201, "pending"), asked.text
    assert (await scene.office.post(ask, {"offer_line_id": offer_line})).json()["code"] == "waiver_pending"
    page = (await scene.pledger.get("/waivers", state="pending")).json()
    assert [item["waiver_id"] for item in page["items"]] == [asked.json()["waiver_id"]]
    reply = f"/waivers/{asked.json()['waiver_id']}/answer"
    stranger: Api = scene.office.member("pledger")
    assert (await stranger.post(reply, {"agrees": True})).status_code == 404
    assert (await scene.pledger.post(reply, {"agrees": True})).json()["state"] == "granted"
    assert (await scene.pledger.post(reply, {"agrees": False})).json()["code"] == "waiver_settled"
    made = await called(scene, offer_line)
    assert (made.status_code, made.json()["earmark"]) == (201, {"places": ["TUR044"]})


async def test_the_refusals_speak_turkish_too(scene: Scene):
    offer_line = await an_offer_line(scene)
    body = {"offer_line_id": offer_line, "quantity": "301", "unit": "adet"}
    refused = (await scene.office.in_turkish().post(f"/need-lines/{scene.line}/calls", body)).json()
    assert (refused["title"], refused["free"]) == ("Teklifte kalandan fazla", "300")
