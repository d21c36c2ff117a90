"""What the document says of answers beside their bodies: the codes any operation may meet, and headers."""

from typing import Any

_TEXT = {"type": "string"}
_SECONDS = {"type": "integer", "minimum": 0}

RETRY_AFTER: dict[str, Any] = {"description": "Seconds to wait before sending it again.", "schema": _SECONDS}
WWW_AUTHENTICATE: dict[str, Any] = {"description": "Bearer, with what is wrong.", "schema": _TEXT}
LOCATION: dict[str, Any] = {
    "description": "Path of what was made, where it has one of its own.",
    "schema": _TEXT,
}
REPLAYED: dict[str, Any] = {
    "description": "`true` when this is the stored answer of an earlier request with the same key.",
    "schema": _TEXT,
}
LINK: dict[str, Any] = {"description": 'The next page, with rel="next", while there is one.', "schema": _TEXT}

_KEY = {
    "400": ("idempotency_key_required", "idempotency_key_invalid"),
    "409": ("idempotency_key_running",),
    "422": ("idempotency_key_reused",),
}
_BODY = {
    "400": ("malformed_json",),
    "413": ("body_too_large",),
    "415": ("unsupported_media_type",),
    "422": ("validation_failed",),
}
_CREDENTIALS = {
    "401": ("authentication_required", "key_malformed", "key_unknown", "key_revoked", "key_expired"),
    "403": ("scope_missing", "organisation_not_active"),
}


def codes_of(*, has_auth: bool, has_key: bool, has_body: bool) -> dict[str, tuple[str, ...]]:
    """Codes by status that an operation of this shape may be refused with, beside its own."""
    found: dict[str, tuple[str, ...]] = {}
    for applies, codes in ((has_auth, _CREDENTIALS), (has_key, _KEY), (has_body, _BODY)):
        for status, more in codes.items() if applies else ():
            found[status] = (*found.get(status, ()), *more)
    return found


def headers_of(status: str, *, has_key: bool, has_pages: bool) -> dict[str, dict[str, Any]]:
    """Headers that an answer with this status carries."""
    headers: dict[str, dict[str, Any]] = {}
    if status in {"429", "503"} or (status == "409" and has_key):
        headers["Retry-After"] = RETRY_AFTER
    if status == "401":
        headers["WWW-Authenticate"] = WWW_AUTHENTICATE
    if status == "201":
        headers["Location"] = LOCATION
    if has_key and status in {"200", "201", "202"}:
        headers["Idempotent-Replayed"] = REPLAYED
    if has_pages and status == "200":
        headers["Link"] = LINK
    return headers
