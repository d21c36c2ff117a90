"""Who gets in: the matrix of keys, scopes, states and ages, on an ordinary and on a lean route."""

import contextlib
from datetime import timedelta
from typing import Any

import pytest
from starlette.requests import Request

from imece_chassis.access import keys
from imece_chassis.access.authenticator import Authenticator, CredentialsStale
from imece_chassis.access.caller import Grant
from imece_chassis.http.callers import Public, Require
from imece_chassis.http.openapi import routes_with_auth
from imece_chassis.ids import uuid7
from tests.http.chassis.edge_app import PEPPER, EdgeService

ORDER = str(uuid7())
BODY = {"quantity": 1, "label": "x"}
PATHS = [f"/orders/{ORDER}", f"/lean/{ORDER}"]


async def asked(service: EdgeService, key: str | None, path: str = PATHS[0]) -> tuple[int, str | None, Any]:
    async with service.client(key) as client:
        response = await client.post(path, json=BODY)
    return response.status_code, response.json().get("code"), response


@pytest.mark.parametrize("path", PATHS)
async def test_a_key_with_the_scope_gets_in(service: EdgeService, path: str) -> None:
    key, _ = service.key("orders:write")
    assert (await asked(service, key, path))[0] == 201


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer  ", "Basic dXNlcjpwYXNz", "imc_test_without_scheme"]
)
async def test_without_a_key_a_key_is_asked_for(service: EdgeService, path: str, header: str | None) -> None:
    async with service.client() as client:
        response = await client.post(
            path, json=BODY, headers={} if header is None else {"authorization": header}
        )
    assert (response.status_code, response.json()["code"]) == (401, "authentication_required")
    assert response.headers["www-authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize("path", PATHS)
async def test_a_mistyped_key_is_refused_before_any_look_up(service: EdgeService, path: str) -> None:
    key, _ = service.key("orders:write")
    service.source.lookup = None  # type: ignore[assignment]
    status, code, response = await asked(service, key[:-1] + ("0" if key[-1] != "0" else "1"), path)
    assert (status, code) == (401, "key_malformed")
    assert response.headers["www-authenticate"] == 'Bearer realm="api", error="invalid_token"'


async def test_an_unknown_a_revoked_and_an_expired_key_are_refused(service: EdgeService) -> None:
    now = service.clock.now()
    assert (await asked(service, keys.new_key(live=True)))[:2] == (401, "key_unknown")
    revoked, _ = service.key("orders:write", revoked_at=now)
    assert (await asked(service, revoked))[:2] == (401, "key_revoked")
    expired, _ = service.key("orders:write", expires_at=now)
    assert (await asked(service, expired))[:2] == (401, "key_expired")
    last_moment, _ = service.key("orders:write", expires_at=now + timedelta(seconds=1))
    assert (await asked(service, last_moment))[0] == 201


@pytest.mark.parametrize("path", PATHS)
async def test_a_missing_scope_is_named(service: EdgeService, path: str) -> None:
    key, _ = service.key("orders:read")
    status, code, response = await asked(service, key, path)
    assert (status, code, response.json()["scope"]) == (403, "scope_missing", "orders:write")


@pytest.mark.parametrize("state", ["candidate", "suspended", "dissolved", "merged", "unknown"])
async def test_only_an_active_organisation_may_write(service: EdgeService, state: str) -> None:
    key, _ = service.key(organisation_state=state)
    status, code, response = await asked(service, key)
    assert (status, code, response.json()["present_state"]) == (403, "organisation_not_active", state)
    async with service.client(key) as client:
        assert (await client.get("/orders")).status_code == 200


@pytest.mark.parametrize(
    ("age", "reading", "writing", "administering"),
    [
        (0.0, 200, 201, 204),
        (4.9, 200, 201, 204),
        (5.1, 200, 201, 503),
        (86_399.0, 200, 201, 503),
        (86_401.0, 503, 503, 503),
        (float("inf"), 503, 503, 503),
        (float("nan"), 503, 503, 503),
    ],
)
async def test_old_knowledge_is_used_with_care_and_then_not_at_all(
    service: EdgeService, age: float, reading: int, writing: int, administering: int
) -> None:
    key, _ = service.key()
    service.source.age_seconds = age
    async with service.client(key) as client:
        answers = [
            await client.get("/orders"),
            await client.post(PATHS[0], json=BODY),
            await client.delete(PATHS[0]),
        ]
        assert [answer.status_code for answer in answers] == [reading, writing, administering]
        for answer in answers:
            if answer.status_code == 503:
                assert answer.json()["code"] == "credentials_stale"
                assert answer.headers["retry-after"] == "5"


@pytest.mark.parametrize(
    ("minutes", "age", "is_usable"),
    [
        (1440, 60.0, True), (1440, 86_401.0, False), (15, 899.0, True), (15, 901.0, False),
        (1440, float("inf"), False), (1440, float("nan"), False),
    ],
)  # fmt: skip
async def test_a_process_is_ready_exactly_as_long_as_it_accepts_any_key(
    service: EdgeService, minutes: int, age: float, is_usable: bool
) -> None:
    key, _ = service.key()
    service.source.age_seconds = age
    access = Authenticator(service.source, PEPPER, refused_after_minutes=minutes)
    service.app.state.access = access
    assert (await asked(service, key))[0] == (201 if is_usable else 503)
    with contextlib.nullcontext() if is_usable else pytest.raises(CredentialsStale):
        await access.is_usable()


@pytest.mark.parametrize("which", ["key_id", "integration_id", "organisation_id"])
async def test_an_operator_can_shut_a_caller_out_by_hand(service: EdgeService, which: str) -> None:
    key, caller = service.key()
    service.deny(str(getattr(caller, which)))
    assert (await asked(service, key))[:2] == (401, "key_revoked")


async def test_a_key_made_under_the_older_pepper_still_works(service: EdgeService) -> None:
    key, caller = service.key("orders:write")
    newer = keys.new_key(live=True)
    service.source.callers[keys.digest("newer-" + PEPPER, newer)] = caller
    assert (await asked(service, key))[0] == 201
    assert (await asked(service, newer))[0] == 201


async def test_a_source_that_has_to_ask_its_own_tables_may_be_awaited(service: EdgeService) -> None:
    service.source.is_slow = True
    key, _ = service.key("orders:write")
    assert (await asked(service, key))[0] == 201
    assert (await asked(service, keys.new_key(live=True)))[:2] == (401, "key_unknown")


async def test_rights_limited_in_time_are_judged_at_the_moment_of_the_request(service: EdgeService) -> None:
    now = service.clock.now()
    key, _ = service.key("orders:write", grants=(Grant("editor", valid_until=now + timedelta(minutes=1)),))
    seen = []

    header = (b"authorization", f"Bearer {key}".encode())
    for _ in range(2):
        caller = await service.app.state.access.authenticate(Request({"type": "http", "headers": [header]}))
        seen.append(caller.may("editor"))
        service.clock.advance(timedelta(minutes=1))
    assert seen == [True, False]


async def test_the_access_line_says_whose_key_was_refused(service: EdgeService, caplog: Any) -> None:
    key, caller = service.key("orders:write", revoked_at=service.clock.now())
    with caplog.at_level("INFO", "imece.access"):
        await asked(service, key)
    fields = vars(caplog.records[0])["fields"]
    assert (fields["status"], fields["key_id"]) == (401, caller.key_id)


async def test_a_refusal_never_repeats_the_key(
    service: EdgeService, caplog: pytest.LogCaptureFixture
) -> None:
    key = keys.new_key(live=True)
    with caplog.at_level("DEBUG"):
        _, _, response = await asked(service, key)
    assert key not in response.text and key not in str(response.headers) and key not in caplog.text


def test_every_route_declares_who_may_call_it(service: EdgeService) -> None:
    declared = list(routes_with_auth(service.app))
    assert len(declared) == 8
    for method, path, auth in declared:
        assert len(auth) == 1, (method, path)
        assert isinstance(auth[0], Require | Public)
    scopes = {
        (method, path): auth[0].scope for method, path, auth in declared if isinstance(auth[0], Require)
    }
    assert scopes == {
        ("POST", "/lean/{order_id}"): "orders:write",
        ("POST", "/orders/{order_id}"): "orders:write",
        ("GET", "/orders"): "orders:read",
        ("DELETE", "/orders/{order_id}"): "orders:write",
    }
