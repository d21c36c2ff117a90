"""From an Authorization header to a Caller: checksum, keyed digest, look-up, state, scope, age of the copy."""

from collections.abc import Collection

from starlette.requests import Request

from imece_chassis.access.caller import Caller, CredentialSource

STALE_AFTER_SECONDS = 5.0
REFUSED_AFTER_SECONDS = 15 * 60.0


class Authenticator:
    """Set as `app.state.access`. `denied` are key ids or organisation ids an operator has shut out by hand."""

    def __init__(self, source: CredentialSource, pepper: str, *, denied: Collection[str] = ()) -> None:
        self.source = source
        self.denied = frozenset(denied)
        self._pepper = pepper.encode()

    async def authorise(self, request: Request, scope: str, administrative: bool = False) -> Caller:
        """The caller with `scope`. Raises the 401, 403 and 503 problems of this module."""
        raise NotImplementedError
