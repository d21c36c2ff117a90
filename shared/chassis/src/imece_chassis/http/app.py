"""The one way to build a service's HTTP application: same edge, same errors, same health, same document."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute

from imece_chassis.http.middleware import BODY_LIMIT_BYTES, Edge


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
    body_limit_bytes: int = BODY_LIMIT_BYTES,
) -> FastAPI:
    """The application. Set `app.state.access` (Authenticator) and `app.state.database` before the first request."""
    app = FastAPI(title=title, version=version, description=description, lifespan=lifespan)
    for router in routers:
        if isinstance(router, APIRouter):
            app.include_router(router)
        else:
            app.router.routes.append(router)
    app.add_middleware(Edge, body_limit_bytes=body_limit_bytes)
    return app
