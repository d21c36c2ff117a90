"""The one way to build a service's HTTP application: same edge, same errors, same health, same document."""

import copy
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Route

from imece_chassis.database import DatabaseUnavailable, OutcomeUnknown
from imece_chassis.http import framework_errors, openapi, pages
from imece_chassis.http.etags import IfMatchInvalid, PreconditionFailed, PreconditionRequired
from imece_chassis.http.health import health_routes, is_soft
from imece_chassis.http.idempotent import IdempotencyKeyInvalid, IdempotencyKeyRequired
from imece_chassis.http.lean import LeanRoute, Shortcut
from imece_chassis.http.middleware import Edge
from imece_chassis.http.paging import CursorInvalid
from imece_chassis.http.problems import register
from imece_chassis.idempotency import KeyReused, StillRunning
from imece_chassis.telemetry import metrics

# What every service may answer; some of these classes are no Problem, others are imported by few.
_OWN_PROBLEMS = (
    DatabaseUnavailable,
    OutcomeUnknown,
    StillRunning,
    KeyReused,
    IdempotencyKeyInvalid,
    IdempotencyKeyRequired,
    CursorInvalid,
    IfMatchInvalid,
    PreconditionFailed,
    PreconditionRequired,
)


def create_app(
    *,
    service: str,
    title: str,
    version: str,
    routers: Iterable[APIRouter | BaseRoute] = (),
    lifespan: Any = None,
    checks: Mapping[str, Callable[[], Awaitable[None]]] | None = None,
    problems: Iterable[type[BaseException]] = (),
    description: str = "",
    larger_bodies: Mapping[str, int] | None = None,
    has_conditional_posts: bool = False,
) -> FastAPI:
    """The application; `app.state.access` (Authenticator) and `app.state.database` are set by its lifespan.

    `routers` may mix APIRouters and single routes; lean ones are matched first. `problems` are the service's
    Refusal classes, for /problems/{code}. `checks` fail by raising; "broker" only degrades.
    `app.state.is_draining` makes /readyz answer 503 during shutdown; `app.state.is_scraped_elsewhere` takes
    /metrics away. `larger_bodies`: by pattern of the path, how many bytes may be posted there. With
    `has_conditional_posts` every POST and PUT but the lean ones honours If-Match, and its document says so.
    """
    app = FastAPI(
        title=title,
        version=version,
        description=description,
        lifespan=lifespan,
        docs_url=None,  # both pages would load scripts from somebody else's host
        redoc_url=None,
        redirect_slashes=False,
        # Logs, metrics and trace context are the edge's own; the framework would look for exporters.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
        exception_handlers={
            HTTPException: framework_errors.from_http_exception,
            RequestValidationError: framework_errors.from_validation,
        },
    )
    app.state.has_conditional_posts = has_conditional_posts
    register(*_OWN_PROBLEMS, *problems)
    metrics.set_build(service, version)
    app.router.routes.extend(health_routes(service, checks or {}))
    app.state.checks = {name: check for name, check in (checks or {}).items() if not is_soft(name)}
    app.router.routes.append(Route("/problems", pages.problem_list))
    app.router.routes.append(Route("/problems/{code}", pages.problem_page))
    for router in routers:
        _include(app, router)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    app.add_middleware(
        Shortcut, routes=[route for route in app.router.routes if isinstance(route, LeanRoute)]
    )
    app.add_middleware(Edge, larger_bodies=larger_bodies)
    return app


def _include(app: FastAPI, router: APIRouter | BaseRoute) -> None:
    if not isinstance(router, APIRouter):
        app.router.routes.insert(0, router) if isinstance(router, LeanRoute) else app.router.routes.append(
            router
        )
        return
    for route in router.routes:
        if isinstance(route, LeanRoute):
            app.router.routes.insert(0, route)
    others = copy.copy(router)  # the router itself stays whole: another application may include it too
    others.routes = [route for route in router.routes if not isinstance(route, LeanRoute)]
    app.include_router(others)


def _openapi(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        app.openapi_schema = openapi.build(app)
    return app.openapi_schema
