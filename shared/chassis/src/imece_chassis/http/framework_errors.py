"""What the framework raises by itself, as our problems: unknown paths, wrong methods, shapes, content types.

The framework's own English texts never reach a caller.
"""

from collections.abc import Mapping

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from imece_chassis.http.methods import allowed
from imece_chassis.http.problems import InternalError, NotFound, Problem, is_refusal
from imece_chassis.http.responses import language_of, problem_response
from imece_chassis.http.validation import MalformedJson, UnsupportedMediaType, ValidationFailed, shape_errors


class BadRequest(Problem):
    """The request cannot be read."""

    status = 400
    tr = "İstek okunamıyor"
    cause_en = (
        "The request breaks the rules of HTTP or of this path in a way that leaves nothing to be answered."
    )
    cause_tr = "İstek, HTTP ya da bu yolun kurallarına yanıt verilemeyecek biçimde aykırı."


class NotAllowed(Problem):
    """You may not do this."""

    status = 403
    tr = "Bunu yapma yetkiniz yok"
    cause_en = "This caller has no right that covers the path."
    cause_tr = "Çağıranın bu yolu kapsayan bir yetkisi yok."


class MethodNotAllowed(Problem):
    """This path does not have that method."""

    status = 405
    tr = "Bu yolda o yöntem yok"
    cause_en = "The path exists, and answers other methods than the one sent."
    cause_tr = "Yol var, ama gönderilenden başka yöntemlere yanıt verir."


class NotAcceptable(Problem):
    """No form of this resource fits your Accept header."""

    status = 406
    tr = "Accept başlığınıza uyan bir gösterim yok"
    cause_en = "The Accept header asks only for forms that this resource does not have."
    cause_tr = "Accept başlığı yalnız bu kaynağın sunmadığı biçimleri istiyor."
    fix_en = "Send Accept: application/json, or leave the header out."
    fix_tr = "Accept: application/json gönderin ya da başlığı çıkarın."


class Conflict(Problem):
    """The request conflicts with the present state."""

    status = 409
    tr = "İstek güncel durumla çelişiyor"
    cause_en = "What is asked for cannot stand beside what is stored."
    cause_tr = "İstenen, kayıtlı olanla birlikte var olamaz."


class TooManyRequests(Problem):
    """Too many requests; wait a little.

    Raise it with `retry_after` seconds.
    """

    status = 429
    tr = "Çok fazla istek geldi; biraz bekleyin"
    cause_en = "The key sent more in a short time than one key may, so that others are served as well."
    cause_tr = "Anahtar, kısa sürede bir anahtara tanınandan fazlasını gönderdi; sınır herkes içindir."
    retry_after = 1


class ServiceUnavailable(Problem):
    """This is not available right now; try again."""

    status = 503
    tr = "Şu anda kullanılamıyor; yeniden deneyin"
    cause_en = "A part this answer depends on is starting, stopping or out of reach."
    cause_tr = "Bu yanıtın dayandığı bir bölüm açılıyor, kapanıyor ya da erişilemiyor."
    retry_after = 1


_BY_STATUS: Mapping[int, type[Problem]] = {
    kind.status: kind
    for kind in (
        BadRequest,
        NotAllowed,
        NotFound,
        MethodNotAllowed,
        NotAcceptable,
        Conflict,
        UnsupportedMediaType,
        ValidationFailed,
        TooManyRequests,
        InternalError,
        ServiceUnavailable,
    )
}


async def from_http_exception(request: Request, exc: Exception) -> Response:
    """Starlette's HTTPException by status; its headers are kept, its text is not.

    A method the path does not have is answered with those it has; OPTIONS asks for nothing else.
    """
    if not isinstance(exc, HTTPException):
        return problem_response(request, exc)
    if exc.__cause__ is not None and is_refusal(exc.__cause__):
        return problem_response(request, exc.__cause__)
    if isinstance(exc.__cause__, ValueError | RecursionError):  # the body was no text, or nested without end
        return problem_response(request, MalformedJson())
    if exc.status_code < 400:
        return Response(status_code=exc.status_code, headers=exc.headers)
    if exc.status_code == MethodNotAllowed.status:
        allow = {"allow": ", ".join(allowed(request.app, request.scope["path"]))}
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=allow)
        return problem_response(request, MethodNotAllowed(headers=tuple(allow.items())))
    fallback = BadRequest if exc.status_code < 500 else InternalError
    problem = _BY_STATUS.get(exc.status_code, fallback)()
    problem.headers = tuple((exc.headers or {}).items())
    return problem_response(request, problem)


async def from_validation(request: Request, exc: Exception) -> Response:
    """A shape error: unreadable JSON is 400, a content type we do not read 415, everything else 422."""
    if not isinstance(exc, RequestValidationError):
        return problem_response(request, exc)
    found = exc.errors()
    if any(error["type"] == "json_invalid" for error in found):
        return problem_response(request, MalformedJson())
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = media == "application/json" or (media.startswith("application/") and media.endswith("+json"))
    if isinstance(exc.body, bytes) and exc.body and not is_json:
        return problem_response(request, UnsupportedMediaType(accepted="application/json"))
    return problem_response(request, ValidationFailed(shape_errors(found, language_of(request), exc.body)))
