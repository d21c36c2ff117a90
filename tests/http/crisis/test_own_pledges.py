"""A pledge under an id of the pledger's own: said twice it is made once, and nobody else's id is taken."""

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from imece_chassis.database import Transaction
from imece_chassis.idempotency import body_hash
from imece_chassis.ids import uuid7
from tests.http.crisis.conftest import Scene, minted_in


def path(scene: Scene, pledge_id: Any) -> str:
    return f"{scene.pledges}/{pledge_id}"


async def line_of(scene: Scene) -> dict[str, Any]:
    need = (await scene.asker.get(f"/needs/{scene.need_id}")).json()
    return need["lines"][0]["line"]


async def test_a_pledge_said_twice_is_made_once_and_shown_as_it_is_by_then(scene: Scene):
    own, body = uuid7(), scene.pledge("200")
    first = await scene.pledger.put(path(scene, own), body)
    assert first.status_code == 201, first.text
    made = first.json()
    assert (made["allocation_id"], made["state"], made["version"]) == (str(own), "proposed", 1)
    assert first.headers["location"] == f"/allocations/{own}"
    again = await scene.pledger.put(path(scene, own), body)
    assert (again.status_code, again.json()) == (200, made)
    assert (await scene.office.post(f"/allocations/{own}/accept")).status_code == 200
    later = (await scene.pledger.put(path(scene, own), body)).json()
    assert (later["state"], later["quantity"]) == ("held", "200")
    assert len(later["history"]) == 2
    line = await line_of(scene)
    assert (line["P"], line["H"]) == ("0", "200"), "nothing was promised a second time"


async def test_the_order_of_members_says_nothing(scene: Scene):
    own, body = uuid7(), scene.pledge("200")
    await scene.pledger.put(path(scene, own), body)
    turned = dict(reversed(body.items()))
    assert (await scene.pledger.put(path(scene, own), turned)).status_code == 200


async def test_a_pledge_is_never_changed_by_saying_it_otherwise(scene: Scene):
    own = uuid7()
    await scene.pledger.put(path(scene, own), scene.pledge("200"))
    refused = await scene.pledger.put(path(scene, own), scene.pledge("300"))
    assert (refused.status_code, refused.json()["code"]) == (409, "pledge_said_otherwise")
    assert refused.json()["pledge_id"] == str(own)
    assert (await line_of(scene))["P"] == "200"


async def test_one_number_spelt_in_two_ways_is_the_same_word(scene: Scene):
    own = uuid7()
    first = await scene.pledger.put(path(scene, own), scene.pledge("200"))
    spelt = {"has_transport": False, "conditions": [], "need_line_id": str(scene.line).upper()}
    for body in (scene.pledge("200.000"), scene.pledge("0200"), scene.pledge("200", **spelt)):
        again = await scene.pledger.put(path(scene, own), body)
        assert (again.status_code, again.json()) == (200, first.json()), body
    refused = await scene.pledger.put(path(scene, own), scene.pledge("200.5"))
    assert (refused.status_code, refused.json()["differs"]) == (409, ["quantity"])
    refused = await scene.pledger.put(path(scene, own), scene.pledge("200", ready_within_minutes=5))
    assert (refused.status_code, refused.json()["differs"]) == (409, [])


async def test_what_an_older_process_kept_of_a_pledge_still_counts(scene: Scene):
    own, body = uuid7(), scene.pledge("200.0")
    assert (await scene.pledger.put(path(scene, own), body)).status_code == 201

    async def as_sent(tx: Transaction) -> None:
        kept = body_hash(json.dumps(body).encode())
        await tx.execute("UPDATE pledge_ids SET stated = $2 WHERE allocation_id = $1", own, kept)

    await scene.office.database.unit_of_work(as_sent)
    assert (await scene.pledger.put(path(scene, own), body)).status_code == 200


async def test_a_countered_pledge_says_what_it_became(scene: Scene):
    own = uuid7()
    made = (await scene.pledger.put(path(scene, own), scene.pledge("10"))).json()
    assert made["successors"] == []
    countered = await scene.office.post(f"/allocations/{own}/counter", {"quantity": "8"})
    assert countered.status_code == 200, countered.text
    said = (await scene.pledger.put(path(scene, own), scene.pledge("10"))).json()
    read = (await scene.pledger.get(f"/allocations/{own}")).json()
    assert said == read and (read["state"], read["awaiting"]) == ("split", None)
    waits, rest = read["successors"]
    assert (waits["allocation_id"], waits["quantity"], waits["unit"]) == (
        countered.json()["allocation_id"],
        "8",
        "adet",
    )
    assert (waits["state"], waits["awaiting"]) == ("countered", "pledger")
    assert waits["deadline_at"] == countered.json()["deadline_at"] is not None
    assert (rest["state"], rest["quantity"], rest["awaiting"]) == ("declined", "2", None)
    late = await scene.pledger.post(f"/allocations/{own}/accept")
    assert (late.status_code, late.json()["code"]) == (409, "allocation_not_in_state")
    assert late.json()["since"] == read["state_since"]
    assert late.json()["successors"] == [waits["allocation_id"], rest["allocation_id"]]
    withdrawn = await scene.pledger.post(f"/allocations/{own}/withdraw", {"reason": "no_funds"})
    assert withdrawn.json()["successors"] == late.json()["successors"]
    accepted = await scene.pledger.post(f"/allocations/{late.json()['successors'][0]}/accept")
    assert (accepted.status_code, accepted.json()["state"]) == (200, "held"), accepted.text


