"""Who may call a route: `require(scope)` as FastAPI dependency and for lean routes, `public` for the rest.

Every route declares exactly one of them; the scope ends up in the OpenAPI document.
"""

from typing import Annotated, Any

from fastapi import Depends
from starlette.requests import Request

from imece_chassis.access.caller import Caller, CredentialSource, Grant

__all__ = ["Caller", "CredentialSource", "Grant", "Public", "Require", "public", "require"]


class Require:
    """Callable dependency: the Caller with `scope`, or a 401/403/503 problem."""

    def __init__(self, scope: str, *, administrative: bool = False) -> None:
        self.scope = scope
        self.administrative = administrative

    async def __call__(self, request: Request) -> Caller:
        """The authenticated caller; also what a lean route awaits."""
        return await request.app.state.access.authorise(request, self.scope, self.administrative)


class Public:
    """Marks a route that needs no credentials; it does nothing else."""

    async def __call__(self) -> None:
        return None


def require(scope: str, administrative: bool = False) -> Require:
    """`caller: Caller = Depends(require("registry:read"))`. Administrative routes refuse a stale credential copy."""
    return Require(scope, administrative=administrative)


public = Public()
"""`dependencies=[Depends(public)]` on a route or router that everybody may call."""

AnyRequest = Annotated[Any, Depends(public)]
