"""The OpenAPI document: valid, complete, and the same for lean routes as for ordinary ones."""

from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.http.chassis.edge_app import EdgeService


@pytest.fixture
def document(service: EdgeService) -> dict[str, Any]:
    return service.app.openapi()


def operations(document: dict[str, Any]):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method, path, operation


def test_it_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_a_lean_route_is_described_like_its_ordinary_twin(document: dict[str, Any]) -> None:
    lean = document["paths"]["/lean/{order_id}"]["post"]
    plain = document["paths"]["/orders/{order_id}"]["post"]
    for part in ("parameters", "security"):
        assert lean[part] == plain[part]
    assert lean["responses"] == plain["responses"]
    json_body = "application/json"
    assert lean["requestBody"]["content"][json_body] == plain["requestBody"]["content"][json_body]
    assert "application/x-ndjson" in lean["requestBody"]["content"]
    assert lean["description"].startswith("Place an order quickly.")


def test_every_error_is_a_problem_document(document: dict[str, Any]) -> None:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for method, path, operation in operations(document):
        for status, response in operation["responses"].items():
            if status[0] in "45":
                assert response["content"] == problem, (method, path, status)
                assert response["description"], (method, path, status)
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_scopes_are_shown_and_public_routes_need_none(document: dict[str, Any]) -> None:
    placing = document["paths"]["/orders/{order_id}"]["post"]
    assert placing["security"] == [{"api_key": ["orders:write"]}]
    assert "Scope: `orders:write`" in placing["description"]
    assert {"401", "403"} <= set(placing["responses"])
    assert document["paths"]["/orders/busy"]["get"]["security"] == []


def test_writing_needs_an_idempotency_key_and_reading_does_not(document: dict[str, Any]) -> None:
    names = {
        (method, path): [each["name"] for each in operation.get("parameters", [])]
        for method, path, operation in operations(document)
    }
    assert "Idempotency-Key" in names["post", "/orders/{order_id}"]
    assert "Idempotency-Key" not in names["get", "/orders"]


def test_operation_ids_are_unique_and_operator_endpoints_are_left_out(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(ids) == len(set(ids))
    assert not {"/livez", "/readyz", "/metrics", "/openapi.json"} & set(document["paths"])


def test_codes_of_a_route_are_named_where_its_status_is(document: dict[str, Any]) -> None:
    assert (
        "room_exceeded" in document["paths"]["/orders/{order_id}"]["post"]["responses"]["409"]["description"]
    )


async def test_the_document_is_served_and_no_page_loads_foreign_scripts(service: EdgeService) -> None:
    async with service.client() as client:
        assert (await client.get("/openapi.json")).json() == service.app.openapi()
        for page in ("/docs", "/redoc"):
            assert (await client.get(page)).status_code == 404
