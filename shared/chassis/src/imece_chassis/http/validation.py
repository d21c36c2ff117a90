"""Shape errors as named field, rule and code in the caller's language; the bad value is never echoed."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from imece_chassis.http.problems import Problem

MAX_ERRORS = 50


class ValidationFailed(Problem):
    """The request does not have the expected shape.

    A field is missing, unknown, or has a value outside its rule; `errors` names each one.
    """

    status = 422
    tr = "İstek beklenen biçimde değil"
    cause_tr = "Bir alan eksik, bilinmiyor ya da kuralına aykırı; errors her birini adlandırır."
    fix_en = "Correct the fields listed in errors and send the request again; nothing was stored."
    fix_tr = "errors içinde sayılan alanları düzeltip isteği yeniden gönderin; hiçbir şey kaydedilmedi."

    def __init__(self, errors: Sequence[Mapping[str, str]] = ()) -> None:
        super().__init__()
        self.errors = tuple(errors)
        if errors:
            self.detail = f"{errors[0]['pointer'] or '/'}: {errors[0]['detail']}"


class MalformedJson(Problem):
    """The body is not JSON."""

    status = 400
    tr = "Gövde JSON değil"
    cause_en = "The body ends too early, is not text, or breaks the rules of JSON."
    cause_tr = "Gövde eksik, metin değil ya da JSON kurallarına aykırı."
    fix_en = "Check quotes, commas and the encoding (UTF-8), and send it again."
    fix_tr = "Tırnakları, virgülleri ve kodlamayı (UTF-8) denetleyip yeniden gönderin."


class UnsupportedMediaType(Problem):
    """This route does not read that content type."""

    status = 415
    tr = "Bu yol o içerik türünü okumuyor"
    cause_en = "The Content-Type says another form than the one this path reads, or says none."
    cause_tr = "Content-Type, bu yolun okumadığı bir biçim söylüyor ya da hiç söylemiyor."
    fix_en = "Send Content-Type: application/json, or the type named in accepted."
    fix_tr = "Content-Type: application/json ya da accepted ile belirtilen türü gönderin."


# pydantic type → (our code, English, Turkish). Templates see pydantic's context.
_RULES: dict[str, tuple[str, str, str]] = {
    "missing": ("missing", "is required", "zorunlu"),
    "extra_forbidden": ("unknown_field", "is not a known field", "bilinen bir alan değil"),
    "greater_than": ("too_small", "must be greater than {gt}", "{gt} değerinden büyük olmalı"),
    "greater_than_equal": ("too_small", "must be at least {ge}", "en az {ge} olmalı"),
    "less_than": ("too_large", "must be less than {lt}", "{lt} değerinden küçük olmalı"),
    "less_than_equal": ("too_large", "must be at most {le}", "en çok {le} olmalı"),
    "multiple_of": ("not_a_multiple", "must be a multiple of {multiple_of}", "{multiple_of} katı olmalı"),
    "finite_number": ("not_finite", "must be a finite number", "sonlu bir sayı olmalı"),
    "string_too_short": (
        "too_short",
        "must have at least {min_length} characters",
        "en az {min_length} karakter",
    ),
    "string_too_long": (
        "too_long",
        "must have at most {max_length} characters",
        "en çok {max_length} karakter",
    ),
    "too_short": ("too_few", "must have at least {min_length} items", "en az {min_length} öge olmalı"),
    "too_long": ("too_many", "must have at most {max_length} items", "en çok {max_length} öge olmalı"),
    "string_pattern_mismatch": ("wrong_format", "must match {pattern}", "{pattern} kalıbına uymalı"),
    "literal_error": ("not_allowed", "must be one of {expected}", "şunlardan biri olmalı: {expected}"),
    "enum": ("not_allowed", "must be one of {expected}", "şunlardan biri olmalı: {expected}"),
    "union_tag_invalid": (
        "not_allowed",
        "{discriminator} must be one of {expected_tags}",
        "{discriminator} şunlardan biri olmalı: {expected_tags}",
    ),
    "union_tag_not_found": ("missing", "{discriminator} is required", "{discriminator} zorunlu"),
    "decimal_max_digits": (
        "too_many_digits",
        "must have at most {max_digits} digits",
        "en çok {max_digits} hane",
    ),
    "decimal_max_places": (
        "too_many_digits",
        "must have at most {decimal_places} decimal places",
        "en çok {decimal_places} ondalık hane",
    ),
    "decimal_whole_digits": (
        "too_many_digits",
        "must have at most {whole_digits} digits before the point",
        "noktadan önce en çok {whole_digits} hane",
    ),
    "timezone_aware": ("offset_missing", "needs a time zone offset", "saat dilimi farkı içermeli"),
    "date_past": ("not_past", "must be in the past", "geçmişte olmalı"),
    "date_future": ("not_future", "must be in the future", "gelecekte olmalı"),
}

# First word of pydantic's "<kind>_type", "<kind>_parsing" … → what was expected.
_KINDS: dict[str, tuple[str, str]] = {
    "string": ("text", "metin"),
    "int": ("a whole number", "tam sayı"),
    "float": ("a number", "sayı"),
    "decimal": ("a decimal number as text", "metin olarak ondalık sayı"),
    "bool": ("true or false", "true ya da false"),
    "list": ("a list", "liste"),
    "tuple": ("a list", "liste"),
    "set": ("a list", "liste"),
    "frozen": ("a list", "liste"),
    "dict": ("an object", "nesne"),
    "model": ("an object", "nesne"),
    "dataclass": ("an object", "nesne"),
    "date": ("a date (2026-02-06)", "tarih (2026-02-06)"),
    "datetime": (
        "a time with offset (2026-02-06T06:00:00Z)",
        "farkı belirtilmiş zaman (2026-02-06T06:00:00Z)",
    ),
    "time": ("a time of day", "günün saati"),
    "uuid": ("a UUID", "UUID"),
    "url": ("a URL", "URL"),
    "bytes": ("bytes", "bayt dizisi"),
    "none": ("null", "null"),
}


# pydantic joins the last two of several values with an English word: 'a', 'b' or 'c'.
_LAST = re.compile(r" or (?=[^ ]+$)")


# Numbers people say (KRZ-2026-0001) stand where a path wants an id.
_PATH_ID = {
    "en": "must be a UUID: what answers call {name}, not the number people say",
    "tr": "UUID olmalı: yanıtlarda {name} adıyla verilen kimlik, insanların söylediği numara değil",
}


class _Known(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "?"


def _rule(error: Mapping[str, Any], language: str) -> tuple[str, str]:
    kind = str(error["type"])
    at = 2 if language == "tr" else 1
    context: Mapping[str, Any] = error.get("ctx") or {}
    if language == "tr" and "expected" in context:
        context = {**context, "expected": _LAST.sub(" ya da ", str(context["expected"]))}
    if kind in _RULES:
        rule = _RULES[kind]
        return rule[0], rule[at].format_map(_Known(context))
    if kind in {"value_error", "assertion_error"}:
        return _own_rule(context.get("error"), language)
    first = kind.split("_", 1)[0]
    if first in _KINDS:
        expected = _KINDS[first][at - 1]
        code = "wrong_type" if kind.endswith("_type") else "wrong_format"
        return code, f"{expected} olmalı" if language == "tr" else f"must be {expected}"
    return kind, "kabul edilmedi" if language == "tr" else "was not accepted"


def _own_rule(error: object, language: str) -> tuple[str, str]:
    """A validator's own ValueError; it may carry `code` and `tr`."""
    turkish = getattr(error, "tr", None)
    text = str(turkish) if language == "tr" and isinstance(turkish, str) else str(error)
    code = getattr(error, "code", None)
    return (code if isinstance(code, str) else "not_allowed"), text


