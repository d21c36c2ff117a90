"""The asker answers for its own need while a desk lets it, and never for goods of its own."""

from datetime import timedelta

import pytest

from tests.http.crisis.conftest import Api, Scene


async def proposed(scene: Scene) -> str:
    return f"/allocations/{(await scene.pledged())['allocation_id']}"


async def delegate(scene: Scene, by: Api | None = None, hours: int = 24):
    until = scene.office.clock.now() + timedelta(hours=hours)
    return await (by or scene.office).post(f"/needs/{scene.need_id}/delegate", {"until": until.isoformat()})


ANSWERS = (
    ("accept", {"quantity": "150", "rest": "decline"}, "held"),
    ("decline", {"reason": "too_far"}, "declined"),
    ("counter", {"quantity": "100"}, "countered"),
)


@pytest.mark.parametrize(("command", "body", "state"), ANSWERS)
async def test_an_asker_answers_only_while_it_is_delegated(
    command: str, body: dict[str, str], state: str, scene: Scene
):
    path = await proposed(scene)
    refused = await scene.asker.post(f"{path}/{command}", body)
    assert (refused.status_code, refused.json()["code"]) == (403, "role_missing")
    assert (await delegate(scene)).status_code == 200
    colleague = scene.asker.member("asker")
    assert (await colleague.post(f"{path}/{command}", body)).status_code == 404, "of another organisation"
    done = await scene.asker.post(f"{path}/{command}", body)
    assert (done.status_code, done.json()["state"]) == (200, state), done.text
    entries = (await scene.asker.get(f"/needs/{scene.need_id}/history")).json()["items"]
    last = next(entry for entry in entries if entry["command"] == f"{command}_allocation")
    assert (last["actor_role"], last["actor_org_id"]) == ("asker", str(scene.asker.who.organisation_id))


async def test_it_stands_on_the_need_until_it_runs_out_or_is_taken_back(scene: Scene):
    path, need = await proposed(scene), f"/needs/{scene.need_id}"
    assert (await scene.pledger.get(need)).json()["delegation"] is None
    given = (await delegate(scene)).json()["delegation"]
    assert given["by_org_id"] == str(scene.office.who.organisation_id)
    assert (await scene.pledger.get(need)).json()["delegation"] == given
    assert (await scene.office.post(f"{need}/end-delegation")).json()["delegation"] is None
    assert (await scene.asker.post(f"{path}/accept")).status_code == 403
    again = (await scene.office.post(f"{need}/end-delegation")).json()
    assert (again["code"], again["status"]) == ("not_delegated", 409)
    await delegate(scene, hours=2)
    scene.office.clock.advance(timedelta(hours=2))
    assert (await scene.asker.post(f"{path}/accept")).status_code == 403, "it has run out"
    entries = (await scene.office.get(f"{need}/history")).json()["items"]
    assert [entry["command"] for entry in entries][-3:] == [
        "delegate_answers",
        "end_delegation",
        "delegate_answers",
    ]


async def test_only_a_desk_of_the_area_that_is_not_the_askers_own_delegates(scene: Scene):
    assert (await delegate(scene, by=scene.asker)).status_code == 403
    elsewhere = scene.office.member("provincial_desk", provinces=frozenset({"46"}))
    assert (await delegate(scene, by=elsewhere)).status_code == 403
    both = scene.office.member("asker", "provincial_desk", provinces=frozenset({"31"}))
    body = {"district": "TUR031005", "urgency": "urgent", "lines": [scene.office.tents()]}
    need = (await both.post(f"/crises/{scene.crisis_id}/needs", body)).json()
    await scene.office.post(f"/needs/{need['need_id']}/verify", {"level": 1})
    until = (scene.office.clock.now() + timedelta(hours=1)).isoformat()
    own = await both.post(f"/needs/{need['need_id']}/delegate", {"until": until})
    assert (own.status_code, own.json()["code"]) == (409, "same_party"), own.text
    late = (await delegate(scene, hours=24 * 31)).json()
    assert (late["code"], late["status"]) == ("delegation_invalid", 422)


async def test_an_override_stays_with_the_desk(scene: Scene):
    path = await proposed(scene)
    await delegate(scene)
    refused = await scene.asker.post(f"{path}/accept", {"override_reason": "only_source"})
    assert (refused.status_code, refused.json()["code"]) == (403, "role_missing")
    assert (await scene.asker.post(f"{path}/accept")).json()["state"] == "held"


async def test_a_counter_of_the_asker_is_answered_by_the_pledger(scene: Scene):
    path = await proposed(scene)
    await delegate(scene)
    countered = (await scene.asker.post(f"{path}/counter", {"quantity": "150"})).json()
    path = f"/allocations/{countered['allocation_id']}"
    assert (await scene.asker.post(f"{path}/accept")).status_code == 403, "its own terms"
    assert (await scene.pledger.post(f"{path}/accept")).json()["state"] == "held"
