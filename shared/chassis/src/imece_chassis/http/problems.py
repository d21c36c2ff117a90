"""Problem details (RFC 9457): errors are classes with facts, rendered once, in the caller's language.

Any exception with `status`, `tr` and `facts` is a Refusal, so a pure domain needs nothing from here. What
is no Refusal becomes a bare 500: no stack, no statement, no foreign name ever leaves.
"""

import json
import re
import string
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Protocol, cast, runtime_checkable

from imece_chassis.answers import Answer

CONTENT_TYPE = "application/problem+json"
RESERVED = frozenset({"type", "title", "status", "detail", "instance", "code", "request_id", "errors"})
_IN_UTC = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d[\d:.]*)\+00:00", re.ASCII)
OTHERWISE: Mapping[str, str] = {"state": "present_state"}
"""Facts that leave under another name: every success has a `state`, and no refusal may be read as one."""


@runtime_checkable
class Refusal(Protocol):
    """An expected error. The docstring is the English title, `tr` the Turkish one; `facts` become members."""

    status: Any
    tr: Any
    facts: Any


class Problem(Exception):
    """Unexpected problem."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "problem"
    tr: ClassVar[str] = "Beklenmeyen bir sorun oluştu"
    detail_en: ClassVar[str] = ""
    detail_tr: ClassVar[str] = ""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if "code" not in cls.__dict__:
            cls.code = snake_case(cls.__name__)

    def __init__(
        self, *, retry_after: int | None = None, headers: Sequence[tuple[str, str]] = (), **facts: Any
    ) -> None:
        super().__init__(self.code)
        self.facts: dict[str, Any] = facts
        self.headers = tuple(headers)
        if retry_after is not None:
            self.retry_after = retry_after


def snake_case(name: str) -> str:
    """GapExceeded → gap_exceeded."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def is_refusal(exc: object) -> bool:
    """True for exceptions (or exception classes) an edge may show: status 4xx or 503, title, facts."""
    status = getattr(exc, "status", None)
    return isinstance(status, int) and 400 <= status <= 599 and isinstance(getattr(exc, "tr", None), str)


def code_of(refusal: object) -> str:
    """The machine-readable code: `code`, or the class name in snake_case."""
    kind: type[Any] = refusal if isinstance(refusal, type) else type(refusal)
    code = getattr(refusal, "code", None)
    return code if isinstance(code, str) else snake_case(kind.__name__)


def title_of(refusal: object, language: str) -> str:
    """English title from the first docstring line, Turkish from `tr`; both without a final full stop."""
    kind: type[Any] = refusal if isinstance(refusal, type) else type(refusal)
    if language == "tr":
        return str(getattr(kind, "tr", "")).rstrip(".")
    text = (kind.__dict__.get("__doc__") or kind.__name__).strip()
    return text.splitlines()[0].rstrip(".")


def cause_of(refusal: object, language: str) -> str:
    """Why such a refusal comes: `cause_tr` or `cause_en`, in English else the docstring after its first line;
    the title where nobody wrote one."""
    kind: type[Any] = refusal if isinstance(refusal, type) else type(refusal)
    written = getattr(kind, "cause_tr" if language == "tr" else "cause_en", "")
    if not written and language != "tr":
        lines = (kind.__dict__.get("__doc__") or "").strip().splitlines()[1:]
        written = " ".join(line.strip() for line in lines if line.strip())
    return written or title_of(kind, language) + "."


class _Lenient(string.Formatter):
    """Formats with what is there; a fact that is missing shows as its own name."""

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        return kwargs.get(str(key), f"{{{key}}}")


_formatter = _Lenient()


def detail_of(refusal: object, language: str) -> str:
    """The instance's own `detail`, else the language's template with the facts filled in, else the cause.

    Times in UTC end in Z, wherever they stand in the sentence.
    """
    ready = getattr(refusal, "detail", None)
    if isinstance(ready, str):
        return in_zulu(ready)
    template = getattr(refusal, "detail_tr" if language == "tr" else "detail_en", "") or ""
    if not template:
        return cause_of(refusal, language)
    return in_zulu(_formatter.vformat(template, (), _spoken(refusal, language)))


def _spoken(refusal: object, language: str) -> Mapping[str, Any]:
    """The facts as a sentence names them: a refusal may have `spoken(language)` for those that are codes."""
    spoken = getattr(refusal, "spoken", None)
    facts = spoken(language) if callable(spoken) else getattr(refusal, "facts", {})
    return cast("Mapping[str, Any]", facts)


