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
KNOWN_AFTER_SECONDS = 5
"""By when a new key has reached the copy of every service, as a revoked one has."""
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
    cause_en = "The request carries no Authorization header, and nothing here is answered without a key."
    cause_tr = "İstekte Authorization başlığı yok; burada anahtarsız yanıt verilmez."
    fix_en = "Send the key as Authorization: Bearer imc_…."
    fix_tr = "Anahtarı Authorization: Bearer imc_… biçiminde gönderin."
    detail_en = "Send it as Authorization: Bearer imc_…"
    detail_tr = "Authorization: Bearer imc_… biçiminde gönderin"

    def __init__(self) -> None:
        super().__init__(headers=(("www-authenticate", REALM),))


class KeyMalformed(_Unauthenticated):
    """This is not an API key; a character is wrong or missing."""

    tr = "Bu bir API anahtarı değil; bir karakter yanlış ya da eksik"
    cause_en = "The last characters of a key check the others, and here they do not agree."
    cause_tr = "Anahtarın son karakterleri öbürlerini denetler; burada uyuşmuyorlar."
    fix_en = "Copy the whole key again, from imc_ to its end, without blanks or line breaks."
    fix_tr = "Anahtarı imc_ ile başlayıp sonuna dek, boşluk ve satır sonu olmadan yeniden kopyalayın."


class KeyUnknown(_Unauthenticated):
    """This API key is not known."""

    tr = "Bu API anahtarı tanınmıyor"
    cause_en = (
        "The key is well formed, but no service has heard of it: it is new, or of another installation."
    )
    cause_tr = "Anahtar doğru yazılmış ama tanınmıyor: çok yeni ya da başka bir kurulumun."
    detail_en = (
        f"A new key works at every service within {KNOWN_AFTER_SECONDS} seconds of its creation: that long,"
        " repeat the request; later the key is wrong."
    )
    detail_tr = (
        f"Yeni bir anahtar, oluşturulduktan sonra {KNOWN_AFTER_SECONDS} saniye içinde her hizmette geçerli"
        " olur: bu süre boyunca isteği yineleyin; daha sonra da tanınmıyorsa anahtar yanlıştır."
    )
    fix_en = (
        f"With a key made less than {KNOWN_AFTER_SECONDS} seconds ago: wait a second and send the same"
        " request again, with the same Idempotency-Key. With any other: send a valid key."
    )
    fix_tr = (
        f"{KNOWN_AFTER_SECONDS} saniyeden yeni bir anahtarla: bir saniye bekleyip aynı isteği aynı"
        " Idempotency-Key ile yineleyin. Başka durumda geçerli bir anahtar gönderin."
    )


class KeyRevoked(_Unauthenticated):
    """This API key has been revoked."""

    tr = "Bu API anahtarı iptal edilmiş"
    cause_en = "Somebody of your organisation or the secretariat ended this key; it works nowhere any more."
    cause_tr = "Kurumunuzdan biri ya da sekretarya bu anahtarı iptal etti; artık hiçbir yerde geçmez."
    fix_en = "Have your organisation's administrator make a new key."
    fix_tr = "Kurum yöneticiniz yeni bir anahtar oluştursun."


class KeyExpired(_Unauthenticated):
    """This API key has expired."""

    tr = "Bu API anahtarının süresi dolmuş"
    cause_en = "The key's last day is over; the key itself is well formed and known."
    cause_tr = "Anahtarın son günü geçti; anahtarın kendisi doğru ve biliniyor."
    fix_en = "Have your organisation's administrator make a new key; the old one does not come back."
    fix_tr = "Kurum yöneticiniz yeni anahtar oluştursun; eskisi geri gelmez."


class ScopeMissing(Problem):
    """The API key lacks the scope this needs."""

    status = 403
    tr = "API anahtarında gereken kapsam yok"
    cause_en = "A key does only what its scopes name, whatever its holder may do otherwise."
    cause_tr = "Anahtar yalnız kapsamlarında yazanı yapar; sahibinin öbür yetkileri sayılmaz."
    fix_en = "Use a key with scope, or have one made that carries it."
    fix_tr = "scope kapsamlı bir anahtar kullanın ya da böyle bir anahtar oluşturun."
    detail_en = "Needed: {scope}"
    detail_tr = "Gereken: {scope}"


class OrganisationNotActive(Problem):
    """The organisation may read but not act."""

    status = 403
    tr = "Kurum okuyabilir ama işlem yapamaz"
    cause_en = "Commands need an organisation in the state active; reading stays possible."
    cause_tr = "Komutlar için kurum etkin olmalı; okumak her zaman olanaklı."
    fix_en = "Ask the secretariat about the state of your organisation."
    fix_tr = "Kurumunuzun durumunu sekretaryaya sorun."
    detail_en = "Its state is {state}."
    detail_tr = "Durumu: {state}."


class CredentialsStale(Problem):
    """Credentials cannot be checked well enough right now."""

    status = 503
    tr = "Kimlik bilgileri şu anda yeterince denetlenemiyor"
    cause_en = "The copy of keys and grants kept here has not been renewed for long, so none can be trusted."
    cause_tr = "Buradaki anahtar ve yetki kopyası uzun süredir yenilenmedi; hiçbirine güvenilemez."
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
