"""What a client needs to read in the OpenAPI documents: codes, headers, lists of reasons, meanings."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from tests.conformance import test_openapi
from tests.conformance.test_openapi import SERVICES

REASON = "Code of the reason list"


@cache
def committed(service: str) -> dict[str, Any]:
    return test_openapi.committed(service)


def operations(service: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, found in committed(service)["paths"].items():
        for method, operation in found.items():
            yield f"{method} {path}", operation


def body_schema(operation: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    return content.get("application/json", {}).get("schema", {})


def reason_members(service: str, operation: dict[str, Any]) -> list[str]:
    name = body_schema(operation).get("$ref", "").rpartition("/")[2]
    members = committed(service)["components"]["schemas"].get(name, {}).get("properties", {})
    return [
        member
        for member, shape in members.items()
        if any(part.get("description") == REASON for part in (shape, *shape.get("anyOf", ())))
    ]


def test_every_reason_has_its_list() -> None:
    found = [
        (where, member, body_schema(operation).get("properties", {}).get(member, {}).get("enum"))
        for where, operation in operations("crisis")
        for member in reason_members("crisis", operation)
    ]
    assert len(found) > 25
    assert [(where, member) for where, member, codes in found if not codes] == []


READ_BY_ALL = (
    *("LineView", "PledgeListItem", "PledgeRowView", "PledgeView", "MovedView", "AllocationView"),
    *("SuccessorView", "EntryView", "OfferView", "OfferLineView", "NeedView", "NeedLineView"),
    *("DraftLineView", "HintView", "PlaceView", "AlternativeView", "StandingView", "PackView", "BehalfView"),
    *("BoardDocument", "CardView", "TotalsView"),
)


@pytest.mark.parametrize("schema", READ_BY_ALL)
def test_what_every_client_reads_says_what_it_means(schema: str) -> None:
    shape = committed("crisis")["components"]["schemas"][schema]
    assert [name for name, member in shape["properties"].items() if not member.get("description")] == []


@pytest.mark.parametrize("service", SERVICES)
def test_a_command_names_the_codes_of_its_key_and_body(service: str) -> None:
    for where, operation in operations(service):
        names = {each["name"] for each in operation.get("parameters", ())}
        said = {status: answer["description"] for status, answer in operation["responses"].items()}
        if "Idempotency-Key" in names:
            assert "idempotency_key_running" in said["409"], where
            assert "idempotency_key_reused" in said["422"], where
            assert "idempotency_key_required" in said["400"], where
        if "requestBody" in operation:
            assert "validation_failed" in said["422"], where
        if operation["security"]:
            assert "key_unknown" in said["401"], where


@pytest.mark.parametrize("service", SERVICES)
def test_an_operation_declares_the_headers_it_sends(service: str) -> None:
    for where, operation in operations(service):
        answers = operation["responses"]
        headers = {status: set(answer.get("headers", ())) for status, answer in answers.items()}
        names = {each["name"] for each in operation.get("parameters", ())}
        assert "Retry-After" in headers["429"] & headers["503"], where
        if operation["security"]:
            assert "WWW-Authenticate" in headers["401"], where
        if "Idempotency-Key" in names:
            done = [status for status in headers if status in {"200", "201", "202"}]
            assert all("Idempotent-Replayed" in headers[status] for status in done), where
            assert "Retry-After" in headers["409"], where
        if "201" in headers:
            assert "Location" in headers["201"], where
        if service == "crisis" and "cursor" in names and "200" in headers:
            assert "Link" in headers["200"], where
