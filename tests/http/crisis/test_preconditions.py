"""A reader fetches again only what changed; a command takes effect only on what its sender had read."""

from datetime import timedelta
from typing import Any

import pytest

from imece_chassis.ids import uuid7
from tests.db.crisis.world import TENT
from tests.http.crisis.conftest import Api, Scene
from tests.http.crisis.test_imports import a_new_row, as_file, exported, upload
from tests.http.crisis.test_offers import opened


async def test_what_is_known_is_not_sent_again(scene: Scene):
    path = f"/needs/{scene.need_id}"
    first = await scene.office.get(path)
    tag = first.headers["etag"]
    assert tag.startswith('"2.')
    headers = scene.office.headers(if_none_match=f'"1.00000000", {tag}')
    again = await scene.office.client.get(path, headers=headers)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    await scene.pledged("10")  # the need's version stays, what is shown of its line does not
    changed = await scene.office.client.get(path, headers=headers)
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag


async def test_a_command_starts_only_from_the_version_it_names(scene: Scene):
    pledged = await scene.pledged("200")
    path = f"/allocations/{pledged['allocation_id']}"
    read = await scene.office.get(path)
    accept = {"quantity": "150", "rest": "decline"}
    refused = await scene.office.post(f"{path}/accept", accept, if_match='"7"')
    assert (refused.status_code, refused.json()["code"]) == (412, "precondition_failed")
    assert (await scene.office.get(path)).json()["state"] == "proposed", "nothing was done"
    held = await scene.office.post(f"{path}/accept", accept, if_match=read.headers["etag"])
    assert (held.status_code, held.json()["state"]) == (200, "held")
    late = await scene.pledger.post(
        f"{path}/withdraw", {"reason": "no_funds"}, if_match=read.headers["etag"], accept_language="tr"
    )
    assert late.status_code in (409, 412)


async def test_any_version_will_do_for_a_star(scene: Scene):
    pledged = await scene.pledged("200")
    path = f"/allocations/{pledged['allocation_id']}/withdraw"
    assert (await scene.pledger.post(path, {"reason": "no_funds"}, if_match="*")).status_code == 200


async def test_a_condition_that_names_no_version_of_it_changes_nothing(scene: Scene):
    pledged = await scene.pledged("200")
    path = f"/allocations/{pledged['allocation_id']}"
    for stated in ('"a"', 'W/"1"', '"11"'):
        refused = await scene.pledger.post(f"{path}/withdraw", {"reason": "no_funds"}, if_match=stated)
        assert (refused.status_code, refused.json()["code"]) == (412, "precondition_failed"), stated
        assert refused.headers["etag"] == '"1"', "what it may start from"
    for stated in ("1", "1.af6d5cba", "", '"1" 1', "*, *"):
        for step, body in (("withdraw", {"reason": "no_funds"}), ("accept", {})):
            refused = await scene.pledger.post(f"{path}/{step}", body, if_match=stated)
            assert (refused.status_code, refused.json()["code"]) == (400, "if_match_invalid"), stated
            assert '"7"' in refused.json()["detail"]
    assert (await scene.pledger.get(path)).json()["state"] == "proposed"


async def test_a_first_key_and_a_new_need_start_from_what_the_path_is_about(scene: Scene):
    crisis = await scene.office.get(f"/crises/{scene.crisis_id}")
    wanted = {"district": "TUR031", "urgency": "urgent", "lines": [scene.asker.tents()]}
    needs = f"/crises/{scene.crisis_id}/needs"
    assert (await scene.asker.post(needs, wanted, if_match='"99"')).status_code == 412
    assert (await scene.asker.post(needs, wanted, if_match=crisis.headers["etag"])).status_code == 201
    over_cap = f"/need-lines/{scene.line}/over-cap"
    more = {"quantity": "50", "unit": "adet", "reason": "losses_expected"}
    assert (await scene.office.post(over_cap, more, if_match='"99"')).status_code == 412
    (line,) = (
        await scene.office.get(f"/crises/{scene.crisis_id}/lines", item="SHL-TENT-FAM", state="open")
    ).json()["items"]
    asked = await scene.office.post(over_cap, more, if_match=f'"{line["sequence"]}"')
    assert asked.status_code < 300, asked.text