def in_zulu(text: str) -> str:
    """The text with every time in UTC ending in Z, as in every answer."""
    return _IN_UTC.sub(r"\1Z", text)


def _written(fact: Any) -> Any:
    """A fact as it leaves: times in UTC end in Z, also inside lists and objects."""
    if isinstance(fact, str):
        return in_zulu(fact)
    if isinstance(fact, Mapping):
        return {name: _written(each) for name, each in cast("Mapping[str, Any]", fact).items()}
    if isinstance(fact, list | tuple):
        return [_written(each) for each in cast("Sequence[Any]", fact)]
    return fact


def members_of(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts under the names they have in the document, where none of its own members gives way."""
    return {
        OTHERWISE.get(name, name): _written(value) for name, value in facts.items() if name not in RESERVED
    }


def type_of(code: str) -> str:
    """The problem's type: a relative URI that answers with its page."""
    return "/problems/" + code.replace("_", "-")


class NotFound(Problem):
    """There is nothing here for you."""

    status = 404
    tr = "Burada sizin için bir kayıt yok"
    cause_en = (
        "No record under this id is visible to you: it does not exist, it belongs to others, or the path is"
        " wrong."
    )
    cause_tr = "Bu kimlikle size görünen bir kayıt yok: hiç yok, başkasına ait ya da yol yanlış."
    fix_en = "Check the id and the path; what belongs to others answers like what does not exist."
    fix_tr = "Kimliği ve yolu denetleyin; başkasına ait kayıt, olmayan kayıt gibi yanıtlanır."


class InternalError(Problem):
    """Something went wrong on our side."""

    status = 500
    tr = "Bizim tarafımızda bir hata oluştu"
    cause_en = "A fault of ours that was not foreseen; it is recorded under the request id."
    cause_tr = "Öngörülmemiş bir hatamız; istek numarasıyla kaydedildi."


def render(
    exc: BaseException,
    language: str,
    request_id: str | None,
    instance: str | None,
    errors: Sequence[Mapping[str, str]] = (),
) -> Answer:
    """The problem document of a Refusal; of InternalError for every other exception."""
    refusal: Any = exc if is_refusal(exc) else InternalError()
    code, status = code_of(refusal), int(refusal.status)
    document: dict[str, Any] = {
        "type": type_of(code),
        "title": title_of(refusal, language),
        "status": status,
        "detail": detail_of(refusal, language),
        "code": code,
    }
    if instance is not None:
        document["instance"] = instance
    if request_id is not None:
        document["request_id"] = request_id
    found = errors or getattr(refusal, "errors", ())
    if found:
        document["errors"] = list(found)
    facts: Mapping[str, Any] = getattr(refusal, "facts", {})
    document.update(members_of(facts))
    headers = [("content-type", CONTENT_TYPE), ("content-language", language)]
    retry_after = getattr(refusal, "retry_after", None)
    if retry_after is not None:
        headers.append(("retry-after", str(retry_after)))
    headers.extend(getattr(refusal, "headers", ()))
    return Answer(
        status,
        json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=str).encode(),
        tuple(headers),
    )


def problem_responses(*classes: type[BaseException]) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of a route: one entry per status, listing the codes that may come with it."""
    found: dict[int | str, dict[str, Any]] = {}
    for kind in classes:
        register(kind)
        status = int(cast(Any, kind).status)
        entry = found.setdefault(status, {"description": "", "content": {CONTENT_TYPE: {}}})
        entry["description"] = " · ".join(filter(None, (entry["description"], code_of(kind))))
    return found


_known: dict[str, type[BaseException]] = {}


def register(*classes: type[BaseException]) -> None:
    """Make problem classes known to /problems/{code} and to the errors document."""
    _known.update({code_of(kind): kind for kind in classes})


def known() -> dict[str, type[BaseException]]:
    """Every registered class and every Problem subclass, by code."""
    found: dict[str, type[BaseException]] = {}
    waiting: list[type[BaseException]] = list(Problem.__subclasses__())
    while waiting:
        kind = waiting.pop()
        waiting.extend(kind.__subclasses__())
        if not kind.__name__.startswith("_"):
            found[code_of(kind)] = kind
    return dict(sorted({**found, **_known}.items()))


def refusals_in(*modules: object) -> Iterable[type[BaseException]]:
    """Every Refusal class defined in the given modules, to be registered by the composition root."""
    for module in modules:
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, BaseException) and is_refusal(value):
                yield value
