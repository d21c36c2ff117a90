"""Strong entity tags from versions, and the preconditions If-Match (428, 412) and If-None-Match (304).

A tag is the version of the row a resource is named after; where more than this row is shown, a digest of what
is shown follows after a dot. If-Match then compares the version alone, If-None-Match all of it.
"""

import re
import zlib
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from imece_chassis.answers import Answer
from imece_chassis.http.problems import Problem
from imece_chassis.http.responses import respond

_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')

NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "Not modified"}}
"""For the `responses=` of a route that answers with an entity tag."""


class PreconditionRequired(Problem):
    """Send If-Match with the version you saw.

    The change would otherwise overwrite what somebody else did since you read the resource.
    """

    status = 428
    tr = "Gördüğünüz sürümü If-Match ile gönderin"
    cause_en = "The change would otherwise overwrite what somebody else did since you read the resource."
    cause_tr = "Değişiklik, siz okuduktan sonra başkasının yaptığının üzerine yazabilirdi."
    fix_en = "Read the resource and send its ETag in If-Match."
    fix_tr = "Kaydı okuyun ve ETag değerini If-Match ile gönderin."


class PreconditionFailed(Problem):
    """The resource has changed since you read it."""

    status = 412
    tr = "Kayıt siz okuduktan sonra değişti"
    cause_en = "If-Match names a version that is no longer the newest; nothing was changed."
    cause_tr = "If-Match, en yeni olmayan bir sürümü gösteriyor; hiçbir şey değişmedi."
    fix_en = "Read it again, apply your change to what is there now, and send the new ETag."
    fix_tr = "Yeniden okuyun, değişikliğinizi güncel hâline uygulayın ve yeni ETag ile gönderin."

    @classmethod
    def at(cls, version: int | str) -> "PreconditionFailed":
        """With the tag to be sent instead, once what it names was read."""
        return cls(headers=(("etag", etag(version)),))


class IfMatchInvalid(Problem):
    """The If-Match header cannot be read."""

    status = 400
    tr = "If-Match başlığı okunamıyor"
    cause_en = "If-Match takes entity tags as they came, and what was sent is no list of them."
    cause_tr = "If-Match, alınan etiketleri olduğu gibi ister; gönderilen böyle bir liste değil."
    fix_en = 'Send the ETag of your last read with its quotes, as If-Match: "7".'
    fix_tr = 'Son okumadaki ETag değerini tırnaklarıyla gönderin: If-Match: "7".'
    detail_en = 'Send the ETag as it was received, in its quotes: If-Match: "7", several with commas, or *.'
    detail_tr = (
        'ETag\'i alındığı gibi, tırnaklarıyla gönderin: If-Match: "7"; birkaçını virgülle ya da * ile.'
    )


def etag(version: int | str) -> str:
    """A strong tag: "7"."""
    return f'"{version}"'


def respond_unless_known(request: Request, answer: Answer, version: int) -> Response:
    """The answer with the tag of version and body, or 304 without a body when the reader has it already."""
    tag = f"{version}.{zlib.crc32(answer.body):08x}"
    headers = {"etag": etag(tag), "cache-control": "private, no-cache", "vary": "accept-language"}
    if is_not_modified(request, tag):
        return Response(status_code=304, headers=headers)
    response = respond(answer)
    response.headers.update(headers)
    return response


def stated_versions(request: Request) -> frozenset[str] | None:
    """The versions If-Match allows a command to start from, digests left off; None for any.

    Raises IfMatchInvalid.
    """
    header = _joined(request, "if-match")
    if header is None or header.strip() == "*":
        return None
    return frozenset(tag.strip('"').partition(".")[0] for tag in _tags(header) if tag[:2] != "W/")


def weak_etag(version: int | str) -> str:
    """A tag for what means the same but may differ in its bytes: W/"7"."""
    return f"W/{etag(version)}"


def check_match(request: Request, version: int | str, *, is_required: bool = True) -> None:
    """Raises PreconditionRequired without If-Match (when required), PreconditionFailed if it is another's,
    IfMatchInvalid if it is no list of tags."""
    header = _joined(request, "if-match")
    if header is None:
        if is_required:
            raise PreconditionRequired
        return
    # Strong comparison: a weak tag never matches.
    if header.strip() != "*" and etag(version) not in _tags(header):
        raise PreconditionFailed.at(version)


def is_not_modified(request: Request, version: int | str) -> bool:
    """True when If-None-Match names this version (weak comparison): answer 304 without a body."""
    header = _joined(request, "if-none-match")
    if header is None:
        return False
    tags = {tag.removeprefix("W/") for tag in _TAG.findall(header)}
    return header.strip() == "*" or etag(version) in tags


def _tags(header: str) -> list[str]:
    tags = _TAG.findall(header)
    if not tags or _TAG.sub("", header).strip(" \t,"):
        raise IfMatchInvalid
    return tags


def _joined(request: Request, name: str) -> str | None:
    values = request.headers.getlist(name)
    return ", ".join(values) if values else None