async def test_every_answer_of_a_command_names_the_version_the_next_may_start_from(scene: Scene):
    pledged = await scene.pledger.post(scene.pledges, scene.pledge("200"))
    assert (pledged.headers["etag"], pledged.json()["version"]) == ('"1"', 1)
    put = await scene.pledger.put(f"{scene.pledges}/{uuid7()}", scene.pledge("10"))
    assert put.headers["etag"] == '"1"'
    path = f"/allocations/{pledged.json()['allocation_id']}"
    held = await scene.office.post(f"{path}/accept", if_match=pledged.headers["etag"])
    assert (held.status_code, held.headers["etag"]) == (200, f'"{held.json()["version"]}"')
    late = await scene.pledger.post(
        f"{path}/withdraw", {"reason": "no_funds"}, if_match=pledged.headers["etag"]
    )
    assert (late.status_code, late.headers["etag"]) == (412, held.headers["etag"])
    gone = await scene.pledger.post(f"{path}/withdraw", {"reason": "no_funds"}, if_match=late.headers["etag"])
    assert (gone.status_code, gone.json()["state"]) == (200, "withdrawn")
    assert gone.headers["etag"] == f'"{gone.json()["version"]}"'


async def test_a_condition_that_failed_leaves_the_key_free(scene: Scene):
    pledged = await scene.pledged("200")
    path = f"/allocations/{pledged['allocation_id']}/withdraw"
    body = {"reason": "no_funds"}
    assert (await scene.pledger.post(path, body, if_match='"7"', idempotency_key="k1")).status_code == 412
    assert (await scene.pledger.post(path, body, if_match='"1"', idempotency_key="k1")).status_code == 200


async def test_a_draft_is_not_written_over_another_hand(scene: Scene):
    path = f"/crises/{scene.crisis_id}/needs/{uuid7()}"

    async def put(title: str, **headers: str) -> tuple[int, str]:
        body = {"district": "TUR031", "urgency": "urgent", "lines": [scene.asker.tents()], "title": title}
        answer = await scene.asker.client.put(path, json=body, headers=scene.asker.headers(**headers))
        return answer.status_code, answer.text

    assert (await put("one"))[0] == 201
    assert (await put("two", if_match='"1"'))[0] == 200
    assert (await put("three", if_match='"1"'))[0] == 412


async def test_the_document_names_conditions_where_they_hold_and_nowhere_else(scene: Scene):
    paths = (await scene.office.client.get("/openapi.json")).json()["paths"]
    headers = {
        (method, path): {each["name"] for each in operation.get("parameters", []) if each["in"] == "header"}
        for path, operations in paths.items()
        for method, operation in operations.items()
    }
    pledging = ("post", "/crises/{crisis_id}/pledges")  # always something new, and gathered into batches
    assert {path for method, path in headers if method == "put"}
    for (method, path), named in headers.items():
        if method in {"post", "put"}:
            is_conditional = (method, path) != pledging
            assert ("If-Match" in named) is is_conditional, path
            assert ("412" in paths[path][method]["responses"]) is is_conditional, path
    versioned = {path for (method, path), named in headers.items() if "If-None-Match" in named}
    assert versioned == {
        "/crises/{crisis_id}",
        "/needs/{need_id}",
        "/allocations/{allocation_id}",
        "/bundles/{bundle_id}",
        "/offers/{offer_id}",
        "/packages/{package_id}",
        "/orders/{order_id}",
        "/tasks/{task_id}",
        "/desks/{desk_id}",
        "/imports/{import_id}",
        "/templates/{template_id}",
        "/recurring-needs/{recurring_id}",
        "/c/{crisis}/board",
    }
    for path in versioned:
        answers = paths[path]["get"]["responses"]
        assert "ETag" in answers["200"]["headers"] and "ETag" in answers["304"]["headers"]
        assert "content" not in answers["304"]
    table = {each["name"] for each in paths["/crises/{crisis_id}/lines.{kind}"]["get"]["parameters"]}
    assert "variant" in table and not table & {"cursor", "limit"}
    confirming = paths["/two-keys/{two_key_id}/confirm"]["post"]["responses"]["409"]["description"]
    assert {"over_cap_in_use", "reopening_too_late", "need_not_submitted"} <= set(confirming.split(" · "))


