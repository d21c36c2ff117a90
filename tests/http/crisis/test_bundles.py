"""Bundles over HTTP: made once, shown whole, answered as one, and refused with the rows that do not fit."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from imece_chassis.ids import uuid7
from tests.http.crisis.conftest import Api, Scene, minted_in


async def lines_of(scene: Scene, *quantities: str) -> list[str]:
    """Open lines of one more need in the scene's crisis."""
    asked = {
        "district": "TUR031005",
        "urgency": "urgent",
        "lines": [scene.asker.tents(quantity) for quantity in quantities],
    }
    need = (await scene.asker.post(f"/crises/{scene.crisis_id}/needs", asked)).json()
    verified = await scene.office.post(f"/needs/{need['need_id']}/verify", {"level": 1})
    assert verified.status_code == 200, verified.text
    shown = (await scene.asker.get(f"/needs/{need['need_id']}")).json()
    return [line["need_line_id"] for line in shown["lines"]]


def bundle(lines: list[str], quantity: str = "40", **changes: Any) -> dict[str, Any]:
    rows = [{"need_line_id": line, "quantity": quantity, "unit": "adet"} for line in lines]
    return {"rows": rows, "origin": "TUR006", **changes}


def path(scene: Scene, bundle_id: UUID | None = None) -> str:
    return f"/crises/{scene.crisis_id}/bundles" + (f"/{bundle_id}" if bundle_id else "")


async def promised(scene: Scene, lines: list[str], quantity: str = "40") -> dict[str, Any]:
    answer = await scene.pledger.post(path(scene), bundle(lines, quantity))
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_bundle_is_promised_shown_listed_and_answered_as_one(scene: Scene):
    lines = await lines_of(scene, "100", "50")
    answer = await scene.pledger.post(path(scene), bundle(lines), idempotency_key="once")
    made = answer.json()
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"/bundles/{made['bundle_id']}"
    assert (await scene.pledger.post(path(scene), bundle(lines), idempotency_key="once")).json() == made
    assert [(row["state"], row["line"]["P"]) for row in made["rows"]] == [("proposed", "40")] * 2
    assert (made["row_count"], made["version"], len({row["deadline_at"] for row in made["rows"]})) == (
        2,
        2,
        1,
    )
    read = await scene.office.get(f"/bundles/{made['bundle_id']}")
    assert read.json() == made
    assert read.headers["etag"].startswith('"2.')
    await scene.pledged("10")
    listed = (await scene.pledger.get(scene.pledges, bundle=made["bundle_id"])).json()["items"]
    assert {row["allocation_id"] for row in listed} == {row["allocation_id"] for row in made["rows"]}
    assert {row["bundle_id"] for row in listed} == {made["bundle_id"]}
    table = await scene.pledger.get(f"{scene.pledges}.csv", bundle=made["bundle_id"])
    head, *rows = table.text.splitlines()
    assert "bundle_id" in head and len(rows) == 2 and all(made["bundle_id"] in row for row in rows)
    done = (await scene.office.post(f"/bundles/{made['bundle_id']}/accept")).json()
    assert ([row["state"] for row in done["rows"]], done["skipped"]) == (["held"] * 2, [])
    (need_id,) = {row["need_id"] for row in made["rows"]}
    story = (await scene.office.get(f"/needs/{need_id}/history")).json()["items"]
    told = [(each["command"], each["bundle_id"]) for each in story if each["subject_type"] == "allocation"]
    steps = ("propose_allocation", "accept_allocation")
    assert sorted(told) == sorted((step, made["bundle_id"]) for step in steps for _ in lines)


async def test_a_part_of_a_row_is_taken_and_the_rest_taken_back_whole(scene: Scene):
    lines = await lines_of(scene, "100", "50")
    made = await promised(scene, lines)
    first = made["rows"][0]["allocation_id"]
    parts = [{"allocation_id": first, "quantity": "15", "rest": "waitlist"}]
    at = f"/bundles/{made['bundle_id']}"
    done = (await scene.office.post(f"{at}/accept", {"rows": parts})).json()
    assert sorted((row["state"], row["quantity"]) for row in done["rows"]) == [
        ("held", "15"),
        ("held", "40"),
        ("waitlisted", "25"),
    ]
    back = (await scene.pledger.post(f"{at}/withdraw", {"reason": "transport_lost"})).json()
    assert {row["state"] for row in back["rows"]} == {"withdrawn"}
    late = await scene.pledger.post(f"{at}/withdraw", {"reason": "transport_lost"})
    assert (late.status_code, late.json()["code"]) == (409, "bundle_settled")


