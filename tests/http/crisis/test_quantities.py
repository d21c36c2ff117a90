"""Quantities over HTTP: lines revised, met elsewhere, reserved; needs merged, hinted at, repeated."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from imece_chassis.ids import uuid7
from tests.http.crisis.conftest import Api, Scene


def with_another_key(api: Api) -> Api:
    """The same organisation's second key."""
    who = replace(api.who, key_id=uuid7())
    return replace(api, who=who, key=api.keys.issue(who))


async def held(scene: Scene, quantity: str, **changes: Any) -> dict[str, Any]:
    pledged = await scene.pledged(quantity, **changes)
    answer = await scene.office.post(f"/allocations/{pledged['allocation_id']}/accept", {})
    assert answer.status_code == 200, answer.text
    scene.office.clock.advance(timedelta(minutes=1))
    return answer.json()


async def another_need(scene: Scene, quantity: str = "100", **line: Any) -> dict[str, Any]:
    """An open need of the same asker; `line` changes its only line."""
    body = {
        "district": "TUR031005",
        "urgency": "urgent",
        "title": "Aynı yer",
        "lines": [scene.office.tents(quantity, **line)],
    }
    need = (await scene.asker.post(f"/crises/{scene.crisis_id}/needs", body)).json()
    await scene.office.post(f"/needs/{need['need_id']}/verify", {"level": 1})
    return need


async def test_a_line_is_lowered_and_shows_what_was_let_go(scene: Scene):
    await held(scene, "300")
    newest = await held(scene, "200")
    path = f"/need-lines/{scene.line}"
    answer = await scene.asker.post(
        f"{path}/revise", {"quantity": "400", "unit": "adet", "reason": "fewer_people"}
    )
    assert answer.status_code == 200, answer.text
    lowered = answer.json()
    assert (lowered["line"]["R"], lowered["line"]["H"], lowered["line"]["gap"]) == ("400", "400", "0")
    (gone,) = lowered["released"]
    assert (gone["state"], gone["quantity"], gone["reason"]) == ("released", "100", "requested_lowered")
    assert gone["parent_id"] == newest["allocation_id"]
    told = (await scene.pledger.get(f"{path}/terms")).json()
    assert [each["requested"] for each in told["revisions"]] == ["1000", "400"]


async def test_own_stock_is_stated_with_evidence_and_taken_back(scene: Scene):
    path = f"/need-lines/{scene.line}/elsewhere"
    body = {"quantity": "10", "unit": "palet", "evidence_ref": "tutanak:7"}
    stated = await scene.asker.post(path, body)
    assert (stated.status_code, stated.json()["quantity"]) == (201, "60")
    assert (stated.json()["line"]["E"], stated.json()["line"]["gap"]) == ("60", "940")
    revoked = await scene.asker.post(
        f"/elsewhere/{stated.json()['statement_id']}/revoke", {"reason": "counted_wrong"}
    )
    assert (revoked.status_code, revoked.json()["line"]["E"]) == (200, "0")
    assert revoked.json()["revoke_reason"] == "counted_wrong"
    told = (await scene.pledger.get(f"/need-lines/{scene.line}/terms")).json()
    assert [each["revoked_by_org"] for each in told["statements"]] == [str(scene.asker.who.organisation_id)]


async def test_what_was_asked_and_stated_comes_in_pages(scene: Scene):
    path = f"/need-lines/{scene.line}"
    for quantity in ("900", "800"):
        lower = {"quantity": quantity, "unit": "adet", "reason": "fewer_people"}
        assert (await scene.asker.post(f"{path}/revise", lower)).status_code == 200
    stated = await scene.asker.post(
        f"{path}/elsewhere", {"quantity": "5", "unit": "adet", "evidence_ref": "tutanak:7"}
    )
    first = (await scene.asker.get(f"{path}/terms", limit=2)).json()
    last = (await scene.asker.get(f"{path}/terms", limit=2, cursor=first["next_cursor"])).json()
    assert [[each["version"] for each in page["revisions"]] for page in (first, last)] == [[1, 2], [3]]
    ids = [[each["statement_id"] for each in page["statements"]] for page in (first, last)]
    assert ids == [[stated.json()["statement_id"]], []]
    assert (first["has_more"], last["has_more"], last["next_cursor"]) == (True, False, None)


