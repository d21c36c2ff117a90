"""Roles of the registry at the desk: regional desks and duty officers decide, auditors only read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from imece_chassis.access.caller import Grant
from tests.http.crisis.conftest import Api, Scene

DESKS = ("provincial_desk", "regional_desk", "duty_officer")
HATAY, MARAS = frozenset({"31"}), frozenset({"46"})


def with_grants(api: Api, *grants: Grant) -> Api:
    who = replace(api.member().who, grants=grants)
    return replace(api, who=who, key=api.keys.issue(who))


async def proposed(scene: Scene) -> str:
    return f"/allocations/{(await scene.pledged())['allocation_id']}"


@pytest.mark.parametrize("role", DESKS)
async def test_a_desk_decides_in_its_area_and_sees_nothing_elsewhere(role: str, scene: Scene):
    path = await proposed(scene)
    stranger = await scene.office.member(role, provinces=MARAS).post(f"{path}/accept")
    assert (stranger.status_code, stranger.json()["code"]) == (404, "not_found")
    desk = scene.office.member(role, provinces=HATAY)
    held = await desk.post(f"{path}/accept")
    assert (held.status_code, held.json()["state"]) == (200, "held"), held.text
    asked = await desk.post(f"{path}/release-requests", {"reason": "no_movement"})
    assert asked.status_code == 201, asked.text
    history = (await desk.get(f"/needs/{scene.need_id}/history")).json()["items"]
    accepted = next(entry for entry in history if entry["command"] == "accept_allocation")
    assert accepted["actor_role"] == role
    assert len((await desk.get(scene.pledges, need_line_id=scene.line)).json()["items"]) == 1
    assert (await desk.get(scene.pledges)).json()["items"] == [], "its list is that of its provinces"


@pytest.mark.parametrize("role", DESKS)
async def test_what_belongs_to_the_secretariat_stays_there(role: str, scene: Scene):
    desk = scene.office.member(role)
    refused = await desk.post(f"/crises/{scene.crisis_id}/stand-down", {"reason": "over"})
    assert (refused.status_code, refused.json()["code"]) == (403, "role_missing")


async def test_a_duty_officer_decides_during_the_shift_and_in_the_crisis_of_the_grant(scene: Scene):
    now, path = datetime.now(UTC), await proposed(scene)
    ends = now + timedelta(hours=8)
    shift = Grant("duty_officer", crisis_id=UUID(str(scene.crisis_id)), valid_until=ends)
    for outside in (
        replace(shift, valid_from=now + timedelta(hours=1)),
        replace(shift, valid_until=now),
        replace(shift, valid_until=None),
        replace(shift, crisis_id=uuid4()),
    ):
        assert (await with_grants(scene.office, outside).post(f"{path}/accept")).status_code == 404
    on_duty = with_grants(scene.office, shift)
    assert (await on_duty.post(f"{path}/accept")).json()["state"] == "held"


@pytest.mark.parametrize(("role", "state"), [("regional_desk", "open"), ("duty_officer", "submitted")])
async def test_a_standing_desk_is_accredited_and_a_shift_is_not(role: str, state: str, scene: Scene):
    asker = scene.office.member("asker", role)
    body = {"district": "TUR031005", "urgency": "life_saving", "lines": [scene.office.tents("10")]}
    need = (await asker.post(f"/crises/{scene.crisis_id}/needs", body)).json()
    assert need["state"] == state


async def test_an_auditor_reads_what_was_promised_and_the_ledger_behind_it(scene: Scene):
    path, auditor = await proposed(scene), scene.office.member("auditor", provinces=HATAY)
    accepted = await scene.office.post(f"{path}/accept", {"quantity": "150", "rest": "decline"})
    assert accepted.status_code == 200
    told = (await auditor.get(path)).json()
    assert [entry["to_state"] for entry in told["history"]][:2] == ["proposed", "split"]
    assert len((await auditor.get(scene.pledges, need_line_id=scene.line)).json()["items"]) == 3
    commands = (await auditor.get(f"/needs/{scene.need_id}/history")).json()["items"]
    assert "accept_allocation" in {entry["command"] for entry in commands}
    (offer,) = (await auditor.get(f"/crises/{scene.crisis_id}/offers")).json()["items"]
    assert (await auditor.get(f"/offers/{offer['offer_id']}")).json()["lines"][0]["quantity"] == "200"
    everywhere = scene.office.member("auditor")
    assert len((await everywhere.get(scene.pledges)).json()["items"]) == 3
    elsewhere = scene.office.member("auditor", provinces=MARAS)
    assert (await elsewhere.get(path)).status_code == 404
    assert (await elsewhere.get(scene.pledges, need_line_id=scene.line)).json()["items"] == []
    assert (await elsewhere.get(f"/crises/{scene.crisis_id}/offers")).json()["items"] == []


async def test_an_auditor_changes_nothing_and_is_shown_no_person(scene: Scene):
    path, auditor = await proposed(scene), scene.office.member("auditor")
    need, line = f"/needs/{scene.need_id}", f"/need-lines/{scene.line}"
    for command, body in (
        (f"{path}/accept", {}),
        (f"{path}/decline", {"reason": "too_far"}),
        (f"{path}/counter", {"quantity": "10"}),
        (f"{path}/withdraw", {"reason": "transport_lost"}),
        (f"{path}/release", {"reason": "holder_agreed"}),
        (f"{need}/verify", {"level": 2}),
        (f"{need}/close", {"reason": "met"}),
        (f"{line}/calls", {"offer_line_id": str(uuid4()), "quantity": "1", "unit": "adet"}),
        (scene.pledges, scene.pledge()),
    ):
        answer = await auditor.post(command, body)
        assert (answer.status_code, answer.json()["code"]) == (403, "role_missing"), (
            f"{command} {answer.text}"
        )
    assert (await auditor.get("/watches")).json()["items"] == []
    assert (await auditor.get("/tasks", crisis_id=scene.crisis_id)).json()["items"] == []
