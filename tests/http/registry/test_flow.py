"""From the first key of an installation to a pledging program, and what is refused on the way."""

from datetime import timedelta

import pytest

from imece_chassis.access import keys as key_texts
from tests.http.registry.conftest import Api

BODY = {
    "kind": "dernek",
    "legal_name": "Örnek Yardım Derneği",
    "short_name": "Örnek",
    "seat_province": "31",
    "provinces": ["31", "01"],
    "languages": ["tr", "ar"],
}


async def test_an_organisation_goes_from_candidate_to_its_own_key(office: Api) -> None:
    made = await office.post("/organisations", BODY)
    assert made.status_code == 201
    assert made.headers["etag"] == '"1"'
    organisation = made.json()
    assert (organisation["state"], organisation["provinces"]) == ("candidate", ["01", "31"])
    home = f"/organisations/{organisation['organisation_id']}"
    assert made.headers["location"] == home

    active = await office.post(f"{home}/activate", {"basis": "Karar 2026/14"})
    assert (active.status_code, active.json()["state"], active.headers["etag"]) == (200, "active", '"2"')

    integration = await office.post(f"{home}/integrations", {"name": "Depo", "roles": ["pledger", "asker"]})
    assert integration.status_code == 201
    assert [grant["role"] for grant in integration.json()["grants"]] == ["pledger", "asker"]
    keys = f"/integrations/{integration.json()['integration_id']}/keys"

    made = await office.post(keys, {"mode": "test"})
    assert made.status_code == 201
    key = made.json()
    assert key_texts.is_wellformed(key["key"]) and key["key"].startswith("imc_test_" + key["prefix"])
    assert "registry:write" not in key["scopes"] and "crisis:pledge:write" in key["scopes"]

    me = (await office.with_key(key["key"]).get("/me")).json()
    assert me["organisation"]["legal_name"] == "Örnek Yardım Derneği"
    assert me["roles"] == ["asker", "pledger"]
    assert me["key"]["key_id"] == key["key_id"] and "key" not in me["key"]

    listed = (await office.get(keys)).json()["items"]
    assert [each["last4"] for each in listed] == [key["key"][-4:]]
    assert all("key" not in each and "digest" not in each for each in listed)


async def test_a_revoked_key_is_refused_at_once(office: Api) -> None:
    member, integration = await office.member(await office.organisation(), "pledger")
    key_id = (await member.get("/me")).json()["key"]["key_id"]
    for _ in range(2):
        gone = await office.delete(f"/integrations/{integration}/keys/{key_id}")
        assert (gone.status_code, gone.content, gone.headers["etag"]) == (204, b"", '"2"')
    refused = await member.get("/me")
    assert (refused.status_code, refused.json()["code"]) == (401, "key_revoked")


async def test_a_key_lapses_after_its_last_day(office: Api) -> None:
    member, _ = await office.member(await office.organisation(), "pledger")
    office.clock.advance(timedelta(days=365, hours=14))
    assert (await member.get("/me")).status_code == 200
    office.clock.advance(timedelta(hours=1))
    assert (await member.get("/me")).json()["code"] == "key_expired"


async def test_a_third_live_key_is_refused_and_rotation_replaces(office: Api) -> None:
    _, integration = await office.member(await office.organisation(), "pledger")
    keys = f"/integrations/{integration}/keys"
    second = (await office.post(keys, {"mode": "live"})).json()
    third = await office.post(keys, {"mode": "live"})
    assert (third.status_code, third.json()["code"], third.json()["limit"]) == (
        409,
        "too_many_live_keys",
        "2",
    )
    heir = await office.post(f"{keys}/{second['key_id']}/rotate", {"retire_now": True})
    assert heir.status_code == 201
    assert heir.json()["scopes"] == second["scopes"]
    assert (await office.with_key(second["key"]).get("/me")).status_code == 401
    assert (await office.with_key(heir.json()["key"]).get("/me")).status_code == 200
    dead = await office.post(f"{keys}/{second['key_id']}/rotate")
    assert (dead.status_code, dead.json()["code"]) == (409, "key_not_live")


