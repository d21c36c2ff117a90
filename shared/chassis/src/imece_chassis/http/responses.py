"""Answers on the wire, and what a request says about how to answer it."""

from starlette.requests import HTTPConnection
from starlette.responses import Response

from imece_chassis import context
from imece_chassis.answers import Answer
from imece_chassis.http.languages import negotiate
from imece_chassis.http.problems import render

MAX_INSTANCE_CHARS = 512


def language_of(request: HTTPConnection) -> str:
    """The caller's language: tr or en."""
    return negotiate(request.headers.get("accept-language"))


def instance_of(request: HTTPConnection) -> str:
    """The path asked for, as the `instance` of a problem."""
    return str(request.scope.get("path", ""))[:MAX_INSTANCE_CHARS]


def respond(answer: Answer, replayed: bool = False) -> Response:
    """An Answer as bytes on the wire; a replayed one says so."""
    headers = dict(answer.headers)
    if replayed:
        headers["idempotent-replayed"] = "true"
    return Response(answer.body, status_code=answer.status, headers=headers)


def problem_response(
    request: HTTPConnection, exc: BaseException, errors: "tuple[dict[str, str], ...]" = ()
) -> Response:
    """The problem document of an exception, in the caller's language."""
    return respond(render(exc, language_of(request), context.request_id(), instance_of(request), errors))
