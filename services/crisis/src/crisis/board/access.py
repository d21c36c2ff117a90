"""Who may read boards: everybody, or holders of a key with `crisis:board:read`.

A stream lives for minutes, so its right to be there is asked again every few seconds, from memory only.
"""

import time
from collections.abc import Callable
from typing import Any

from starlette.requests import Request

from imece_chassis.http.callers import Public, Require, public, require
from imece_chassis.http.problems import Problem

SCOPE = "crisis:board:read"
RECHECK_SECONDS = 4.0
"""A revoked key must be gone from every stream within five."""

MayStay = Callable[[], bool]


def reading(board_access: str) -> Require | Public:
    """What every board route declares: public for an "open" board, otherwise a key with the scope."""
    return public if board_access == "open" else require(SCOPE)


async def admit(auth: Require | Public, request: Request) -> MayStay:
    """Let a request in, or raise the 401, 403 or 503 problem. The result says whether it may stay."""
    if isinstance(auth, Public):
        return _always
    await auth(request)
    return _Holder(auth, request)


def _always() -> bool:
    return True


class _Holder:
    """A key that has been accepted once."""

    def __init__(self, auth: Require, request: Request) -> None:
        self._auth = auth
        self._request = request
        self._asked_at = time.monotonic()

    def __call__(self) -> bool:
        now = time.monotonic()
        if now - self._asked_at < RECHECK_SECONDS:
            return True
        self._asked_at = now
        # The copy of credentials is in memory: authorising ends in one step. If it ever had to wait, or if
        # the copy is only too old to judge, the stream stays and the next question decides.
        step: Any = self._auth(self._request)
        try:
            step.send(None)
        except StopIteration:
            return True
        except Problem as refusal:
            return refusal.status not in {401, 403}
        step.close()
        return True
