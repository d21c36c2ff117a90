from datetime import timedelta
from typing import Any

from imece_chassis.ids import uuid7
from tests.http.crisis.conftest import TENT, Api, Scene


def an_offer(scene: Scene, quantity: str = "300", **line: Any) -> dict[str, Any]:
    stated = {"item_code": TENT, "quantity": quantity, "unit": "adet", **line}
    return {"crisis_id": str(scene.crisis_id), "origin": "TUR006", "lines": [stated]}


async def opened(scene: Scene, quantity: str = "300", by: Api | None = None, **line: Any) -> dict[str, Any]:
    answer = await (by or scene.pledger).post("/offers", an_offer(scene, quantity, **line))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_an_offer_is_opened_read_listed_and_waits_to_be_matched(scene: Scene):
    soon = (scene.office.clock.now() + timedelta(days=40)).date().isoformat()
    offer = await opened(
        scene,
        "50",
        unit="palet",
        step="6",
        best_before=soon,
        value={"amount": "120000.50", "currency": "TRY"},
        earmark={"places": ["TUR031"]},
        ready_within_minutes=120,
    )
    (line,) = offer["lines"]
    assert (offer["state"], line["quantity"], line["free"]) == ("open", "300", "300")
    assert (line["entered_as"]["pack"], line["shelf_mark"], line["step"]) == ("palet", "red", "6")
    assert line["earmark"] == {"places": ["TUR031"]}
    path = f"/offers/{offer['offer_id']}"
    assert (await scene.pledger.get(path)).json() == offer
    assert (await scene.office.get(path)).json() == offer
    assert (await scene.asker.get(path)).status_code == 404
    listing = f"/crises/{scene.crisis_id}/offers"
    assert [each["offer_id"] for each in (await scene.office.get(listing)).json()["items"]] == [
        offer["offer_id"]
    ]
    assert (await scene.asker.get(listing)).json()["items"] == []
    queue = f"/crises/{scene.crisis_id}/match-queue"
    assert (await scene.pledger.get(queue)).json()["code"] == "role_missing"
    (match,) = (await scene.office.get(queue)).json()["items"]
    (gap,) = match["lines"][0]["gaps"]
    assert (gap["need_line"], gap["room"], gap["district"]) == (str(scene.line), "1000", "TUR031005")


async def test_goods_past_their_date_or_with_strange_members_are_refused(scene: Scene):
    past = await scene.pledger.post("/offers", an_offer(scene, best_before="2026-02-05"))
    assert (past.status_code, past.json()["code"]) == (422, "best_before_past")
    number = await scene.pledger.post("/offers", an_offer(scene, best_before=20490))
    assert number.status_code == 422
    step = await scene.pledger.post("/offers", an_offer(scene, "5", step="6"))
    assert step.json()["code"] == "step_above_quantity"
    earmark = await scene.pledger.post("/offers", an_offer(scene, earmark={"populations": ["friends"]}))
    assert earmark.json()["code"] == "earmark_invalid"
    unknown = await scene.pledger.post("/offers", {**an_offer(scene), "note": "by hand"})
    assert unknown.status_code == 422
    in_turkish = await scene.pledger.in_turkish().post("/offers", an_offer(scene, best_before="2026-02-05"))
    assert in_turkish.json()["title"] == "Malzemenin tarihi geçmiş"


async def test_a_draft_with_an_id_of_the_clients_own_is_put_until_it_is_opened(scene: Scene):
    path, who = f"/offers/{uuid7()}", scene.pledger

    async def put(quantity: str) -> Any:
        return await who.client.put(path, json=an_offer(scene, quantity), headers=who.headers())

    assert (await put("10")).status_code == 201
    again = await put("20")
    assert (again.status_code, again.json()["state"], again.json()["version"]) == (200, "draft", 2)
    assert (await scene.office.get(path)).status_code == 404
    sent = (await who.post(f"{path}/open")).json()
    assert (sent["state"], sent["lines"][0]["free"]) == ("open", "20")
    assert (await put("30")).json()["code"] == "offer_not_in_state"


async def test_a_line_is_revised_and_the_offer_taken_back(scene: Scene):
    offer = await opened(scene)
    path = f"/offers/{offer['offer_id']}"
    revise = f"{path}/lines/{offer['lines'][0]['offer_line_id']}/revise"
    assert (await scene.pledger.post(revise, {"quantity": "120"})).json()["lines"][0]["free"] == "120"
    assert (await scene.office.post(revise, {"quantity": "5"})).json()["code"] == "role_missing"
    gone = (await scene.pledger.post(f"{path}/withdraw", {"reason": "no_funds"})).json()
    assert (gone["state"], gone["reason"], gone["deadline_at"]) == ("closed", "no_funds", None)


async def test_above_its_own_threshold_an_offer_waits_for_a_second_key(scene: Scene):
    first, who = scene.pledger, scene.pledger.who
    second = first.colleague()
    limits = {"quantities": {TENT: "100"}, "values": {"TRY": "50000"}}
    assert (await first.post("/offer-thresholds", limits)).json()["version"] == 1
    assert (await second.get("/offer-thresholds")).json() == {
        "org_id": str(who.organisation_id),
        **limits,
        "quantities_in_force": limits["quantities"],
        "values_in_force": limits["values"],
        "version": 1,
    }
    assert (await opened(scene, "100"))["state"] == "open"
    removed = (await first.post("/offer-thresholds")).json()
    assert (removed["quantities"], removed["quantities_in_force"]) == ({}, limits["quantities"])
    offer = await opened(scene, "101")
    assert (offer["state"], offer["lines"][0]["free"]) == ("internal_approval", None)
    path = f"/offers/{offer['offer_id']}"
    assert (await scene.office.get(path)).status_code == 404
    assert (await first.post(f"{path}/approve")).json()["code"] == "same_key"
    approved = (await second.post(f"{path}/approve")).json()
    assert (approved["state"], approved["lines"][0]["free"]) == ("open", "101")
    dear = await opened(scene, "1", value={"amount": "50000.01", "currency": "TRY"})
    rejected = await second.post(f"/offers/{dear['offer_id']}/reject", {"reason": "wrong_figures"})
    assert (rejected.json()["state"], rejected.json()["reason"]) == ("closed", "wrong_figures")


async def test_a_desk_suspends_an_offer_and_lets_it_go_on(scene: Scene):
    offer = await opened(scene)
    path = f"/offers/{offer['offer_id']}"
    assert (await scene.pledger.post(f"{path}/suspend", {"reason": "other"})).json()["code"] == "role_missing"
    stopped = (await scene.office.post(f"{path}/suspend", {"reason": "not_reachable"})).json()
    assert (stopped["state"], stopped["suspended_by"]) == ("suspended", "desk")
    assert (await scene.office.get(f"/crises/{scene.crisis_id}/match-queue")).json()["items"] == []
    on = (await scene.office.post(f"{path}/resume", {"reason": "reached_again"})).json()
    assert (on["state"], on["suspended_by"], on["deadline_at"]) == ("open", None, offer["deadline_at"])