async def a_package(scene: Scene) -> tuple[Api, str]:
    lines = [{"item_code": TENT, "quantity": "20", "unit": "adet"}]
    made = await scene.pledger.post("/packages", {"origin": "TUR006", "lines": lines})
    return scene.pledger, f"/packages/{made.json()['package_id']}"


async def an_order(scene: Scene) -> tuple[Api, str]:
    until = (scene.office.clock.now() + timedelta(days=3)).isoformat()
    body = {
        "crisis_id": str(scene.crisis_id),
        "item_code": TENT,
        "area": ["TUR031"],
        "until": until,
        "reason": "enough_here",
    }
    made = await scene.office.post("/orders", body)
    return scene.office, f"/orders/{made.json()['order_id']}"


async def a_task(scene: Scene) -> tuple[Api, str]:
    await opened(scene)
    (task, *_) = (await scene.office.get("/tasks", kind="match_offer")).json()["items"]
    return scene.office, f"/tasks/{task['task_id']}"


async def a_desk(scene: Scene) -> tuple[Api, str]:
    body = {"level": "province", "area": ["TUR031"], "host_org_id": str(scene.office.who.organisation_id)}
    made = await scene.office.post("/desks", body)
    assert made.status_code == 201, made.text
    return scene.office, f"/desks/{made.json()['desk_id']}"


async def an_import(scene: Scene) -> tuple[Api, str]:
    (row,) = await exported(scene)
    made = await upload(scene.asker, scene, as_file([row, a_new_row(row)]))
    assert made.status_code == 201, made.text
    return scene.asker, f"/imports/{made.json()['import_id']}"


VERSIONED: dict[str, tuple[Any, str, dict[str, Any]]] = {
    "package": (a_package, "verify", {}),
    "order": (an_order, "lift", {}),
    "task": (a_task, "done", {"outcome": "left_as_is"}),
    "desk": (a_desk, "change", {"is_active": False}),
    "import": (an_import, "apply", {}),
}


@pytest.mark.parametrize("name", VERSIONED)
async def test_what_was_read_is_what_a_command_starts_from(scene: Scene, name: str):
    make, verb, body = VERSIONED[name]
    who, path = await make(scene)
    read = await who.get(path)
    tag = read.headers["etag"]
    assert tag.startswith(f'"{read.json()["version"]}.')
    again = await who.client.get(path, headers=who.headers(if_none_match=tag))
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    late = await who.post(f"{path}/{verb}", body, if_match='"99"')
    assert (late.status_code, late.json()["code"]) == (412, "precondition_failed")
    assert (await who.get(path)).json() == read.json(), "nothing was done"
    done = await who.post(f"{path}/{verb}", body, if_match=tag)
    assert done.status_code < 300, done.text
    moved = await who.client.get(path, headers=who.headers(if_none_match=tag))
    assert moved.status_code == 200 and moved.headers["etag"] != tag


async def test_a_package_is_pledged_only_as_it_was_read(scene: Scene):
    who, path = await a_package(scene)
    tag = (await who.get(path)).headers["etag"]
    body = {"need_id": str(scene.need_id)}
    assert (await who.post(f"{path}/pledge", body, if_match='"99"')).status_code == 412
    pledged = await who.post(f"{path}/pledge", body, if_match=tag)
    assert pledged.status_code == 201, pledged.text


async def test_an_offer_is_drafted_again_only_as_it_was_read(scene: Scene):
    path = f"/offers/{uuid7()}"
    lines = [{"item_code": TENT, "quantity": "20", "unit": "adet"}]
    body = {"crisis_id": str(scene.crisis_id), "origin": "TUR006", "lines": lines}
    assert (await scene.pledger.put(path, body)).status_code == 201
    tag = (await scene.pledger.get(path)).headers["etag"]
    assert (await scene.pledger.put(path, body, if_match='"99"')).status_code == 412
    assert (await scene.pledger.put(path, {**body, "has_transport": True}, if_match=tag)).status_code == 200
