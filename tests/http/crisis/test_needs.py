"""Needs over HTTP: drafts under ids of one's own, masked texts, every step of a need, who sees what."""

from datetime import timedelta
from typing import Any

import pytest

from imece_chassis.ids import uuid7
from tests.http.crisis.conftest import CRISIS, Api, Scene

OPAQUE = "cnt-0199c2d4-0000-7000-8000-000000000001"


def draft_of(scene: Scene, **changes: Any) -> dict[str, Any]:
    body = {"district": "TUR031005", "urgency": "urgent", "lines": [scene.office.tents("40")]}
    return {**body, **changes}


async def submitted(scene: Scene, **changes: Any) -> str:
    answer = await scene.asker.post(f"/crises/{scene.crisis_id}/needs", draft_of(scene, **changes))
    assert answer.status_code == 201, answer.text
    return f"/needs/{answer.json()['need_id']}"


async def test_a_draft_is_written_changed_and_submitted_under_an_id_of_its_own(scene: Scene):
    need_id = str(uuid7())
    path = f"/crises/{scene.crisis_id}/needs/{need_id}"
    written = await scene.asker.put(path, draft_of(scene, lines=[]))
    assert (written.status_code, written.headers["location"]) == (201, f"/needs/{need_id}")
    again = await scene.asker.put(path, draft_of(scene, contact_ref=OPAQUE, title="Çadır kent"))
    assert (again.status_code, again.json()["version"], again.json()["state"]) == (200, 2, "draft")
    assert [line["quantity"] for line in again.json()["draft_lines"]] == ["40"]
    assert (await scene.asker.get(f"/needs/{need_id}")).json()["title"] == "Çadır kent"
    for stranger in (scene.office, scene.pledger):
        assert (await stranger.get(f"/needs/{need_id}")).status_code == 404
        listed = (await stranger.get(f"/crises/{scene.crisis_id}/needs", state="draft")).json()
        assert listed["items"] == []
    own = (await scene.asker.get(f"/crises/{scene.crisis_id}/needs", state="draft")).json()
    assert [need["need_id"] for need in own["items"]] == [need_id]
    sent = (await scene.asker.post(f"/needs/{need_id}/submit")).json()
    assert (sent["state"], sent["draft_lines"], sent["contact_ref"]) == ("submitted", None, OPAQUE)
    assert (await scene.office.get(f"/needs/{need_id}")).json()["lines"][0]["quantity"] == "40"


async def test_what_is_said_anew_of_a_returned_need_is_private_until_it_is_submitted(scene: Scene):
    path = await submitted(scene, title="Çadır kent")
    returned = await scene.office.post(f"{path}/return", {"reason": "quantity_unclear"})
    assert returned.status_code == 200, returned.text
    before = (await scene.office.get(path)).json()
    anew = draft_of(scene, title="Okul bahçesi", district="TUR031009", urgency="normal")
    put = await scene.asker.put(f"/crises/{scene.crisis_id}{path}", anew)
    assert (put.json()["title"], put.json()["district"]) == ("Okul bahçesi", "TUR031009")
    hidden = ("title", "district", "urgency", "contact_ref", "draft_lines")
    for reader in (scene.office, scene.pledger):
        for need in (
            (await reader.get(path)).json(),
            (await reader.get(f"/crises/{scene.crisis_id}/needs", state="returned")).json()["items"][0],
        ):
            assert {name: need[name] for name in hidden} == {name: before[name] for name in hidden}
            assert need["draft_lines"] is None
    own = (await scene.asker.get(path)).json()
    assert (own["title"], own["urgency"], len(own["draft_lines"])) == ("Okul bahçesi", "normal", 1)
    sent = await scene.asker.post(f"{path}/submit")
    assert sent.status_code == 200, sent.text
    seen = (await scene.office.get(path)).json()
    assert (seen["title"], seen["district"], seen["urgency"]) == ("Okul bahçesi", "TUR031009", "normal")