def pointer(location: Sequence[int | str], document: object) -> str:
    """RFC 6901 pointer to a pydantic location, without the names of union branches no document has."""
    parts: list[str] = []
    here: Any = document
    for n, part in enumerate(location):
        if _is_inside(here, part):
            here = here[part]
        elif part == "[key]" or (document is not None and n < len(location) - 1):
            continue
        parts.append(str(part).replace("~", "~0").replace("/", "~1"))
    return "".join(f"/{part}" for part in parts)


def _is_inside(document: Any, part: int | str) -> bool:
    if isinstance(document, dict):
        return part in document
    return isinstance(document, list) and isinstance(part, int) and part < len(cast("list[Any]", document))


def shape_errors(
    errors: Sequence[Mapping[str, Any]], language: str, document: object = None, *, place: str | None = None
) -> tuple[dict[str, str], ...]:
    """`errors` members {pointer, code, detail, in}, at most 50. With `place`, locations start inside it."""
    shown: list[dict[str, str]] = []
    for error in errors[:MAX_ERRORS]:
        location: Sequence[int | str] = error["loc"]
        where = place or (str(location[0]) if location else "body")
        inner = location if place else location[1:]
        code, text = _rule(error, language)
        if where == "path" and str(error["type"]).startswith("uuid"):
            text = _PATH_ID["tr" if language == "tr" else "en"].format(name=location[-1])
        if code == "missing" and error["type"] == "union_tag_not_found":
            context: Mapping[str, Any] = error.get("ctx") or {}
            inner = [*inner, str(context.get("discriminator", "")).strip("'")]
        reason: Mapping[str, Any] = error.get("ctx") or {}
        member = getattr(reason.get("error"), "member", None)
        if isinstance(member, str):  # a rule between members names the one to begin with
            inner = [*inner, member]
        shown.append(
            {
                "pointer": pointer(inner, document if where == "body" else None),
                "code": code,
                "detail": text,
                "in": where,
            }
        )
    return tuple(shown)