async def test_a_reserve_waits_for_its_second_key_and_then_counts(scene: Scene):
    body = {"quantity": "100", "unit": "adet", "reason": "losses_expected"}
    asked = await scene.office.post(f"/need-lines/{scene.line}/over-cap", body)
    assert asked.status_code == 202, asked.text
    request = asked.json()
    assert asked.headers["location"] == f"/two-keys/{request['two_key_id']}"
    assert (request["state"], request["payload"]["over_cap"]) == ("pending", "100")
    second = with_another_key(scene.office)
    listed = (await second.get("/two-keys", crisis_id=scene.crisis_id)).json()
    assert [each["two_key_id"] for each in listed["items"]] == [request["two_key_id"]]
    assert (await scene.pledger.get("/two-keys")).json()["items"] == []
    confirmed = await second.post(f"/two-keys/{request['two_key_id']}/confirm")
    assert (confirmed.status_code, confirmed.json()["state"]) == (200, "confirmed")
    need = (await scene.asker.get(f"/needs/{scene.need_id}")).json()
    line = need["lines"][0]["line"]
    assert (line["C"], line["room"], line["gap"]) == ("100", "1100", "1000")


async def test_a_second_key_says_no(scene: Scene):
    body = {"quantity": "100", "unit": "adet", "reason": "losses_expected"}
    asked = (await scene.office.post(f"/need-lines/{scene.line}/over-cap", body)).json()
    path = f"/two-keys/{asked['two_key_id']}/refuse"
    refused = (await with_another_key(scene.office).post(path, {"reason": "not_agreed"})).json()
    assert (refused["state"], refused["reason"]) == ("refused", "not_agreed")


async def test_two_needs_are_merged_and_parted(scene: Scene):
    other = await another_need(scene)
    line = other["lines"][0]["need_line_id"]
    row = await held(scene, "40", need_line_id=line)
    merged = await scene.office.post(
        f"/needs/{other['need_id']}/merge", {"into": str(scene.need_id), "mode": "sum"}
    )
    assert merged.status_code == 200, merged.text
    done = merged.json()
    assert (done["moved"], done["into_lines"][0]["R"], done["into_lines"][0]["H"]) == (1, "1100", "40")
    assert (done["lines"][0]["need_state"], done["lines"][0]["H"]) == ("closed", "0")
    closed = (await scene.asker.get(f"/needs/{other['need_id']}")).json()
    assert (closed["close_reason"], closed["merged_into"]) == ("duplicate", str(scene.need_id))
    seen = (await scene.pledger.get(f"/allocations/{row['allocation_id']}")).json()
    assert (seen["need_id"], seen["state"]) == (str(scene.need_id), "held")
    steps = [(entry["from_state"], entry["to_state"]) for entry in seen["history"]]
    assert steps == [(None, "proposed"), ("proposed", "held"), ("held", "split"), ("split", "held")]
    parted = (await scene.office.post(f"/needs/{other['need_id']}/unmerge")).json()
    assert (parted["moved"], parted["stayed"], parted["lines"][0]["H"]) == (1, [], "40")
    assert (parted["into_lines"][0]["R"], parted["lines"][0]["need_state"]) == ("1000", "open")


