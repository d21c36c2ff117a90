"""The OpenAPI 3.1 document as integrators see it: every route, its scope, every error as a problem document.

Lean routes are described by their twins; the operator endpoints are left out.
"""

from collections.abc import Iterable, Iterator
from typing import Any, cast

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import BaseRoute

from imece_chassis.http import problems
from imece_chassis.http.callers import Public, Require, declared_auth
from imece_chassis.http.lean import LeanRoute
from imece_chassis.http.openapi_answers import codes_of, headers_of

DIALECT = "https://spec.openapis.org/oas/3.1/dialect/base"
SCHEME = "api_key"
_METHODS = ("get", "put", "post", "delete", "patch")
_CHANGED = "precondition_failed"
_PROBLEM = {"$ref": "#/components/schemas/Problem"}

PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457 problem details. Further members are the facts needed to act.",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "description": "Relative URI of a page with cause, fix and example."},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer (RFC 6901)"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                    "in": {"type": "string", "enum": ["body", "query", "path", "header", "cookie"]},
                },
            },
        },
    },
}

IDEMPOTENCY_KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Minted by the client, 1 to 255 printable ASCII characters, as a quoted string or bare.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]([ -~]*[!-~])?$"},
    "example": "0199c2d4-7b1e-7c3a-9a55-2f0c7b3d1e42",
}

IF_MATCH: dict[str, Any] = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "ETags of what was read, or `*`. If it has changed since, nothing is done: 412.",
    "schema": {"type": "string"},
    "example": '"7"',
}
IF_NONE_MATCH: dict[str, Any] = {
    **IF_MATCH,
    "name": "If-None-Match",
    "description": "ETags of what is known. If it is still the same, the answer is 304 without a body.",
}
ETAG: dict[str, Any] = {
    "description": "Names the version shown; send it back as If-Match or If-None-Match.",
    "schema": {"type": "string"},
}


def routes_with_auth(app: FastAPI) -> Iterator[tuple[str, str, list[Require | Public]]]:
    """(method, path, what it declares) of every route: what the architecture test looks at."""
    for path, methods, dependant in _documented(app.routes):
        for method in sorted(methods):
            yield method, path, list(declared_auth(dependant))


def _documented(routes: Iterable[BaseRoute]) -> Iterator[tuple[str, set[str], Any]]:
    twins = [route.documented if isinstance(route, LeanRoute) else route for route in routes]
    for found in iter_route_contexts(twins):
        if isinstance(found.original_route, APIRoute):
            path, methods = found.path_format, found.methods
            yield cast(str, path), methods or set(), getattr(found, "dependant", None)


def build(app: FastAPI) -> dict[str, Any]:
    """The document; made once, then kept by the application."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=[route.documented if isinstance(route, LeanRoute) else route for route in app.routes],
        tags=app.openapi_tags,
        servers=app.servers,
    )
    document["jsonSchemaDialect"] = DIALECT
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = PROBLEM_SCHEMA
    components["securitySchemes"] = {
        SCHEME: {"type": "http", "scheme": "bearer", "description": "API key: imc_live_… or imc_test_…"}
    }
    declared = {(path, method.lower()): auth for method, path, auth in routes_with_auth(app)}
    lean = {route.documented.path_format for route in app.routes if isinstance(route, LeanRoute)}
    for path, item in document.get("paths", {}).items():
        for method in _METHODS:
            if method in item:
                if method in {"post", "put"} and app.state.has_conditional_posts:
                    if path not in lean:
                        item[method].setdefault("responses", {}).setdefault("412", {"description": _CHANGED})
                    _tag_versions(item[method], schemas)
                _complete(item[method], method, path, declared.get((path, method), []))
    return document


def _tag_versions(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """A command answers with the tag of the version it shows."""
    for status in ("200", "201"):
        response = operation.get("responses", {}).get(status, {})
        shown = response.get("content", {}).get("application/json", {}).get("schema", {}).get("$ref", "")
        if "version" in schemas.get(shown.rpartition("/")[2], {}).get("properties", {}):
            response.setdefault("headers", {})["ETag"] = ETAG


def _complete(operation: dict[str, Any], method: str, path: str, auth: list[Require | Public]) -> None:
    required = [each for each in auth if isinstance(each, Require)]
    scopes = sorted({scope for each in required for scope in (each.scope, each.other) if scope})
    operation["security"] = [{SCHEME: [scope]} for scope in scopes]
    if scopes:
        scope = f"Scope: {' or '.join(f'`{scope}`' for scope in scopes)}"
        operation["description"] = "\n\n".join(filter(None, (operation.get("description"), scope)))
    parameters: list[dict[str, Any]] = operation.setdefault("parameters", [])
    if (
        method == "post"
        and scopes
        and not any(each["name"].lower() == "idempotency-key" for each in parameters)
    ):
        parameters.append(IDEMPOTENCY_KEY)
    responses: dict[str, Any] = operation.setdefault("responses", {})
    _complete_conditions(parameters, responses)
    if not parameters:
        del operation["parameters"]
    for status, description in _expected(operation, method, path, bool(scopes)).items():
        _as_problem(responses.setdefault(status, {"description": description}), description)
    names = {each["name"].lower() for each in parameters}
    has_key = "idempotency-key" in names
    codes = codes_of(has_auth=bool(scopes), has_key=has_key, has_body="requestBody" in operation)
    for status, response in responses.items():
        if status[:1] in "45":
            _as_problem(response, "Refused")
            said = response["description"].split(" · ")
            response["description"] = " · ".join(dict.fromkeys((*said, *codes.get(status, ()))))
        if headers := headers_of(status, has_key=has_key, has_pages="cursor" in names):
            response["headers"] = response.get("headers", {}) | headers


def _complete_conditions(parameters: list[dict[str, Any]], responses: dict[str, Any]) -> None:
    """The headers of an operation that names 412, or 304, among its answers."""
    if "412" in responses:
        parameters.append(IF_MATCH)
    if "304" in responses:
        parameters.append(IF_NONE_MATCH)
        for status in ("200", "304"):
            responses[status].setdefault("headers", {})["ETag"] = ETAG


def _expected(operation: dict[str, Any], method: str, path: str, has_auth: bool) -> dict[str, str]:
    """Statuses any operation of this shape may answer with, beside its own."""
    expected = {"500": "Something went wrong on our side", "503": "Not available right now; see Retry-After"}
    if has_auth:
        expected |= {"401": "Credentials missing or not accepted", "403": "Not allowed"}
    if "{" in path:
        expected["404"] = "Nothing here for this caller"
    if operation.get("parameters"):
        expected |= {"400": "Header, cursor or body cannot be read", "422": "Shape not as expected"}
    if "requestBody" in operation:
        expected |= {
            "400": "Header, cursor or body cannot be read",
            "413": "Body too large",
            "415": "Content type not read here",
            "422": "Shape not as expected, or key used with another body",
        }
    if method == "post" and has_auth:
        expected |= {"409": "Refused by a rule, or the first request with this key is still running"}
    expected["429"] = "Too many requests; see Retry-After"
    return expected


def _as_problem(response: dict[str, Any], description: str) -> None:
    response["content"] = {problems.CONTENT_TYPE: {"schema": _PROBLEM}}
    if not response.get("description") or response["description"] == "Validation Error":
        response["description"] = description
