"""Every route says who may call it, and the OpenAPI document shows every route that is no page."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from fastapi import Depends, FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import Route

from imece_chassis.http.app import create_app
from imece_chassis.http.callers import Public, Require, declared_auth, public, require
from tests.architecture.discovery import app_of, composed_services
from tests.architecture.tree import SERVICES

# Probes, metrics, the document itself and the pages of the errors; nothing in them belongs to anybody.
PUBLIC_BY_NATURE = {"/livez", "/readyz", "/metrics", "/openapi.json", "/problems", "/problems/{code}"}

# Pages and their files are for people; the document describes the API.
PAGES = {"/", "/c/{crisis}", "/static/{name}", "/u/{token}"}


class FoundRoute(NamedTuple):
    """One route as the application serves it."""

    path: str
    methods: frozenset[str]
    auth: list[Require | Public]


def routes_of(app: FastAPI) -> Iterator[FoundRoute]:
    """Every route, those of included routers too, without the ones that are public by nature."""
    for found in iter_route_contexts(app.routes):
        route: Any = found.original_route
        path = str(getattr(found, "path_format", None) or getattr(route, "path", route))
        auth = getattr(route, "auth", None)
        dependant = getattr(found, "dependant", None)
        declared = [auth] if auth is not None else list(declared_auth(dependant))
        if path not in PUBLIC_BY_NATURE:
            yield FoundRoute(path, frozenset(getattr(found, "methods", None) or ()), declared)


def undeclared(app: FastAPI) -> list[str]:
    """Routes without a declaration, or with several that differ."""
    counted = [(route.path, len({_text(each) for each in route.auth})) for route in routes_of(app)]
    return sorted(f"{path}: {count} declarations" for path, count in counted if count != 1)


def _text(auth: Require | Public) -> str:
    return f"require {auth.scope}" if isinstance(auth, Require) else "public"


@pytest.mark.parametrize("name", composed_services())
def test_every_route_declares_its_auth_once(name: str) -> None:
    assert undeclared(app_of(name)) == []


@pytest.mark.parametrize("name", composed_services())
def test_every_route_but_a_page_is_in_the_openapi_document(name: str) -> None:
    app = app_of(name)
    paths = {route.path for route in routes_of(app)}
    assert paths - PAGES, "the service has routes"
    assert paths - PAGES - set(app.openapi()["paths"]) == set()


@pytest.mark.parametrize("name", composed_services())
def test_whatever_changes_something_asks_for_a_write_scope(name: str) -> None:
    for route in routes_of(app_of(name)):
        if route.methods - {"GET", "HEAD", "OPTIONS"}:
            for auth in route.auth:
                if auth is public and "{token}" in route.path:
                    continue  # the signed token in the address is the right to this one act
                assert isinstance(auth, Require), f"{route.path} changes something and is public"
                assert not auth.scope.endswith(":read"), f"{route.path} changes something with {auth.scope}"


def test_a_route_without_a_declaration_is_found() -> None:
    app = create_app(service="test", title="test", version="0")

    async def anybody() -> dict[str, Any]:
        return {}

    app.get("/bare")(anybody)
    app.get("/both", dependencies=[Depends(public), Depends(require("a:read"))])(anybody)
    app.get("/declared", dependencies=[Depends(require("a:read"))])(anybody)
    app.router.routes.append(Route("/plain", lambda request: None))
    assert undeclared(app) == ["/bare: 0 declarations", "/both: 2 declarations", "/plain: 0 declarations"]


def test_every_service_is_looked_at() -> None:
    assert composed_services() == list(SERVICES)
