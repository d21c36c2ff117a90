"""Which methods a path has: what Allow names, and what OPTIONS answers.

HEAD goes wherever GET goes: the edge turns it into a GET without a body.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import Route, compile_path


def allowed(app: FastAPI, path: str) -> tuple[str, ...]:
    """The methods of a path, in the order of the alphabet; none for an unknown one."""
    found: set[str] = set()
    for pattern, methods in _templates(app):
        if pattern.match(path):
            found |= methods
    if "GET" in found:
        found.add("HEAD")
    return tuple(sorted(found | {"OPTIONS"})) if found else ()


@lru_cache(maxsize=8)
def _templates(app: FastAPI) -> tuple[tuple[re.Pattern[str], frozenset[str]], ...]:
    return tuple((compile_path(template)[0], methods) for template, methods in _declared(app))


def _declared(app: FastAPI) -> Iterator[tuple[str, frozenset[str]]]:
    for route in app.routes:
        if isinstance(route, Route) and not isinstance(route, APIRoute):
            yield route.path, frozenset(route.methods or ())
    for found in iter_route_contexts(app.routes):
        if isinstance(found.original_route, APIRoute):
            yield str(found.path), frozenset(found.methods or ())