async def test_a_part_of_a_part_is_found_from_the_first(scene: Scene):
    own = uuid7()
    await scene.pledger.put(path(scene, own), scene.pledge("10"))
    countered = (await scene.office.post(f"/allocations/{own}/counter", {"quantity": "8"})).json()
    taken = {"quantity": "5", "rest": "decline"}
    accepted = await scene.pledger.post(f"/allocations/{countered['allocation_id']}/accept", taken)
    assert accepted.status_code == 200, accepted.text
    found = {
        each["quantity"]: each["state"]
        for each in (await scene.pledger.get(f"/allocations/{own}")).json()["successors"]
    }
    assert found == {"2": "declined", "5": "held", "3": "declined"}


async def test_no_id_of_anything_else_is_taken(scene: Scene):
    minted = (await scene.pledged("100"))["allocation_id"]
    own, other = uuid7(), scene.pledger.member("pledger")
    await scene.pledger.put(path(scene, own), scene.pledge("200"))
    for by, pledge_id in ((scene.pledger, minted), (other, minted), (other, own)):
        refused = await by.put(path(scene, pledge_id), scene.pledge("200"))
        assert (refused.status_code, refused.json()["code"]) == (409, "pledge_id_taken")
    assert (await line_of(scene))["P"] == "300"


async def test_an_id_that_says_no_time_is_refused(scene: Scene):
    refused = await scene.pledger.put(path(scene, uuid4()), scene.pledge("200"))
    assert (refused.status_code, refused.json()["code"]) == (422, "pledge_id_not_ordered")
    assert (await line_of(scene))["P"] == "0"


async def test_an_id_that_says_a_time_to_come_is_refused(scene: Scene):
    refused = await scene.pledger.put(path(scene, minted_in(timedelta(minutes=20))), scene.pledge("200"))
    assert (refused.status_code, refused.json()["code"]) == (422, "pledge_id_not_ordered")
    assert (await line_of(scene))["P"] == "0"


async def test_the_id_of_something_of_another_kind_is_not_taken(scene: Scene):
    made = await scene.pledged("100")
    offer_line = made["offer_line_id"]
    for known in (scene.need_id, scene.line, made["offer_id"], offer_line):
        refused = await scene.pledger.put(path(scene, known), scene.pledge("200"))
        assert (refused.status_code, refused.json()["code"]) == (409, "pledge_id_taken")


async def test_the_id_is_free_again_when_the_pledge_was_refused(scene: Scene):
    own = uuid7()
    refused = await scene.pledger.put(path(scene, own), scene.pledge("200", unit="kg"))
    assert (refused.status_code, refused.json()["code"]) == (422, "unit_unknown")
    assert (await scene.pledger.put(path(scene, own), scene.pledge("200"))).status_code == 201


async def test_many_at_the_same_moment_promise_once(scene: Scene):
    own, body = uuid7(), scene.pledge("200")
    answers = await asyncio.gather(*(scene.pledger.put(path(scene, own), body) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert (await line_of(scene))["P"] == "200"


async def test_what_waits_tells_its_place(scene: Scene):
    whole = await scene.pledged("1000")
    await scene.office.post(f"/allocations/{whole['allocation_id']}/accept")
    waits = (await scene.pledger.put(path(scene, uuid7()), scene.pledge("50"))).json()
    assert (waits["state"], waits["place"]["position"]) == ("waitlisted", 1)


async def test_it_may_be_made_only_where_there_is_nothing_yet(scene: Scene):
    own, body = uuid7(), scene.pledge("200")
    assert (await scene.pledger.put(path(scene, own), body, if_match='"7"')).status_code == 412
    assert (await line_of(scene))["P"] == "0"
    assert (await scene.pledger.put(path(scene, own), body)).status_code == 201
    assert (await scene.pledger.put(path(scene, own), body, if_match='"1"')).status_code == 200


@pytest.mark.parametrize("who", ["asker", "office"])
async def test_only_a_pledger_pledges(scene: Scene, who: str):
    refused = await getattr(scene, who).put(path(scene, uuid7()), scene.pledge())
    assert refused.status_code == 403
