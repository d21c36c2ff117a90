"""The exact place of a sensitive need: for whom it is, and nowhere else."""

from typing import Any
from uuid import uuid4

import pytest

from imece_chassis.ids import uuid7
from tests.db.crisis.world import World
from tests.http.crisis.conftest import Api, Scene

SITE = str(uuid4())


def asked(scene: Scene) -> dict[str, Any]:
    return {"district": "TUR031005", "urgency": "normal", "lines": [scene.office.tents("100")]}


async def sensitive(scene: Scene) -> dict[str, Any]:
    """A submitted need at a site nobody else shall know of."""
    body = {**asked(scene), "sensitivity": 2, "site_id": SITE, "intake": "phone"}
    answer = await scene.asker.post(f"/crises/{scene.crisis_id}/needs", body)
    assert answer.status_code == 201, answer.text
    need = answer.json()
    assert (need["sensitivity"], need["site_id"], need["intake"]) == (2, SITE, "phone")
    return need


async def verified(scene: Scene) -> dict[str, Any]:
    need = await sensitive(scene)
    assert (await scene.office.post(f"/needs/{need['need_id']}/verify", {"level": 1})).status_code == 200
    return need


async def site(reader: Api, need: dict[str, Any]) -> str | None:
    """What the reader is shown, in the need and in the list of needs alike."""
    shown = (await reader.get(f"/needs/{need['need_id']}")).json()
    listed = (await reader.get(f"/crises/{need['crisis_id']}/needs")).json()["items"]
    (same,) = [each for each in listed if each["need_id"] == need["need_id"]]
    assert shown["site_id"] == same["site_id"]
    assert shown["is_place_kept"] is same["is_place_kept"] is (shown["site_id"] is None)
    assert shown["district"] == "TUR031005"
    return shown["site_id"]


async def test_a_kept_place_is_for_the_asker_the_desk_and_a_pledger_from_held_on(scene: Scene):
    need = await verified(scene)
    assert await site(scene.asker, need) == await site(scene.office, need) == SITE
    assert await site(scene.office.member("verifier"), need) is None
    assert await site(scene.office.member("provincial_desk", provinces=frozenset({"06"})), need) is None
    assert await site(scene.pledger, need) is None
    pledge = scene.pledge("10", need_line_id=need["lines"][0]["need_line_id"])
    row = (await scene.pledger.post(scene.pledges, pledge)).json()["allocation_id"]
    assert await site(scene.pledger, need) is None, "proposed is not held"
    assert (await scene.office.post(f"/allocations/{row}/accept")).status_code == 200
    assert await site(scene.pledger, need) == SITE
    assert await site(scene.office.member("pledger"), need) is None
    answer = await scene.pledger.post(f"/allocations/{row}/withdraw", {"reason": "no_funds"})
    assert answer.status_code == 200
    assert await site(scene.pledger, need) is None


async def test_a_verifier_sees_the_place_while_it_waits_to_be_verified(scene: Scene):
    need = await sensitive(scene)
    assert await site(scene.office.member("verifier"), need) == SITE
    assert await site(scene.office.member("pledger"), need) is None


async def test_a_kept_place_leaves_by_no_list_table_story_or_event(scene: Scene):
    need = await verified(scene)
    stranger, crisis = scene.office.member("pledger"), f"/crises/{scene.crisis_id}"
    paths = (
        f"{crisis}/lines",
        f"{crisis}/lines.csv",
        f"{crisis}/needs",
        f"/needs/{need['need_id']}",
        f"/needs/{need['need_id']}/history",
    )
    for path in paths:
        answer = await stranger.get(path)
        assert answer.status_code == 200, f"{path}: {answer.text}"
        assert SITE not in answer.text, path
    world = World(scene.office.database, scene.office.clock)
    told = await world.rows("SELECT convert_from(payload, 'UTF8') AS payload FROM outbox")
    assert told and not any(SITE in row["payload"] for row in told), "boards are made of events alone"
    assert await world.value("SELECT count(*) FROM needs WHERE site_id IS NOT NULL") == 1


async def test_what_a_desk_elsewhere_did_is_answered_without_the_place(scene: Scene):
    need = await sensitive(scene)
    verifier = scene.office.member("verifier")
    answer = await verifier.post(f"/needs/{need['need_id']}/verify", {"level": 1})
    assert (answer.status_code, answer.json()["site_id"]) == (200, None)


async def test_a_need_without_sensitivity_shows_its_site_to_every_member(scene: Scene):
    need = await verified(scene)
    opened = await scene.asker.post(f"/needs/{need['need_id']}/handling", {"sensitivity": 0})
    assert (opened.status_code, opened.json()["sensitivity"]) == (200, 0)
    assert await site(scene.office.member("pledger"), need) == SITE


async def test_handling_is_revised_by_the_asker_and_the_desk_and_by_nobody_else(scene: Scene):
    need = await verified(scene)
    path = f"/needs/{need['need_id']}/handling"
    by_desk = await scene.office.post(path, {"visibility": "restricted", "intake": "paper"})
    assert by_desk.status_code == 200, by_desk.text
    told = by_desk.json()
    assert (told["visibility"], told["intake"], told["sensitivity"]) == ("restricted", "paper", 2)
    again = await scene.office.post(path, {"visibility": "restricted"})
    assert (again.status_code, again.json()["code"]) == (422, "handling_unchanged")
    for stranger in (scene.office.member("asker"), scene.pledger, scene.office.member("verifier")):
        other = await stranger.post(path, {"sensitivity": 0})
        assert other.status_code == 403, other.text
    moved = await scene.asker.post(path, {"site_id": None})
    assert (moved.status_code, moved.json()["site_id"]) == (200, None)
    story = (await scene.asker.get(f"/needs/{need['need_id']}/history")).json()["items"]
    assert [each["command"] for each in story][-2:] == ["handle_need", "handle_need"]


@pytest.mark.parametrize(
    ("member", "value"),
    [("sensitivity", 4), ("visibility", "secret"), ("intake", "fax"), ("site_id", "camp 7")],
)
async def test_what_is_no_way_to_handle_a_need_is_refused_by_its_member(
    scene: Scene, member: str, value: Any
):
    answer = await scene.asker.post(f"/crises/{scene.crisis_id}/needs", {**asked(scene), member: value})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].endswith(f"/{member}")


async def test_a_draft_is_written_with_its_handling_and_keeps_it_when_submitted(scene: Scene):
    path = f"/crises/{scene.crisis_id}/needs/{uuid7()}"
    await scene.asker.put(path, {**asked(scene), "sensitivity": 1, "site_id": SITE, "intake": "chat"})
    again = (await scene.asker.put(path, asked(scene))).json()
    assert (again["sensitivity"], again["site_id"], again["intake"]) == (1, SITE, "chat")
    done = (await scene.asker.post(f"/needs/{again['need_id']}/submit")).json()
    assert (done["state"], done["sensitivity"], done["site_id"]) == ("submitted", 1, SITE)
