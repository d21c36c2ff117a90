"""The secretariat over HTTP: reports, steps of a crisis, desks, watches, tasks, and who may do what."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.http.crisis.conftest import CRISIS, Api, Scene

REPORT = {
    "source": "afad",
    "external_id": "641852",
    "hazard": "earthquake",
    "alert": "red",
    "area": ["TUR031"],
    "magnitude": "6.4",
    "lat": 36.2,
    "lon": 36.16,
}
BY_AFAD = {"declared_by": "afad", "source_ref": "AFAD-2026/3"}


def ok(answer: httpx.Response, status: int = 200) -> Any:
    assert answer.status_code == status, answer.text
    return answer.json()


def a_report(api: Api, **changes: Any) -> dict[str, Any]:
    return {**REPORT, "observed_at": api.clock.now().isoformat(), **changes}


async def proposed(office: Api) -> dict[str, Any]:
    return ok(await office.post("/crises/proposals", a_report(office)), 201)["crisis"]


async def test_a_report_becomes_a_proposal_once_and_a_person_opens_it(office: Api):
    member = office.member("field_reporter")
    first = await member.post("/crises/proposals", a_report(member))
    told = ok(first, 201)
    crisis = told["crisis"]
    assert (told["heard"], crisis["state"], crisis["crisis_no"]) == ("proposed", "proposed", None)
    assert crisis["title"] == {"tr": "Hatay: deprem", "en": "Hatay: earthquake"}
    assert first.headers["location"] == f"/crises/{crisis['crisis_id']}"
    again = ok(await office.post("/crises/proposals", a_report(office)))
    assert (again["heard"], again["crisis"]["crisis_id"]) == ("known", crisis["crisis_id"])
    opened = ok(await office.post(f"/crises/{crisis['crisis_id']}/open", {"level": "S3"}))
    assert (opened["state"], opened["level"], opened["crisis_no"]) == ("open", "S3", "KRZ-2026-0001")
    read = ok(await member.get(f"/crises/{crisis['crisis_id']}"))
    assert read == opened
    (report,) = ok(await member.get(f"/crises/{crisis['crisis_id']}/reports"))["items"]
    assert (report["source"], report["external_id"], report["magnitude"]) == ("afad", "641852", "6.4")


async def test_a_client_that_chose_the_id_may_open_again_with_another_key(office: Api):
    chosen = "0199c2d4-0000-7000-8000-000000000c01"
    first = ok(await office.post("/crises", {**CRISIS, "crisis_id": chosen}), 201)
    second = ok(await office.post("/crises", {**CRISIS, "crisis_id": chosen}), 201)
    assert first == second
    assert len(ok(await office.get("/crises"))["items"]) == 1


async def test_the_life_of_a_crisis_from_level_to_reopening(office: Api):
    crisis = ok(await office.post("/crises", CRISIS), 201)
    path = f"/crises/{crisis['crisis_id']}"
    assert ok(await office.post(f"{path}/level", {"level": "S4", **BY_AFAD}))["level"] == "S4"
    wider = {"area": ["TUR031", "TUR046"], "supporting_provinces": ["TUR006"], **BY_AFAD}
    assert ok(await office.post(f"{path}/area", wider))["supporting_provinces"] == ["TUR006"]
    levels = ok(await office.get(f"{path}/levels"))["items"]
    assert [(row["level"], row["declared_by"]) for row in levels] == [("S3", "secretariat"), ("S4", "afad")]
    members = {"answer_minutes": {"urgent": 90}, "limits": {"ratio": "0.25"}, "auto_accept": ["barinma"]}
    settings = ok(await office.post(f"{path}/settings", members))["settings"]
    assert (settings["version"], settings["answer_minutes"]["urgent"]) == (2, 90)
    assert (settings["limits"]["ratio"], settings["auto_accept"]) == ("0.25", ["barinma"])
    down = ok(await office.post(f"{path}/stand-down", {"reason": "handed_over"}))
    assert (down["state"], down["reason"]) == ("stood_down", "handed_over")
    assert ok(await office.post(f"{path}/reactivate", {"reason": "new_needs"}))["stood_down_at"] is None
    ok(await office.post(f"{path}/stand-down", {"reason": "handed_over"}))
    assert ok(await office.post(f"{path}/close"))["closed_at"] is not None
    asked = ok(await office.post(f"{path}/reopen", {"reason": "new_event"}), 202)
    same = await office.post(f"/two-keys/{asked['two_key_id']}/confirm")
    assert (same.status_code, same.json()["code"]) == (409, "same_key")
    ok(await office.member("secretariat").post(f"/two-keys/{asked['two_key_id']}/confirm"))
    assert ok(await office.get(path))["state"] == "open"


@pytest.mark.parametrize(
    ("step", "body"),
    [
        ("open", {}),
        ("dismiss", {"reason": "test"}),
        ("level", {"level": "S1", **BY_AFAD}),
        ("area", {"area": ["TUR006"], **BY_AFAD}),
        ("settings", {"offer_days": 7}),
        ("stand-down", {"reason": "other"}),
        ("reactivate", {"reason": "other"}),
        ("close", {}),
        ("reopen", {"reason": "other"}),
    ],
)
async def test_only_the_secretariat_takes_a_step(office: Api, step: str, body: dict[str, Any]):
    path = f"/crises/{(await proposed(office))['crisis_id']}/{step}"
    for role in ("provincial_desk", "verifier", "asker", "pledger", "auditor"):
        refused = await office.member(role).post(path, body)
        assert (refused.status_code, refused.json()["code"]) == (403, "role_missing"), role
    if step not in ("open", "dismiss", "settings"):
        refused = await office.post(path, body)
        assert (refused.status_code, refused.json()["code"]) == (409, "crisis_not_in_state")
        assert refused.json()["present_state"] == "proposed"
    unknown = await office.post(f"/crises/0199c2d4-0000-7000-8000-00000000dead/{step}", body)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")


async def test_a_refused_close_lists_what_waits_in_both_languages(scene: Scene):
    office, path = scene.office, f"/crises/{scene.crisis_id}"
    ok(await office.post(f"{path}/stand-down", {"reason": "handed_over"}))
    refused = await office.post(f"{path}/close")
    document = refused.json()
    assert (refused.status_code, document["code"]) == (409, "crisis_not_empty")
    assert (document["count"], document["rows"]) == ("1", [f"need/{scene.need_id} open"])
    assert "1 kayıt" in (await office.in_turkish().post(f"{path}/close")).json()["detail"]


@pytest.mark.parametrize(
    ("path", "body", "code", "status"),
    [
        ("settings", {"answer_minutes": {"life_saving": 5000}}, "timers_out_of_order", 422),
        ("settings", {"offer_days": 14}, "settings_unchanged", 409),
        ("settings", {"answer_minutes": {"life_saving": 0}}, "validation_failed", 422),
        ("settings", {"surprise": 1}, "validation_failed", 422),
        ("level", {"level": "S9", **BY_AFAD}, "validation_failed", 422),
        ("level", {"level": "S2", "declared_by": "Ayşe Yılmaz", "source_ref": "x"}, "validation_failed", 422),
        ("area", {"area": ["TUR099"], **BY_AFAD}, "validation_failed", 422),
        ("stand-down", {"reason": "tired"}, "reason_unknown", 422),
    ],
)
async def test_what_is_wrong_is_named(office: Api, path: str, body: dict[str, Any], code: str, status: int):
    crisis = ok(await office.post("/crises", CRISIS), 201)
    refused = await office.post(f"/crises/{crisis['crisis_id']}/{path}", body)
    assert (refused.status_code, refused.json()["code"]) == (status, code), refused.text


async def test_a_desk_its_watch_and_who_is_on_duty(office: Api):
    host = office.member("provincial_desk", provinces=frozenset({"31"}))
    wanted = {"level": "province", "area": ["TUR031"], "host_org_id": str(host.who.organisation_id)}
    desk = ok(await office.post("/desks", wanted), 201)
    assert ok(await host.get("/desks"))["items"] == [desk]
    assert ok(await host.get(f"/desks/{desk['desk_id']}")) == desk
    assert (await host.get(f"/desks/{host.who.organisation_id}")).status_code == 404
    now = office.clock.now()
    watch = {
        "desk_id": desk["desk_id"],
        "seat": "primary",
        "person_ref": "p_7Hk2vQ9sLx",
        "since": now.isoformat(),
        "until": (now + timedelta(hours=8)).isoformat(),
    }
    seated = ok(await host.post("/watches", watch), 201)
    assert ok(await host.get("/watches"))["items"] == [seated]
    deputy = {**watch, "seat": "deputy", "person_ref": "p_deputy_1"}
    second = ok(await host.post("/watches", deputy), 201)
    first_page = ok(await host.get("/watches", limit=1))
    office.clock.advance(timedelta(seconds=1))
    last_page = ok(await host.get("/watches", limit=1, cursor=first_page["next_cursor"]))
    assert first_page["items"] + last_page["items"] == [second, seated], "by desk and seat"
    assert (first_page["has_more"], last_page["has_more"], last_page["next_cursor"]) == (True, False, None)
    assert first_page["at"] == last_page["at"], "all pages are of one moment"
    ok(await host.post(f"/watches/{second['watch_id']}/end"))
    overlap = await office.post("/watches", {**watch, "person_ref": "p_other_one"})
    assert (overlap.status_code, overlap.json()["code"]) == (409, "watch_overlaps")
    named = await office.post("/watches", {**watch, "person_ref": "Ayşe Yılmaz"})
    assert (named.status_code, named.json()["code"]) == (422, "validation_failed")
    backwards = await host.post("/watches", {**watch, "seat": "deputy", "until": watch["since"]})
    assert (backwards.status_code, backwards.json()["code"]) == (422, "period_invalid")
    stranger = await office.member("asker").post("/watches", {**watch, "seat": "deputy"})
    assert (stranger.status_code, stranger.json()["code"]) == (403, "role_missing")
    office.clock.advance(timedelta(hours=1))
    ended = ok(await host.post(f"/watches/{seated['watch_id']}/end"))
    assert ended["kept"]["version"] == 2
    again = await host.post(f"/watches/{seated['watch_id']}/end")
    assert (again.status_code, again.json()["code"]) == (409, "watch_ended")
    assert ok(await host.get("/watches"))["items"] == []
    closed = ok(await office.post(f"/desks/{desk['desk_id']}/change", {"is_active": False}))
    assert (closed["is_active"], closed["version"]) == (False, 2)
    late = await host.post("/watches", watch)
    assert (late.status_code, late.json()["code"]) == (409, "desk_closed")
    shapeless = await office.post("/desks", {**wanted, "area": []})
    assert (shapeless.status_code, shapeless.json()["code"]) == (422, "desk_area_invalid")


async def test_tasks_are_listed_page_by_page_and_ended_once(office: Api):
    near = office.member("provincial_desk", provinces=frozenset({"31"}))
    for number in range(3):
        later = office.clock.now() + timedelta(hours=number)
        report = a_report(office, external_id=str(number), observed_at=later.isoformat())
        ok(await office.post("/crises/proposals", report), 201)
    first = ok(await near.get("/tasks", limit=2, kind="decide_crisis"))
    assert (len(first["items"]), first["has_more"]) == (2, True)
    rest = ok(await near.get("/tasks", limit=2, kind="decide_crisis", cursor=first["next_cursor"]))
    assert (len(rest["items"]), rest["next_cursor"]) == (1, None)
    assert len({task["task_id"] for task in first["items"] + rest["items"]}) == 3
    task = first["items"][0]
    assert (task["seat"], task["state"], task["subject_type"]) == ("officer", "open", "crisis")
    assert ok(await office.member("asker").get("/tasks"))["items"] == []
    hidden = await office.member("asker").post(f"/tasks/{task['task_id']}/done", {"outcome": "done"})
    assert (hidden.status_code, hidden.json()["code"]) == (404, "not_found")
    assert (await office.member("asker").get(f"/tasks/{task['task_id']}")).status_code == 404
    alone = {name: said for name, said in task.items() if name != "changed_at"}
    assert ok(await near.get(f"/tasks/{task['task_id']}")) == alone
    unknown = await near.post(f"/tasks/{task['task_id']}/done", {"outcome": "bored"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "reason_unknown")
    word = await near.post(f"/tasks/{task['task_id']}/done", {"outcome": "referred"})
    assert (word.status_code, word.json()["code"]) == (409, "task_still_needed")
    ok(await office.post(f"/crises/{task['subject_id']}/dismiss", {"reason": "test"}))
    done = ok(await near.get(f"/tasks/{task['task_id']}"))
    assert (done["state"], done["outcome"]) == ("done", "test")
    again = await near.post(f"/tasks/{task['task_id']}/done", {"outcome": "done"})
    assert (again.status_code, again.json()["code"]) == (409, "task_done")
    assert [row["task_id"] for row in ok(await near.get("/tasks", state="done"))["items"]] == [
        task["task_id"]
    ]
    forged = await near.get("/tasks", cursor="x")
    assert (forged.status_code, forged.json()["code"]) == (400, "cursor_invalid")


@pytest.mark.parametrize("missing", ["lat", "lon"])
async def test_half_a_position_is_refused(office: Api, missing: str):
    half = {name: value for name, value in a_report(office).items() if name != missing}
    refused = ok(await office.post("/crises/proposals", half), 422)
    assert refused["errors"][0]["code"] == "position_incomplete"
    neither = {name: value for name, value in half.items() if name not in ("lat", "lon")}
    ok(await office.post("/crises/proposals", neither), 201)


async def test_what_was_heard_of_a_crisis_comes_in_pages(office: Api):
    crisis_id = (await proposed(office))["crisis_id"]
    for number in range(2):
        ok(await office.post("/crises/proposals", a_report(office, external_id=f"again:{number}")))
    path, seen, cursor = f"/crises/{crisis_id}/reports", [], {}
    while cursor is not None:
        page = ok(await office.get(path, limit=1, **cursor))
        seen += [report["external_id"] for report in page["items"]]
        cursor = {"cursor": page["next_cursor"]} if page["has_more"] else None
    assert seen == ["641852", "again:0", "again:1"]
