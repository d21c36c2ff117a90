"""Hot routes without the framework's parameter machinery, documented in OpenAPI exactly like the others.

bytes → model_validate_json → use case → bytes. Authentication runs before the body is read.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from imece_chassis.access.caller import Caller
from imece_chassis.answers import Answer
from imece_chassis.http.callers import Public, Require

LeanEndpoint = Callable[[Request, Any, Caller], Awaitable[Response | Answer | BaseModel]]


class LeanRoute(Route):
    """A Starlette route that knows how to document itself."""


def lean_route(
    path: str,
    method: str,
    endpoint: LeanEndpoint,
    *,
    request_model: type[BaseModel] | None,
    response_model: Any,
    auth: Require | Public,
    status_code: int = 200,
    responses: Mapping[int | str, dict[str, Any]] | None = None,
    operation_id: str | None = None,
    summary: str | None = None,
    tags: list[str] | None = None,
    openapi_extra: dict[str, Any] | None = None,
) -> LeanRoute:
    """A route `await endpoint(request, command, caller)`; pass it to create_app(routers=[…]) or append it to a router.

    With `request_model=None` the command is the raw body. The endpoint gives a Response, an Answer, or a model.
    """
    raise NotImplementedError
