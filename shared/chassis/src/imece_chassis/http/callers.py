"""Who may call a route: `require(scope)` as FastAPI dependency and for lean routes, `public` for the rest.

Every route declares exactly one of them; `declared_auth` finds it, and the OpenAPI document shows it.
"""

from collections.abc import Iterator
from typing import Any, cast

from fastapi.dependencies.models import Dependant
from starlette.requests import Request

from imece_chassis.access.authenticator import Authenticator, ScopeMissing
from imece_chassis.access.caller import Caller, CredentialSource, Grant

__all__ = [
    "Caller",
    "CredentialSource",
    "Grant",
    "Public",
    "Require",
    "declared_auth",
    "public",
    "require",
    "require_either",
]


class Require:
    """Callable dependency: the Caller with `scope` (or the `other` one), or a 401, 403 or 503 problem."""

    def __init__(self, scope: str, other: str | None = None, *, administrative: bool = False) -> None:
        self.scope = scope
        self.other = other
        self.administrative = administrative

    async def __call__(self, request: Request) -> Caller:
        """The authenticated caller; a lean route awaits the same."""
        access = cast(Authenticator, request.app.state.access)
        try:
            return await access.authorise(request, self.scope, self.administrative)
        except ScopeMissing:
            if self.other is None:
                raise
            return await access.authorise(request, self.other, self.administrative)


class Public:
    """Marks a route that needs no credentials; it does nothing else."""

    async def __call__(self) -> None:
        return None


def require(scope: str, administrative: bool = False) -> Require:
    """`caller: Caller = Depends(require("registry:read"))`; administrative: refused by a stale copy."""
    return Require(scope, administrative=administrative)


def require_either(scope: str, other: str) -> Require:
    """For what two sides may do, each with its own scope; whose turn it is decides the command."""
    return Require(scope, other)


public = Public()
"""`dependencies=[Depends(public)]` on a route or router that everybody may call."""


def declared_auth(dependant: Dependant | None) -> Iterator[Require | Public]:
    """Every Require and Public among a route's dependencies, nested ones included."""
    for inner in dependant.dependencies if dependant is not None else ():
        call: Any = inner.call
        if isinstance(call, Require | Public):
            yield call
        yield from declared_auth(inner)