async def test_a_draft_with_a_minted_id_repeats_with_its_key(scene: Scene):
    path = f"/crises/{scene.crisis_id}/drafts"
    first = await scene.asker.post(path, draft_of(scene), idempotency_key="draft 1")
    again = await scene.asker.post(path, draft_of(scene), idempotency_key="draft 1")
    assert (first.status_code, first.json()) == (201, again.json())


async def test_free_text_is_masked_before_it_is_stored_and_the_submitter_is_told(scene: Scene):
    line = scene.office.tents("40", note="plaka 34 ABC 123")
    body = draft_of(scene, title="Çadır", description="Ali 0532 123 45 67", lines=[line])
    answer = (await scene.asker.post(f"/crises/{scene.crisis_id}/needs", body)).json()
    assert answer["masked"] == [
        {"pointer": "/description", "kinds": ["phone"]},
        {"pointer": "/lines/0/note", "kinds": ["plate"]},
    ]
    assert (answer["description"], answer["lines"][0]["note"]) == ("Ali •••", "plaka •••")
    stored = (await scene.office.get(f"/needs/{answer['need_id']}")).json()
    assert (stored["title"], stored["description"], stored["masked"]) == ("Çadır", "Ali •••", [])


async def test_a_life_saving_need_of_an_accredited_organisation_is_open_in_the_answer(scene: Scene):
    asker = scene.office.member("asker", "verifier")
    answer = await asker.post(f"/crises/{scene.crisis_id}/needs", draft_of(scene, urgency="life_saving"))
    need = answer.json()
    assert (answer.status_code, need["state"], need["verification"]) == (201, "open", 0)
    raised = (await scene.office.post(f"/needs/{need['need_id']}/verify", {"level": 3})).json()
    assert (raised["state"], raised["verification"]) == ("open", 3)


async def test_returned_rejected_appealed_and_heard(scene: Scene):
    path = await submitted(scene)
    body = {"reason": "missing_information", "missing_fields": ["quantity"]}
    returned = (await scene.office.post(f"{path}/return", body)).json()
    assert (returned["state"], returned["reason"], returned["missing_fields"]) == (
        "returned",
        "missing_information",
        ["quantity"],
    )
    assert (await scene.asker.post(f"{path}/submit")).json()["state"] == "submitted"
    rejected = await scene.office.post(f"{path}/reject", {"reason": "not_confirmed"})
    assert (rejected.status_code, rejected.json()["close_reason"]) == (200, "rejected")
    assert (rejected.json()["two_key_id"], rejected.json()["due_at"]) == (None, None)
    appealed = (await scene.asker.post(f"{path}/appeal", {"reason": "now_confirmed"})).json()
    assert appealed["appealed_at"] and appealed["due_at"]
    decided = (await scene.office.post(f"{path}/appeal/decide", {"outcome": "granted"})).json()
    assert (decided["state"], decided["close_reason"]) == ("submitted", None)


async def test_rejecting_a_life_saving_need_waits_for_a_second_person(scene: Scene):
    path = await submitted(scene, urgency="life_saving")
    asked = await scene.office.post(f"{path}/reject", {"reason": "false_report"})
    two_key_id = asked.json()["two_key_id"]
    assert (asked.status_code, asked.headers["location"]) == (202, f"/two-keys/{two_key_id}")
    assert asked.json()["state"] == "submitted"
    second = scene.office.member("verifier")
    confirmed = await second.post(f"/two-keys/{two_key_id}/confirm")
    assert confirmed.status_code == 200, confirmed.text
    assert (await scene.asker.get(path)).json()["close_reason"] == "rejected"


