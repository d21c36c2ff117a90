"""Own things need the role, foreign things do not exist."""

import uuid

import httpx
import pytest

from tests.http.registry.conftest import Api


def told(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


async def test_an_administrator_manages_the_own_organisation(office: Api) -> None:
    home = await office.organisation()
    admin, _ = await office.member(home, "org_admin")
    made = await admin.post(f"/organisations/{home}/integrations", {"name": "Saha", "roles": ["asker"]})
    assert made.status_code == 201
    listed = (await admin.get(f"/organisations/{home}/integrations")).json()["items"]
    assert [each["name"] for each in listed] == ["Depo yazılımı", "Saha"]
    keys = f"/integrations/{made.json()['integration_id']}/keys"
    key = await admin.post(keys, {"mode": "test", "scopes": ["crisis:need:write"]})
    assert key.json()["scopes"] == ["crisis:need:write"]
    assert (await admin.get(keys)).status_code == 200
    assert (await admin.delete(f"{keys}/{key.json()['key_id']}")).status_code == 204
    grant = await admin.post("/grants", {"integration_id": made.json()["integration_id"], "role": "pledger"})
    assert grant.status_code == 201
    assert (await admin.delete(f"/grants/{grant.json()['grant_id']}")).status_code == 204


async def test_an_administrator_gives_no_rights_of_an_office(office: Api) -> None:
    home = await office.organisation()
    admin, integration = await office.member(home, "org_admin")
    for role in ("secretariat", "verifier", "provincial_desk"):
        body = {"integration_id": integration, "role": role, "provinces": ["31"]}
        assert told(await admin.post("/grants", body)) == (403, "role_not_delegable")
    body = {"name": "Gizli", "roles": ["secretariat"]}
    assert told(await admin.post(f"/organisations/{home}/integrations", body)) == (403, "role_not_delegable")


async def test_an_administrator_decides_nothing_about_organisations(office: Api) -> None:
    home = await office.organisation()
    admin, _ = await office.member(home, "org_admin")
    body = {"kind": "dernek", "legal_name": "Yeni", "seat_province": "31"}
    assert told(await admin.post("/organisations", body)) == (403, "role_required")
    assert told(await admin.post(f"/organisations/{home}/suspend", {"basis": "Karar"})) == (
        403,
        "role_required",
    )
    renamed = await admin.patch(f"/organisations/{home}", {"legal_name": "Yeni"}, if_match='"2"')
    assert told(renamed) == (403, "role_required")


async def test_a_plain_member_may_read_only(office: Api) -> None:
    home = await office.organisation()
    member, integration = await office.member(home, "pledger")
    assert (await member.get(f"/organisations/{home}")).status_code == 200
    assert told(await member.get(f"/integrations/{integration}/keys")) == (403, "role_required")
    refused = await member.post(f"/integrations/{integration}/keys", {})
    assert told(refused) == (403, "scope_missing")


async def test_things_of_others_answer_like_things_that_never_were(office: Api) -> None:
    home, other = await office.organisation(), await office.organisation("Başka Derneği")
    candidate = await office.organisation("Aday Derneği", is_active=False)
    admin, _ = await office.member(home, "org_admin")
    foreign, integration = await office.member(other, "pledger")
    key_id = (await foreign.get("/me")).json()["key"]["key_id"]
    grant = (await office.get(f"/integrations/{integration}")).json()["grants"][0]["grant_id"]
    unknown = str(uuid.uuid4())
    attempts = [
        ("get", "/organisations/{}", candidate, None),
        ("post", "/organisations/{}/activate", candidate, {"basis": "Karar"}),
        ("get", "/organisations/{}/integrations", other, None),
        ("post", "/organisations/{}/integrations", other, {"name": "Casus", "roles": ["pledger"]}),
        ("get", "/integrations/{}", integration, None),
        ("get", "/integrations/{}/keys", integration, None),
        ("post", "/integrations/{}/keys", integration, {}),
        ("post", f"/integrations/{{}}/keys/{key_id}/rotate", integration, {}),
        ("delete", f"/integrations/{{}}/keys/{key_id}", integration, None),
        ("delete", "/grants/{}", grant, None),
    ]
    for method, path, foreign_id, body in attempts:
        answers = []
        for each in (foreign_id, unknown):
            call = getattr(admin, method)
            found = await (call(path.format(each)) if body is None else call(path.format(each), body))
            answers.append((told(found), found.json()["detail"], len(found.content)))
        assert answers[0] == answers[1], path
        assert answers[0][0] == (404, "not_found"), path
    assert (await foreign.get("/me")).status_code == 200


async def test_a_key_of_one_integration_is_not_found_under_another(office: Api) -> None:
    home = await office.organisation()
    member, _ = await office.member(home, "pledger")
    _, other = await office.member(home, "asker")
    key_id = (await member.get("/me")).json()["key"]["key_id"]
    assert told(await office.delete(f"/integrations/{other}/keys/{key_id}")) == (404, "not_found")


async def test_a_test_key_of_an_administrator_cannot_write_in_the_registry(office: Api) -> None:
    home = await office.organisation()
    admin, integration = await office.member(home, "org_admin", mode="test")
    body = {"name": "Yeni", "roles": []}
    assert told(await admin.post(f"/organisations/{home}/integrations", body)) == (403, "scope_missing")
    wish = {"mode": "test", "scopes": ["registry:write"]}
    assert told(await office.post(f"/integrations/{integration}/keys", wish)) == (422, "scope_not_allowed")


@pytest.mark.parametrize("path", ["/organisations", "/me", f"/integrations/{uuid.uuid4()}/keys"])
async def test_without_a_key_nothing_is_shown(office: Api, path: str) -> None:
    assert told(await office.client.get(path)) == (401, "authentication_required")
    assert told(await office.with_key(office.key[:-1] + "!").get(path)) == (401, "key_malformed")


async def test_the_basis_of_a_state_is_shown_to_those_concerned(office: Api) -> None:
    home, other = await office.organisation(), await office.organisation("Başka Derneği")
    member, _ = await office.member(home, "pledger")
    assert (await member.get(f"/organisations/{home}")).json()["state_basis"] == "Karar 1"
    assert (await member.get(f"/organisations/{other}")).json()["state_basis"] is None
    assert (await office.get(f"/organisations/{other}")).json()["state_basis"] == "Karar 1"
