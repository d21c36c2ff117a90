"""Promises found by the id their maker gave, and by who wrote them down for others."""

import csv
import io
from typing import Any

from imece_chassis.ids import uuid7
from tests.http.crisis.conftest import Api, Scene
from tests.http.crisis.test_on_behalf import desk_of, promised

LONG_AGO = "2020-01-01T00:00:00Z"
FUTURE = "2099-01-01T00:00:00Z"


async def found(api: Api, scene: Scene, **query: Any) -> list[dict[str, Any]]:
    answer = await api.get(scene.pledges, **query)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_a_promise_is_followed_by_the_id_its_maker_gave(scene: Scene):
    own = uuid7()
    await scene.pledger.put(f"{scene.pledges}/{own}", scene.pledge("10"))
    await scene.pledged("30")
    (whole,) = await found(scene.pledger, scene, root_id=own)
    assert (whole["allocation_id"], whole["state"]) == (str(own), "proposed")
    countered = (await scene.office.post(f"/allocations/{own}/counter", {"quantity": "8"})).json()
    taken = {"quantity": "5", "rest": "decline"}
    await scene.pledger.post(f"/allocations/{countered['allocation_id']}/accept", taken)
    pieces = await found(scene.pledger, scene, root_id=own)
    states = sorted((row["quantity"], row["state"]) for row in pieces)
    assert states == [("0", "split"), ("0", "split"), ("2", "declined"), ("3", "declined"), ("5", "held")]
    assert [row["allocation_id"] for row in pieces] == sorted(
        (row["allocation_id"] for row in pieces), reverse=True
    )
    (held,) = await found(scene.pledger, scene, root_id=own, state="held")
    assert (held["quantity"], held["root_id"]) == ("5", str(own))
    changed = await found(scene.pledger, scene, root_id=own, updated_since=LONG_AGO)
    assert {row["allocation_id"] for row in changed} == {row["allocation_id"] for row in pieces}
    due = await found(scene.pledger, scene, root_id=own, due_before=FUTURE)
    assert [row["allocation_id"] for row in due] == [held["allocation_id"]]
    late = (await scene.pledger.post(f"/allocations/{own}/withdraw", {"reason": "no_funds"})).json()
    assert late["code"] == "allocation_not_in_state"
    assert set(late["successors"]) == {row["allocation_id"] for row in pieces if row["state"] != "split"}


async def test_the_root_of_others_shows_them_nothing(scene: Scene):
    made = await scene.pledged("10")
    stranger = scene.office.member("pledger")
    assert await found(stranger, scene, root_id=made["root_id"]) == []
    assert len(await found(scene.office, scene, root_id=made["root_id"])) == 1
    assert await found(scene.pledger, scene, root_id=uuid7()) == []


async def test_an_organisation_lists_what_its_desks_wrote_for_others(scene: Scene):
    desk = desk_of(scene)
    made = (await promised(scene, desk)).json()
    await scene.pledged("30")
    assert await found(desk, scene) == [], "its own promises are others"
    for query in ({}, {"updated_since": LONG_AGO}, {"due_before": FUTURE}, {"province": "TUR031"}):
        (row,) = await found(desk, scene, written=True, **query)
        assert (row["allocation_id"], row["pledger_org_id"]) == (
            made["allocation_id"],
            str(scene.pledger.who.organisation_id),
        )
    assert await found(desk, scene, written=True, state="held") == []
    assert await found(desk, scene, written=True, mine=True) == []
    for other in (scene.pledger, scene.office, desk_of(scene)):
        assert await found(other, scene, written=True) == []


async def test_tables_tell_who_wrote_a_promise_for_whom(scene: Scene):
    desk = desk_of(scene)
    mark = (await promised(scene, desk)).json()["on_behalf"]
    await scene.pledged("30")

    async def table(api: Api, **query: Any) -> list[dict[str, str]]:
        answer = await api.get(f"{scene.pledges}.csv", **query)
        assert answer.status_code == 200, answer.text
        return list(csv.DictReader(io.StringIO(answer.text)))

    own, written = await table(scene.pledger)
    assert list(own)[-3:] == ["bundle_id", "on_behalf_by_org_id", "object_until"]
    assert (own["on_behalf_by_org_id"], own["object_until"]) == ("", "")
    assert written["on_behalf_by_org_id"] == mark["by_org_id"]
    assert written["object_until"].endswith("+03:00")
    assert [row["allocation_id"] for row in await table(desk, written=True)] == [written["allocation_id"]]
    assert [row["allocation_id"] for row in await table(scene.pledger, root_id=own["root_id"])] == [
        own["allocation_id"]
    ]