async def test_a_refusal_names_the_rows_and_speaks_the_callers_language(scene: Scene):
    lines = await lines_of(scene, "100", "50")
    odd = bundle(lines)
    odd["rows"][1]["unit"] = "kg"
    refused = await scene.pledger.post(path(scene), odd)
    assert (refused.status_code, refused.json()["code"]) == (409, "bundle_does_not_fit")
    (row,) = refused.json()["rows"]
    assert (row["row"], row["code"], row["status"], row["need_line_id"]) == (1, "unit_unknown", 422, lines[1])
    assert "cannot be converted" in refused.json()["detail"]
    turkish = (await scene.pledger.in_turkish().post(path(scene), odd)).json()
    assert "çevrilemez" in turkish["detail"] and turkish["title"].startswith("Demetin")
    made = await promised(scene, lines, "40")
    (full,) = (await scene.pledger.post(path(scene), bundle(lines[1:], "30"))).json()["rows"]
    await scene.office.post(f"/allocations/{full['allocation_id']}/accept")
    no = (await scene.office.post(f"/bundles/{made['bundle_id']}/accept")).json()
    assert [(row["allocation_id"], row["code"], row["room"]) for row in no["rows"]] == [
        (made["rows"][1]["allocation_id"], "gap_exceeded", "20")
    ]


async def test_a_no_shows_each_row_where_else_it_is_missing(scene: Scene):
    lines = await lines_of(scene, "100", "50")
    made = await promised(scene, lines)
    done = await scene.office.post(f"/bundles/{made['bundle_id']}/decline", {"reason": "too_far"})
    assert done.status_code == 200, done.text
    for row in done.json()["rows"]:
        assert [gap["need_line"] for gap in row["alternatives"]] == [str(scene.line)]


async def test_under_an_own_id_it_is_made_once(scene: Scene):
    lines, own = await lines_of(scene, "100", "50"), uuid7()
    first = await scene.pledger.put(path(scene, own), bundle(lines))
    again = await scene.pledger.put(path(scene, own), bundle(lines))
    assert (first.status_code, again.status_code, again.json()) == (201, 200, first.json())
    otherwise = await scene.pledger.put(path(scene, own), bundle(lines, "41"))
    assert (otherwise.status_code, otherwise.json()["code"]) == (409, "pledge_said_otherwise")
    other: Api = scene.pledger.member("pledger")
    single = first.json()["rows"][0]["allocation_id"]
    for by, taken in ((other, own), (scene.pledger, single), (scene.pledger, scene.line)):
        refused = await by.put(path(scene, UUID(str(taken))), bundle(lines))
        assert (refused.status_code, refused.json()["code"]) == (409, "pledge_id_taken")
    for unordered in (uuid4(), minted_in(timedelta(minutes=20))):
        odd = await scene.pledger.put(path(scene, unordered), bundle(lines))
        assert (odd.status_code, odd.json()["code"]) == (422, "pledge_id_not_ordered")
    minted = (await promised(scene, lines, "5"))["bundle_id"]
    pledge = await scene.pledger.put(f"{scene.pledges}/{minted}", scene.pledge("5"))
    assert (pledge.status_code, pledge.json()["code"]) == (409, "pledge_id_taken")


async def test_a_command_takes_effect_only_on_the_version_that_was_read(scene: Scene):
    lines = await lines_of(scene, "100", "50")
    made = await promised(scene, lines)
    at = f"/bundles/{made['bundle_id']}"
    await scene.office.post(f"/allocations/{made['rows'][0]['allocation_id']}/accept")
    stale = await scene.office.post(f"{at}/accept", if_match='"2"')
    assert stale.status_code == 412
    fresh = (await scene.office.get(at)).headers["etag"]
    assert fresh.startswith('"3.'), "a step of a single row is one of its bundle"
    done = await scene.office.post(f"{at}/accept", if_match=fresh)
    assert done.status_code == 200, done.text
    assert done.json()["skipped"] == [{"allocation_id": made["rows"][0]["allocation_id"], "state": "held"}]
    unchanged = await scene.office.client.get(
        at, headers=scene.office.headers(if_none_match=(await scene.office.get(at)).headers["etag"])
    )
    assert unchanged.status_code == 304


async def test_what_is_no_bundle_is_refused_with_the_reason(scene: Scene):
    lines = await lines_of(scene, "100", "50")
    long = bundle([lines[0]] * 101, "1")
    for odd, code in (
        (long, "too_many_rows"),
        (bundle(lines, origin=None), "one_source"),
        (bundle(lines, offer_id=str(uuid7())), "one_source"),
        (bundle(lines, origin=None, offer_id=str(uuid7())), "one_source"),
    ):
        refused = await scene.pledger.post(path(scene), odd)
        assert refused.status_code == 422, refused.text
        assert [error["code"] for error in refused.json()["errors"]] == [code]
    row = {"allocation_id": str(uuid7())}
    twice = await scene.office.post(f"/bundles/{uuid7()}/accept", {"rows": [row, row]})
    assert [error["code"] for error in twice.json()["errors"]] == ["row_twice"]
    assert (await scene.office.get(f"/bundles/{uuid7()}")).status_code == 404


async def test_a_bundle_of_a_hundred_rows_is_one_promise(scene: Scene):
    made = await promised(scene, [str(scene.line)] * 100, "5")
    assert (made["row_count"], len(made["rows"])) == (100, 100)
    done = await scene.office.post(f"/bundles/{made['bundle_id']}/accept")
    assert {row["state"] for row in done.json()["rows"]} == {"held"}, done.text
    back = await scene.pledger.post(f"/bundles/{made['bundle_id']}/withdraw", {"reason": "transport_lost"})
    assert {row["state"] for row in back.json()["rows"]} == {"withdrawn"}
