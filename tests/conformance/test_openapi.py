"""The OpenAPI documents equal the services and are judged by a validator we did not write."""

import copy
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

DOCUMENTS = Path(__file__).parents[2] / "docs" / "openapi"
SERVICES = ("registry", "crisis", "notifications")


def printed(service: str) -> dict[str, Any]:
    """What the service's own command prints, without a single setting."""
    prefixes = ("DATABASE_", "KAFKA_", "IMECE_", "API_KEY_", f"{service.upper()}_")
    answer = subprocess.run(
        [sys.executable, "-m", service, "openapi"],
        env={name: value for name, value in os.environ.items() if not name.startswith(prefixes)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return json.loads(answer.stdout)


def committed(service: str) -> dict[str, Any]:
    return json.loads((DOCUMENTS / f"{service}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("service", SERVICES)
def test_the_document_equals_the_service(service: str) -> None:
    assert printed(service) == committed(service), "write it again: python -m tests.conformance.test_openapi"


@pytest.mark.parametrize("service", SERVICES)
def test_a_third_party_finds_no_error(service: str) -> None:
    document = committed(service)
    assert document["openapi"].startswith("3.1.")
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_the_judge_refuses_a_broken_document() -> None:
    document = copy.deepcopy(committed("crisis"))
    document["paths"]["/crises"]["post"]["operationId"] = 5
    assert list(OpenAPIV31SpecValidator(document).iter_errors())


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_is_named_and_tells_its_errors(service: str) -> None:
    seen: set[str] = set()
    for path, operations in committed(service)["paths"].items():
        for method, operation in operations.items():
            where = f"{method} {path}"
            assert operation.get("operationId"), where
            assert operation["operationId"] not in seen, where
            seen.add(operation["operationId"])
            assert any(status.startswith("2") for status in operation["responses"]), where
    assert seen


if __name__ == "__main__":
    for name in SERVICES:
        text = json.dumps(printed(name), ensure_ascii=False, indent=1) + "\n"
        (DOCUMENTS / f"{name}.json").write_text(text, encoding="utf-8")