async def test_a_desk_says_what_the_survivor_asks_for(scene: Scene):
    other = await another_need(scene)
    path = f"/needs/{other['need_id']}/merge"
    pair = {"need_line_id": other["lines"][0]["need_line_id"], "into_line_id": str(scene.line)}
    body = {"into": str(scene.need_id), "mode": "manual"}
    for wrong in (
        body,
        {**body, "lines": [pair]},
        {**body, "lines": [{**pair, "unit": "adet"}]},
        {**body, "mode": "max", "lines": [{**pair, "quantity": "50"}]},
    ):
        refused = await scene.office.post(path, wrong)
        assert refused.status_code == 422, refused.text
        assert refused.json()["errors"][0]["code"] == "figures_do_not_fit"
    merged = await scene.office.post(path, {**body, "lines": [{**pair, "quantity": "50"}]})
    assert merged.status_code == 200, merged.text
    assert merged.json()["into_lines"][0]["R"] == "50"


async def test_likely_duplicates_are_shown_with_the_submission_and_answered(scene: Scene):
    first, second = await another_need(scene), await another_need(scene)
    (hint,) = [each for each in second["duplicate_hints"] if each["need_id"] == first["need_id"]]
    assert (hint["similarity"], hint["choice"], hint["items"]) == ("1", None, ["SHL-TENT-FAM"])
    path = f"/needs/{second['need_id']}/duplicate-hints"
    answered = await scene.asker.post(f"{path}/{first['need_id']}/answer", {"choice": "another_one"})
    chosen = {each["need_id"]: each["choice"] for each in answered.json()["items"]}
    assert chosen[first["need_id"]] == "another_one"
    assert (await scene.pledger.get(path)).json() == answered.json()


async def test_an_estimate_names_its_sources_and_uses_the_crisis_own_figures(scene: Scene):
    found = (await scene.asker.get("/estimates", people=400, days=10)).json()
    by_key = {each["key"]: each for each in found["items"]}
    assert (found["label"], by_key["water_minimum"]["quantity"]) == ("estimate", "60000")
    assert by_key["toilet_persons"]["source"] == "Sphere Handbook, 4th edition, 2018"
    own = {"estimates": {"water_minimum": "20"}}
    changed = await scene.office.post(f"/crises/{scene.crisis_id}/settings", own)
    assert changed.status_code == 200, changed.text
    found = (await scene.asker.get("/estimates", people=400, days=10, crisis_id=scene.crisis_id)).json()
    by_key = {each["key"]: each for each in found["items"]}
    assert (by_key["water_minimum"]["quantity"], by_key["water_minimum"]["is_overridden"]) == ("80000", True)
    assert (await scene.asker.get("/estimates", people=0)).status_code == 422


async def test_a_template_is_kept_used_repeated_and_retired(scene: Scene):
    kept = await scene.asker.post("/templates", {"need_id": str(scene.need_id), "title": "Haftalık çadır"})
    assert kept.status_code == 201, kept.text
    template = kept.json()["template_id"]
    assert [each["template_id"] for each in (await scene.asker.get("/templates")).json()["items"]] == [
        template
    ]
    path = f"/crises/{scene.crisis_id}"
    again = await scene.asker.post(f"{path}/needs/from-template", {"template_id": template})
    assert (again.status_code, again.json()["lines"][0]["quantity"]) == (201, "1000")
    until = (scene.office.clock.now() + timedelta(days=9)).isoformat()
    body = {"template_id": template, "every_days": 3, "until": until, "is_draft": True}
    repeated = await scene.asker.post(f"{path}/recurring-needs", body)
    assert (repeated.status_code, repeated.json()["state"]) == (201, "running")
    stopped = await scene.asker.post(f"/recurring-needs/{repeated.json()['recurring_id']}/stop")
    assert (stopped.json()["state"], stopped.json()["next_at"]) == ("stopped", None)
    listed = (await scene.asker.get(f"{path}/recurring-needs")).json()["items"]
    assert [each["end_reason"] for each in listed] == ["stopped"]
    retired = await scene.asker.post(f"/templates/{template}/retire")
    assert retired.json()["retired_at"] and (await scene.asker.get("/templates")).json()["items"] == []