async def test_held_resumed_confirmed_moved_closed_and_opened_again(scene: Scene):
    path = f"/needs/{scene.need_id}"
    until = (scene.office.clock.now() + timedelta(hours=10)).isoformat()
    held = (await scene.office.post(f"{path}/hold", {"reason": "no_access", "until": until})).json()
    assert (held["state"], held["reason"]) == ("on_hold", "no_access")
    assert (await scene.office.post(f"{path}/resume")).json()["state"] == "open"
    less = {"said": "less", "lines": [{"need_line_id": scene.line, "quantity": "900"}]}
    assert (await scene.asker.post(f"{path}/heartbeat", less)).status_code == 200
    need = (await scene.asker.get(path)).json()
    assert (need["lines"][0]["line"]["R"], need["is_stale"]) == ("900", False)
    moved = await scene.office.post(f"{path}/relocate", {"district": "TUR031002", "reason": "site_moved"})
    assert moved.json()["district"] == "TUR031002"
    for count, channel in enumerate(("phone", "message", "visit"), 1):
        attempted = await scene.office.post(f"{path}/attempts", {"channel": channel})
        assert (attempted.status_code, attempted.json()["attempts"]) == (201, count)
    closed = (await scene.office.post(f"{path}/close", {"reason": "unreachable"})).json()
    assert (closed["state"], closed["close_reason"]) == ("closed", "unreachable")
    opened = (await scene.office.post(f"{path}/reopen", {"reason": "asker_reached"})).json()
    assert (opened["state"], opened["close_reason"]) == ("open", None)
    done = (await scene.asker.post(f"{path}/heartbeat", {"said": "done"})).json()
    assert (done["state"], done["close_reason"]) == ("closed", "met_by_others")


ROUTES = {
    "submit": None,
    "verify": {"level": 1},
    "return": {"reason": "other"},
    "reject": {"reason": "other"},
    "appeal": {"reason": "other"},
    "appeal/decide": {"outcome": "granted"},
    "hold": {"reason": "other", "until": "2026-02-07T09:00:00+03:00"},
    "resume": None,
    "heartbeat": {"said": "still"},
    "close": {"reason": "met_by_others"},
    "reopen": {"reason": "other"},
    "relocate": {"district": "TUR031002", "reason": "other"},
    "attempts": {"channel": "phone"},
}


@pytest.mark.parametrize("action", ROUTES)
async def test_what_is_unknown_or_anothers_draft_is_not_found(scene: Scene, action: str):
    drafts = f"/crises/{scene.crisis_id}/drafts"
    draft = (await scene.asker.post(drafts, draft_of(scene))).json()["need_id"]
    for need_id in ("01900000-0000-7000-8000-000000000001", draft):
        answer = await scene.office.post(f"/needs/{need_id}/{action}", ROUTES[action])
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), answer.text


BAD = {
    "/contact_ref": "Ali Yılmaz",
    "/title": "x" * 201,
    "/urgency": "soon",
    "/district": "Hatay",
    "/colour": "red",
}


async def test_a_bad_field_of_a_draft_is_pointed_at(scene: Scene):
    path = f"/crises/{scene.crisis_id}/needs/{uuid7()}"
    for pointer, value in BAD.items():
        answer = await scene.asker.put(path, draft_of(scene, **{pointer[1:]: value}))
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    substitution = scene.office.tents("1", substitution="anything")
    answer = await scene.asker.put(path, draft_of(scene, lines=[substitution]))
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/lines/0/substitution"]


async def test_nothing_is_drafted_in_an_unknown_crisis(office: Api):
    asker = office.member("asker")
    body = {"district": "TUR031005", "urgency": "urgent", "lines": []}
    unknown = "01900000-0000-7000-8000-000000000001"
    assert (await asker.post(f"/crises/{unknown}/drafts", body)).status_code == 404
    assert (await asker.put(f"/crises/{unknown}/needs/{uuid7()}", body)).status_code == 404
    crisis = (await office.post("/crises", CRISIS)).json()["crisis_id"]
    pledger = office.member("pledger")
    assert (await pledger.post(f"/crises/{crisis}/drafts", body)).status_code == 403