async def test_a_replay_makes_no_second_key_and_never_shows_the_first_again(office: Api) -> None:
    _, integration = await office.member(await office.organisation(), "pledger")
    keys = f"/integrations/{integration}/keys"
    first = await office.post(keys, {"mode": "test"}, idempotency_key="once")
    again = await office.post(keys, {"mode": "test"}, idempotency_key="once")
    assert first.json()["key"] and "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert again.json() == {**first.json(), "key": None}
    assert len((await office.get(keys)).json()["items"]) == 2


async def test_a_replayed_registration_answers_the_same_bytes(office: Api) -> None:
    first = await office.post("/organisations", BODY, idempotency_key='"a"')
    again = await office.post("/organisations", BODY, idempotency_key="a")
    other = await office.post("/organisations", {**BODY, "short_name": None}, idempotency_key="a")
    assert again.content == first.content
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert (
        await office.client.post("/organisations", json=BODY, headers=office.headers())
    ).status_code == 400


async def test_a_suspended_organisation_reads_but_does_not_write(office: Api) -> None:
    home = await office.organisation()
    admin, _ = await office.member(home, "org_admin")
    assert (await office.post(f"/organisations/{home}/suspend", {"basis": "Karar 2"})).status_code == 200
    assert (await admin.get("/me")).json()["organisation"]["state"] == "suspended"
    refused = await admin.post(f"/organisations/{home}/integrations", {"name": "Yeni", "roles": []})
    assert (refused.status_code, refused.json()["code"]) == (403, "organisation_not_active")
    assert (await office.post(f"/organisations/{home}/reinstate", {"basis": "Karar 3"})).status_code == 200
    assert (
        await admin.post(f"/organisations/{home}/integrations", {"name": "Yeni", "roles": []})
    ).status_code == 201


async def test_grants_are_given_and_taken_back(office: Api) -> None:
    member, integration = await office.member(await office.organisation(), "pledger")
    body = {"integration_id": integration, "role": "provincial_desk", "provinces": ["31"]}
    given = await office.post("/grants", body)
    assert (given.status_code, given.json()["organisation_id"]) == (201, None)
    assert (await member.get("/me")).json()["roles"] == ["pledger", "provincial_desk"]
    gone = await office.delete(f"/grants/{given.json()['grant_id']}")
    assert gone.status_code == 204
    assert (await member.get("/me")).json()["roles"] == ["pledger"]
    shown = (await office.get(f"/integrations/{integration}")).json()["grants"]
    assert [(g["role"], g["is_current"]) for g in shown] == [("pledger", True), ("provincial_desk", False)]


@pytest.mark.parametrize(
    ("role", "provinces", "status", "code"),
    [
        ("provincial_desk", [], 422, "area_required"),
        ("duty_officer", ["31"], 422, "end_required"),
        ("wizard", [], 422, "code_unknown"),
        ("pledger", ["82"], 422, "validation_failed"),
    ],
)
async def test_impossible_grants_are_refused(
    office: Api, role: str, provinces: list[str], status: int, code: str
) -> None:
    _, integration = await office.member(await office.organisation(), "pledger")
    body = {"integration_id": integration, "role": role, "provinces": provinces}
    refused = await office.post("/grants", body)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


async def test_if_match_protects_against_lost_updates(office: Api) -> None:
    home = f"/organisations/{await office.organisation()}"
    missing = await office.patch(home, {"short_name": "Örnek"})
    assert (missing.status_code, missing.json()["code"]) == (428, "precondition_required")
    stale = await office.patch(home, {"short_name": "Örnek"}, if_match='"1"')
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
    fresh = await office.patch(home, {"short_name": "Örnek"}, if_match='"2"')
    assert (fresh.status_code, fresh.headers["etag"], fresh.json()["short_name"]) == (200, '"3"', "Örnek")
    late = await office.post(f"{home}/suspend", {"basis": "Karar"}, if_match='"2"')
    assert late.status_code == 412
    cleared = await office.patch(home, {"short_name": None}, if_match='"3"')
    assert (cleared.json()["short_name"], cleared.json()["version"]) == (None, 4)
    known = await office.get(home, if_none_match='"4"')
    assert (known.status_code, known.content) == (304, b"")
    same = await office.patch(home, {"short_name": None}, if_match='"4"')
    assert same.json()["version"] == 4, "what changes nothing makes no version"
    nothing = await office.patch(home, {"legal_name": None}, if_match='"4"')
    assert nothing.status_code == 422
