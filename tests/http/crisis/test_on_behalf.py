"""A desk promises for an organisation without access: marked, told, open to that one's objection."""

import json
from datetime import timedelta
from uuid import UUID

from crisis.store import standings
from imece_chassis.ids import uuid7
from tests.db.crisis.on_behalf import gets_access, spoken_of
from tests.http.crisis.conftest import Api, Scene


async def registered(api: Api, org_id: UUID, state: str = "active") -> None:
    await api.database.unit_of_work(lambda tx: spoken_of(tx, org_id, state=state))


def desk_of(scene: Scene) -> Api:
    return scene.office.member("provincial_desk", provinces=frozenset({"06"}))


async def promised(scene: Scene, desk: Api, quantity: str = "200", **changes: str):
    await registered(scene.office, scene.pledger.who.organisation_id)
    named = {"on_behalf_of": str(scene.pledger.who.organisation_id), **changes}
    return await desk.post(scene.pledges, scene.pledge(quantity, **named))


async def test_it_is_marked_in_answers_lists_events_and_the_audit(scene: Scene):
    desk = desk_of(scene)
    made = await promised(scene, desk)
    assert made.status_code == 201, made.text
    mark = made.json()["on_behalf"]
    assert mark["by_org_id"] == str(desk.who.organisation_id)
    path = f"/allocations/{made.json()['allocation_id']}"
    for reader in (scene.pledger, desk):
        seen = (await reader.get(path)).json()
        assert (seen["pledger_org_id"], seen["on_behalf"]) == (str(scene.pledger.who.organisation_id), mark)
    (listed,) = (await scene.pledger.get(scene.pledges)).json()["items"]
    assert listed["on_behalf"] == mark
    offer = (await scene.pledger.get(f"/offers/{made.json()['offer_id']}")).json()
    assert offer["on_behalf"] == mark
    history = (await scene.pledger.get(f"/needs/{scene.need_id}/history")).json()["items"]
    assert (history[-1]["command"], history[-1]["actor_role"]) == ("propose_on_behalf", "provincial_desk")
    told = await scene.office.database.snapshot(
        lambda tx: tx.fetch(
            "SELECT headers, convert_from(payload, 'utf8') AS payload FROM outbox"
            " ORDER BY position DESC LIMIT 2"
        )
    )
    for event, named in zip(told, ("crisis.allocation.proposed", "crisis.offer.opened"), strict=True):
        data = json.loads(event["payload"])
        assert named in event["headers"]
        assert (data["on_behalf_by"], data["object_until"]) == (mark["by_org_id"], mark["object_until"])


async def test_only_the_desk_of_its_seat_or_the_secretariat_writes_for_an_organisation(scene: Scene):
    for stranger in ("pledger", "asker"):
        assert (await promised(scene, scene.office.member(stranger))).status_code == 403
    elsewhere = scene.office.member("provincial_desk", provinces=frozenset({"31"}))
    assert (await promised(scene, elsewhere)).status_code == 403
    unknown = await promised(scene, scene.office, on_behalf_of=str(uuid7()))
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")
    suspended = uuid7()
    await registered(scene.office, suspended, "suspended")
    refused = await promised(scene, scene.office, on_behalf_of=str(suspended))
    assert refused.json()["code"] == "organisation_may_not_act", refused.text
    itself = scene.office.member("provincial_desk", "pledger")
    await registered(scene.office, itself.who.organisation_id)
    own = await promised(scene, itself, on_behalf_of=str(itself.who.organisation_id))
    assert (own.status_code, own.json()["code"]) == (409, "same_party")
    assert (await promised(scene, scene.office)).status_code == 201


async def test_nobody_writes_for_an_organisation_with_a_key_that_may_promise(scene: Scene):
    org_id = scene.pledger.who.organisation_id
    await scene.office.database.unit_of_work(lambda tx: gets_access(tx, org_id, scope="crisis:board:read"))
    await scene.office.database.unit_of_work(lambda tx: gets_access(tx, org_id, role="asker"))
    assert (await promised(scene, scene.office, "10")).status_code == 201
    await scene.office.database.unit_of_work(lambda tx: gets_access(tx, org_id))
    refused = (await promised(scene, scene.office)).json()
    assert (refused["code"], refused["status"]) == ("organisation_has_access", 409)


async def test_an_objection_of_any_role_withdraws_it_and_closes_the_offer(scene: Scene):
    made = (await promised(scene, desk_of(scene))).json()
    offer, row = f"/offers/{made['offer_id']}", f"/allocations/{made['allocation_id']}"
    assert (await scene.office.post(f"{row}/accept")).json()["state"] == "held"
    assert (await scene.office.post(f"{offer}/object", {"reason": "not_agreed"})).status_code == 403
    wrong = (await scene.pledger.post(f"{offer}/object", {"reason": "because"})).json()
    assert (wrong["code"], wrong["status"]) == ("reason_unknown", 422)
    gone = (await scene.pledger.post(f"{offer}/object", {"reason": "not_agreed"})).json()
    assert (gone["state"], gone["reason"]) == ("closed", "objection"), gone
    ended = (await scene.pledger.get(row)).json()
    assert (ended["state"], ended["reason"]) == ("withdrawn", "objection")
    org, crisis_id = scene.pledger.who.organisation_id, UUID(str(scene.crisis_id))
    now = scene.office.clock.now()
    record = await scene.office.database.snapshot(lambda tx: standings.read(tx, crisis_id, [org], now))
    assert record[org].concluded == 0, "nothing is held against it"
    again = (await scene.pledger.post(f"{offer}/object", {"reason": "other"})).json()
    assert again["code"] == "offer_not_in_state"


async def test_the_time_to_object_is_a_day_and_only_for_what_a_desk_wrote(scene: Scene):
    own = f"/offers/{(await scene.pledged())['offer_id']}"
    refused = (await scene.pledger.post(f"{own}/object", {"reason": "not_agreed"})).json()
    assert (refused["code"], refused["status"]) == ("not_on_behalf", 409)
    path = f"/offers/{(await promised(scene, desk_of(scene))).json()['offer_id']}"
    scene.office.clock.advance(timedelta(hours=24))
    late = (await scene.pledger.post(f"{path}/object", {"reason": "not_agreed"})).json()
    assert (late["code"], late["status"]) == ("objection_too_late", 409)
