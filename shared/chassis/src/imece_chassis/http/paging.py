"""Keyset paging: signed opaque cursors and RFC 8288 links; stable while rows are written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from imece_chassis.http.problems import Problem

MAX_LIMIT = 200
DEFAULT_LIMIT = 50


class CursorInvalid(Problem):
    """The cursor was not issued for this list."""

    status = 400
    tr = "Sayfa imleci bu listeye ait değil"


@dataclass(frozen=True, slots=True)
class Page:
    """What a list route needs: how many rows, and after which (sort key, id)."""

    limit: int
    after: tuple[Any, ...] | None


class Cursors:
    """Makes and checks cursors of one list (`name`), bound to its filters, under a secret."""

    def __init__(self, secret: str | bytes, name: str) -> None:
        self._secret = secret.encode() if isinstance(secret, str) else secret
        self._name = name

    def encode(self, position: Sequence[Any], filters: str = "") -> str:
        """An opaque cursor for the row at `position` (sort key, id: JSON values)."""
        raise NotImplementedError

    def decode(self, cursor: str, filters: str = "") -> tuple[Any, ...]:
        """The position. Raises CursorInvalid for anything not issued for this list and these filters."""
        raise NotImplementedError
