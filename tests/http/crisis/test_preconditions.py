"""A reader fetches again only what changed; a command takes effect only on what its sender had read."""

from imece_chassis.ids import uuid7
from tests.http.crisis.conftest import Scene


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
    for stated in ("1", '"a"', 'W/"1"', '"11"'):
        refused = await scene.pledger.post(f"{path}/withdraw", {"reason": "no_funds"}, if_match=stated)
        assert (refused.status_code, refused.json()["code"]) == (412, "precondition_failed"), stated
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
    for (method, path), named in headers.items():
        if method == "post":
            is_conditional = (method, path) != pledging
            assert ("If-Match" in named) is is_conditional, path
            assert ("412" in paths[path][method]["responses"]) is is_conditional, path
    versioned = {path for (method, path), named in headers.items() if "If-None-Match" in named}
    assert versioned == {"/crises/{crisis_id}", "/needs/{need_id}", "/allocations/{allocation_id}"}
    for path in versioned:
        answers = paths[path]["get"]["responses"]
        assert "ETag" in answers["200"]["headers"] and "ETag" in answers["304"]["headers"]
        assert "content" not in answers["304"]
    table = {each["name"] for each in paths["/crises/{crisis_id}/lines.{kind}"]["get"]["parameters"]}
    assert "variant" in table and not table & {"cursor", "limit"}
    confirming = paths["/two-keys/{two_key_id}/confirm"]["post"]["responses"]["409"]["description"]
    assert {"over_cap_in_use", "reopening_too_late", "need_not_submitted"} <= set(confirming.split(" · "))
