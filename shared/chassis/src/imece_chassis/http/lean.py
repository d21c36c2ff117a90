"""Hot routes without the framework's parameter machinery, documented in OpenAPI exactly like the others.

bytes → model_validate_json → use case → bytes. Credentials are checked before the body is read.
"""

import inspect
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi import Depends
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from imece_chassis.access.caller import Caller
from imece_chassis.answers import Answer, json_answer
from imece_chassis.http.callers import Public, Require
from imece_chassis.http.problems import is_refusal
from imece_chassis.http.responses import language_of, problem_response, respond
from imece_chassis.http.validation import MalformedJson, UnsupportedMediaType, ValidationFailed, shape_errors

LeanResult = Response | Answer | BaseModel
LeanEndpoint = Callable[[Request, Any, Any], Awaitable[LeanResult]]
JSON = "application/json"


class LeanRoute(Route):
    """A Starlette route; `documented` is its twin that only the OpenAPI document sees.

    `answer` turns a request into its response, refusals included.
    """

    documented: APIRoute
    auth: Require | Public
    answer: Callable[[Request], Awaitable[Response]]


class Shortcut:
    """Answers lean routes before the framework's own layers, which would cost them a third of their time.

    They need none of those: they render their refusals themselves, and what is unexpected is the edge's.
    """

    def __init__(self, app: ASGIApp, routes: Sequence[LeanRoute]) -> None:
        self._app = app
        self._by_method: dict[str, list[LeanRoute]] = defaultdict(list)
        for route in routes:
            for method in route.methods or ():
                self._by_method[method].append(route)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            for route in self._by_method.get(scope["method"], ()):
                match, found = route.matches(scope)
                if match is Match.FULL:
                    scope.update(found, route=route)
                    response = await route.answer(Request(scope, receive, send))
                    await response(scope, receive, send)
                    return
        await self._app(scope, receive, send)


def lean_route(  # noqa: PLR0913 - one argument per thing the document says of a route
    path: str,
    method: str,
    endpoint: LeanEndpoint,
    *,
    request_model: type[BaseModel] | None,
    response_model: Any,
    auth: Require | Public,
    status_code: int = 200,
    responses: Mapping[int | str, dict[str, Any]] | None = None,
    path_types: Mapping[str, type] | None = None,
    other_media: Mapping[str, LeanEndpoint] | None = None,
    operation_id: str | None = None,
    summary: str | None = None,
    tags: list[str] | None = None,
    openapi_extra: dict[str, Any] | None = None,
) -> LeanRoute:
    """A route that awaits `endpoint(request, command, caller)`; give it to create_app(routers=[…]).

    `command` is a `request_model`, or the raw body when that is None. `other_media` maps further content
    types to endpoints that get the raw body. `path_types` (default: names ending in "_id" are UUID, others
    str) converts request.path_params. `caller` is None on public routes. The endpoint gives a Response, an
    Answer or a model.
    """
    others = dict(other_media or {})
    types = {
        name: (path_types or {}).get(name, UUID if name.endswith("_id") else str) for name in _names(path)
    }

    async def handle(request: Request) -> Response:
        try:
            caller: Caller | None = await auth(request) if isinstance(auth, Require) else None
            _convert_path(request, types)
            chosen, command = await _read(request)
            return _on_the_wire(await chosen(request, command, caller), status_code)
        except Exception as exc:
            if not is_refusal(exc):
                raise
            return problem_response(request, exc)

    async def _read(request: Request) -> tuple[LeanEndpoint, Any]:
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media in others:
            return others[media], await request.body()
        if request_model is None:
            return endpoint, await request.body()
        if media != JSON and not (media.startswith("application/") and media.endswith("+json")):
            raise UnsupportedMediaType(accepted=", ".join([JSON, *others]))
        body = await request.body()
        return endpoint, parse(request_model, body, language_of(request))

    route = LeanRoute(path, handle, methods=[method], name=operation_id or endpoint.__name__)
    route.auth = auth
    route.answer = handle
    route.documented = APIRoute(
        path,
        _signature(types, request_model, endpoint),
        methods=[method],
        response_model=response_model,
        status_code=status_code,
        responses=dict(responses or {}),
        dependencies=[Depends(auth)],
        operation_id=operation_id,
        summary=summary,
        description=inspect.getdoc(endpoint) or "",
        name=endpoint.__name__,
        tags=list(tags or []),
        openapi_extra=_with_media(openapi_extra, others),
    )
    return route


def parse(model: type[BaseModel], body: bytes, language: str) -> BaseModel:
    """The model in a JSON body. Raises MalformedJson, ValidationFailed with errors in `language`."""
    if not body:
        raise ValidationFailed(shape_errors([{"type": "missing", "loc": ("body",)}], language))
    try:
        return model.model_validate_json(body)
    except ValidationError as invalid:
        found = invalid.errors(include_url=False, include_input=False)
    if found[0]["type"] == "json_invalid":
        raise MalformedJson
    raise ValidationFailed(shape_errors(found, language, json.loads(body), place="body"))


def _convert_path(request: Request, types: Mapping[str, type]) -> None:
    values = request.path_params
    for name, kind in types.items():
        if kind is str:
            continue
        try:
            values[name] = kind(values[name])
        except ValueError:
            found = [{"type": f"{kind.__name__.lower()}_parsing", "loc": ("path", name)}]
            raise ValidationFailed(shape_errors(found, language_of(request))) from None


def _on_the_wire(result: LeanResult, status_code: int) -> Response:
    if isinstance(result, Response):
        return result
    return respond(result if isinstance(result, Answer) else json_answer(result, status_code))


def _names(path: str) -> list[str]:
    return [part[1:-1].partition(":")[0] for part in path.split("/") if part.startswith("{")]


def _signature(
    types: Mapping[str, type], model: type[BaseModel] | None, endpoint: LeanEndpoint
) -> Callable[..., Awaitable[None]]:
    """A function with the parameters the document shall show; it is never called."""

    async def shown(**_: Any) -> None:
        return None

    kind = inspect.Parameter.KEYWORD_ONLY
    parameters = [inspect.Parameter(name, kind, annotation=of) for name, of in types.items()]
    if model is not None:
        parameters.append(inspect.Parameter("command", kind, annotation=model))
    shown.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    shown.__name__ = endpoint.__name__
    return shown


def _with_media(extra: dict[str, Any] | None, others: Mapping[str, Any]) -> dict[str, Any] | None:
    if not others:
        return extra
    merged = dict(extra or {})
    body = merged.setdefault("requestBody", {})
    content = body.setdefault("content", {})
    for media in others:
        content.setdefault(media, {"schema": {"type": "string"}})
    return merged
