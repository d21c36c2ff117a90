"""Keyset paging: signed opaque cursors and RFC 8288 links; stable while rows are written.

A cursor is bound to its list and filters by its signature, so it can neither be forged nor carried elsewhere.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from pydantic import SecretStr
from starlette.requests import Request

from imece_chassis.http.problems import Problem
from imece_chassis.http.said_once import must_ask_once

MAX_LIMIT = 200
DEFAULT_LIMIT = 50
MAX_CURSOR_CHARS = 1024
_MAC_BYTES = 16


class CursorInvalid(Problem):
    """The cursor was not issued for this list.

    It was cut, changed, or comes from another list or other filters.
    """

    status = 400
    tr = "Sayfa imleci bu listeye ait değil"
    cause_en = (
        "The cursor was cut or changed, or comes from another list, other filters or another installation."
    )
    cause_tr = "İmleç kesilmiş, değiştirilmiş ya da başka bir listeden, süzgeçten veya kurulumdan."
    fix_en = "Start again without a cursor and follow the links as they are."
    fix_tr = "İmleçsiz yeniden başlayın ve bağlantıları olduğu gibi izleyin."


@dataclass(frozen=True, slots=True)
class Page:
    """What a list needs: at most `limit` rows after the position (sort key, id), or from the start."""

    limit: int
    after: tuple[Any, ...] | None


class Cursors:
    """Makes and checks the cursors of one list, under a deployment secret."""

    def __init__(self, secret: str | bytes | SecretStr, name: str) -> None:
        text = secret.get_secret_value() if isinstance(secret, SecretStr) else secret
        raw = text.encode() if isinstance(text, str) else text
        # A key of its own, so that a signature made here is worth nothing anywhere else.
        self._key = hmac.digest(raw, f"paging cursor {name}".encode(), hashlib.sha256)

    def encode(self, position: Sequence[Any], filters: str = "") -> str:
        """An opaque cursor for the row at `position`; times and ids travel as text."""
        payload = json.dumps(list(position), ensure_ascii=False, separators=(",", ":"), default=str).encode()
        return base64.urlsafe_b64encode(self._mac(payload, filters) + payload).decode().rstrip("=")

    def decode(self, cursor: str, filters: str = "") -> tuple[Any, ...]:
        """The position as JSON values. Raises CursorInvalid unless issued for this list and these filters."""
        if len(cursor) > MAX_CURSOR_CHARS or not cursor.isascii():
            raise CursorInvalid
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise CursorInvalid from None
        mac, payload = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        # Re-encoding refuses the spare bits of the last character: one position, one text.
        is_canonical = base64.urlsafe_b64encode(raw).decode().rstrip("=") == cursor
        if not (hmac.compare_digest(mac, self._mac(payload, filters)) and is_canonical):
            raise CursorInvalid
        return tuple(cast("list[Any]", json.loads(payload)))

    def page(self, cursor: str | None, limit: int = DEFAULT_LIMIT, filters: str = "") -> Page:
        """The page asked for; `limit` is cut to 1..200."""
        return Page(max(1, min(limit, MAX_LIMIT)), self.decode(cursor, filters) if cursor else None)

    def _mac(self, payload: bytes, filters: str) -> bytes:
        return hmac.digest(self._key, filters.encode() + b"\0" + payload, hashlib.sha256)[:_MAC_BYTES]


def filters_of(request: Request, *paging: str) -> str:
    """The query without `cursor` and `limit`, in one order: what a cursor is bound to.

    Raises ParameterTwice.
    """
    must_ask_once(request)
    skipped = {"cursor", "limit", *paging}
    return urlencode(
        sorted((name, value) for name, value in request.query_params.multi_items() if name not in skipped)
    )


def link_header(request: Request, cursors: Mapping[str, str | None]) -> str:
    """The Link header of {"next": cursor, "first": "", …}; None leaves a relation out, "" means no cursor."""
    links: list[str] = []
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    for relation, cursor in cursors.items():
        if cursor is None:
            continue
        query = urlencode([*kept, *([("cursor", cursor)] if cursor else [])])
        links.append(f'<{request.url.path}{"?" + query if query else ""}>; rel="{relation}"')
    return ", ".join(links)
