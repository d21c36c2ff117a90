"""/problems and /problems/{code}: cause, fix and example of every problem, generated from its class.

JSON for programs, pages for browsers, and one Markdown document of all of them.
"""

import string
from collections.abc import Iterable, Mapping
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from imece_chassis.http import problems
from imece_chassis.http.problem_html import CONTENT_SECURITY_POLICY, all_problems, one_problem
from imece_chassis.http.problems import NotFound, cause_of, code_of, title_of, type_of
from imece_chassis.http.responses import language_of

_FIXES: Mapping[int, tuple[str, str]] = {
    400: (
        "Correct the request and send it again; nothing was stored.",
        "İsteği düzeltip yeniden gönderin; hiçbir şey kaydedilmedi.",
    ),
    401: (
        "Send a valid key in the Authorization header.",
        "Authorization başlığında geçerli bir anahtar gönderin.",
    ),
    403: (
        "Ask for the right that is named, or use another key.",
        "Adı geçen yetkiyi isteyin ya da başka anahtar kullanın.",
    ),
    404: (
        "Check the id; what belongs to others answers like what does not exist.",
        "Kimliği denetleyin; başkasına ait kayıt, olmayan kayıt gibi yanıtlanır.",
    ),
    405: ("Use one of the methods in the Allow header.", "Allow başlığındaki yöntemlerden birini kullanın."),
    409: (
        "Read the present state and decide anew; a new command takes a new Idempotency-Key.",
        "Bugünkü durumu okuyup yeniden karar verin; yeni komut yeni bir Idempotency-Key ister.",
    ),
    413: ("Send less at once.", "Bir seferde daha az gönderin."),
    415: ("Use the content type the document names.", "Belgede adı geçen içerik türünü kullanın."),
    422: (
        "Correct what is named and send it again; the corrected command takes a new Idempotency-Key.",
        "Adı geçeni düzeltip yeniden gönderin; düzeltilmiş komut yeni bir Idempotency-Key ister.",
    ),
    429: (
        "Wait as long as Retry-After says; the key is still free.",
        "Retry-After kadar bekleyin; anahtarınız hâlâ boş.",
    ),
    500: (
        "Send the same request with the same key again; if it stays, tell us the request id.",
        "Aynı isteği aynı anahtarla yeniden gönderin; sürerse istek numarasını bize bildirin.",
    ),
    503: (
        "Wait as long as Retry-After says, then send the same request with the same key.",
        "Retry-After kadar bekleyip aynı isteği aynı anahtarla gönderin.",
    ),
}


def describe(kind: type[BaseException]) -> dict[str, Any]:
    """What the page shows of one class: title, cause and fix in tr and en, its facts and an example."""
    source = cast(Any, kind)
    status = int(source.status)
    fix_en, fix_tr = _FIXES.get(status, _FIXES[400 if status < 500 else 503])
    return {
        "code": code_of(kind),
        "type": type_of(code_of(kind)),
        "status": status,
        "title": {language: title_of(kind, language) for language in ("tr", "en")},
        "cause": {language: cause_of(kind, language) for language in ("tr", "en")},
        "fix": {
            "tr": str(getattr(kind, "fix_tr", fix_tr)),
            "en": str(getattr(kind, "fix_en", fix_en)),
        },
        "facts": sorted(problems.members_of(dict.fromkeys(_named(kind) | _given(kind).keys()))),
        "example": _example(kind),
    }


def _named(kind: type[BaseException]) -> set[str]:
    """The facts the sentences of both languages name."""
    return {
        name
        for template in (getattr(kind, "detail_en", ""), getattr(kind, "detail_tr", ""))
        for _, name, _, _ in string.Formatter().parse(template or "")
        if name
    }


def _given(kind: type[BaseException]) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", getattr(kind, "example", {}))


def _example(kind: type[BaseException]) -> dict[str, Any]:
    """A document of this type with the facts of the class's `example`; without all of them its cause."""
    given = _given(kind)
    template = str(getattr(kind, "detail_en", "") or "")
    is_whole = bool(template) and _named(kind) <= given.keys()
    return {
        "type": type_of(code_of(kind)),
        "title": title_of(kind, "en"),
        "status": int(cast(Any, kind).status),
        "detail": template.format_map(given) if is_whole else cause_of(kind, "en"),
        "code": code_of(kind),
        "request_id": "0199c2d4-7b1e-7c3a-9a55-2f0c7b3d1e42",
        **problems.members_of(given),
    }


async def problem_page(request: Request) -> Response:
    """The page of one code; JSON unless a browser asks."""
    code = request.path_params["code"].replace("-", "_")
    kind = problems.known().get(code)
    if kind is None:
        raise NotFound
    shown = describe(kind)
    headers = {"cache-control": "public, max-age=3600", "vary": "accept, accept-language"}
    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse(shown, headers=headers)
    language = language_of(request)
    return _page(one_problem(shown, language), language, headers)


async def problem_list(request: Request) -> Response:
    """The codes this service answers with, each with its title; JSON unless a browser asks."""
    shown = [describe(kind) for kind in problems.known().values()]
    headers = {"cache-control": "public, max-age=3600", "vary": "accept, accept-language"}
    if "text/html" not in request.headers.get("accept", ""):
        items = [{name: each[name] for name in ("code", "type", "status", "title")} for each in shown]
        return JSONResponse({"items": items}, headers=headers)
    language = language_of(request)
    return _page(all_problems(shown, language), language, headers)


def _page(text: str, language: str, headers: Mapping[str, str]) -> Response:
    own = {"content-language": language, "content-security-policy": CONTENT_SECURITY_POLICY}
    return HTMLResponse(text, headers={**headers, **own})


def errors_markdown(classes: Iterable[type[BaseException]] | None = None) -> str:
    """docs/errors.md: one section per code, in the order of the codes. Without classes: every known one."""
    kinds = problems.known().values() if classes is None else classes
    shown = sorted((describe(kind) for kind in kinds), key=lambda each: str(each["code"]))
    lines = [
        "# Errors",
        "",
        "Generated from the error classes. Every error is a problem document (RFC 9457) with the members",
        "`type`, `title`, `status`, `detail`, `instance`, `code`, `request_id`, and the facts named below.",
        "",
        "| code | status | title (en) | title (tr) |",
        "|---|---|---|---|",
    ]
    for each in shown:
        link, title = f"[`{each['code']}`](#{each['code']})", each["title"]
        lines.append(f"| {link} | {each['status']} | {title['en']} | {title['tr']} |")
    for each in shown:
        lines += ["", f"## {each['code']}", "", f"`{each['type']}` · {each['status']}", ""]
        lines += [
            f"{each['cause']['en']} {each['fix']['en']}",
            "",
            f"{each['cause']['tr']} {each['fix']['tr']}",
        ]
        if each["facts"]:
            lines += ["", f"Facts: {', '.join(f'`{name}`' for name in each['facts'])}"]
    return "\n".join(lines) + "\n"
