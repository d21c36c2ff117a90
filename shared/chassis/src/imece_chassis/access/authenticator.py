"""From an Authorization header to a Caller: checksum, keyed digest, look-up, state, scope, age of the copy.

Never fails open: without a usable copy every key is refused, and administrative scopes need a fresh one.
Key material is never logged or echoed.
"""

from collections.abc import Awaitable, Sequence
from dataclasses import replace

from prometheus_client import Counter
from pydantic import SecretStr
from starlette.requests import Request

from imece_chassis.access import keys
from imece_chassis.access.caller import Caller, CredentialSource, is_write_scope
from imece_chassis.access.deny import DenyList
from imece_chassis.clock import Clock, SystemClock
from imece_chassis.http.problems import Problem

STALE_AFTER_SECONDS = 5.0
REFUSED_AFTER_MINUTES = 24 * 60
REALM = 'Bearer realm="api"'

_refused = Counter("access_refusals_total", "Requests refused for their credentials, by reason.", ["reason"])


class _Unauthenticated(Problem):
    """The credentials are not accepted."""

    status = 401
    tr = "Kimlik bilgisi kabul edilmedi"

    def __init__(self) -> None:
        super().__init__(headers=(("www-authenticate", f'{REALM}, error="invalid_token"'),))


class AuthenticationRequired(Problem):
    """An API key is required."""

    status = 401
    tr = "API anahtarı gerekli"
    detail_en = "Send it as Authorization: Bearer imc_…"
    detail_tr = "Authorization: Bearer imc_… biçiminde gönderin"

    def __init__(self) -> None:
        super().__init__(headers=(("www-authenticate", REALM),))


class KeyMalformed(_Unauthenticated):
    """This is not an API key; a character is wrong or missing."""

    tr = "Bu bir API anahtarı değil; bir karakter yanlış ya da eksik"


class KeyUnknown(_Unauthenticated):
    """This API key is not known."""

    tr = "Bu API anahtarı tanınmıyor"
    detail_en = "A new key works everywhere within seconds: repeat the request that long."
    detail_tr = "Yeni anahtar saniyeler içinde her yerde geçer: isteği o süre boyunca yineleyin."
    fix_en = "If the key is new, repeat the request for ten seconds; else send a key that is known here."
    fix_tr = "Anahtar yeniyse isteği on saniye yineleyin; değilse burada tanınan bir anahtar gönderin."


class KeyRevoked(_Unauthenticated):
    """This API key has been revoked."""

    tr = "Bu API anahtarı iptal edilmiş"


class KeyExpired(_Unauthenticated):
    """This API key has expired."""

    tr = "Bu API anahtarının süresi dolmuş"


class ScopeMissing(Problem):
    """The API key lacks the scope this needs."""

    status = 403
    tr = "API anahtarında gereken kapsam yok"
    detail_en = "Needed: {scope}"
    detail_tr = "Gereken: {scope}"


class OrganisationNotActive(Problem):
    """The organisation may read but not act."""

    status = 403
    tr = "Kurum okuyabilir ama işlem yapamaz"
    detail_en = "Its state is {state}."
    detail_tr = "Durumu: {state}."


class CredentialsStale(Problem):
    """Credentials cannot be checked well enough right now."""

    status = 503
    tr = "Kimlik bilgileri şu anda yeterince denetlenemiyor"
    detail_en = "The local copy of keys and grants is too old; nothing was done."
    detail_tr = "Anahtar ve yetkilerin yerel kopyası eski; hiçbir işlem yapılmadı."

    def __init__(self) -> None:
        super().__init__(retry_after=5)


class Authenticator:
    """Set as `app.state.access`. Several peppers, the current one first, let them be rotated.

    Knowledge older than `refused_after_minutes` refuses every key.
    """

    def __init__(
        self,
        source: CredentialSource,
        pepper: str | SecretStr | Sequence[str | SecretStr],
        *,
        refused_after_minutes: float = REFUSED_AFTER_MINUTES,
        denied: DenyList | None = None,
        clock: Clock | None = None,
    ) -> None:
        peppers = [pepper] if isinstance(pepper, str | SecretStr) else list(pepper)
        self.source = source
        self.denied = DenyList.from_environment() if denied is None else denied
        self._peppers = [
            (each.get_secret_value() if isinstance(each, SecretStr) else each).encode() for each in peppers
        ]
        self._refused_after_seconds = refused_after_minutes * 60.0
        self._clock = clock or SystemClock()

    async def is_usable(self) -> None:
        """Readiness check: fails while every key is refused, because the age of the copy is unknown or too
        high.
        """
        if not self.source.age_seconds <= self._refused_after_seconds:
            raise CredentialsStale

    async def authorise(self, request: Request, scope: str, administrative: bool = False) -> Caller:
        """The caller with `scope`. Raises the 401, 403 and 503 problems of this module."""
        try:
            caller = await self.authenticate(request)
            self._check(caller, scope, administrative)
        except Problem as refusal:
            _refused.labels(refusal.code).inc()
            raise
        return caller

    async def authenticate(self, request: Request) -> Caller:
        """The holder of the key, whatever its scopes. Raises the 401 problems and CredentialsStale."""
        key = _bearer(request)
        if not keys.is_wellformed(key):
            raise KeyMalformed
        await self.is_usable()
        caller = await self._find(key)
        now = self._clock.now()
        if caller is None:
            raise KeyUnknown
        request.state.caller = caller  # refused or not: the access line says whose key it was
        if caller.revoked_at is not None or self.denied.contains(caller):
            raise KeyRevoked
        if caller.expires_at is not None and caller.expires_at <= now:
            raise KeyExpired
        if any(grant.is_limited_in_time for grant in caller.grants):
            caller = replace(caller, asked_at=now)
            request.state.caller = caller
        return caller

    async def _find(self, key: str) -> Caller | None:
        for pepper in self._peppers:
            found = self.source.lookup(keys.digest(pepper, key))
            if isinstance(found, Awaitable):
                found = await found
            if found is not None:
                return found
        return None

    def _check(self, caller: Caller, scope: str, administrative: bool) -> None:
        if scope not in caller.scopes:
            raise ScopeMissing(scope=scope)
        if is_write_scope(scope) and not caller.is_organisation_active:
            raise OrganisationNotActive(state=caller.organisation_state)
        if administrative and not self.source.age_seconds <= STALE_AFTER_SECONDS:
            raise CredentialsStale


def _bearer(request: Request) -> str:
    header = request.headers.get("authorization", "")
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise AuthenticationRequired
    return token.strip()
