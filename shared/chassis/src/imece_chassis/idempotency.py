"""One effect per (scope, key): a repeated command gets the stored answer, byte for byte.

A claim is a transaction-level advisory lock and then a look at the stored answers, so nobody ever waits for
the first caller. An answer is stored in the transaction of its effect; a refusal rolls back and is stored
in a second.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import orjson

from imece_chassis.answers import Answer, json_answer
from imece_chassis.database import Database, Transaction
from imece_chassis.failpoints import afailpoint

__all__ = [
    "Answer",
    "Claim",
    "Fresh",
    "KeyReused",
    "Replay",
    "Request",
    "Reused",
    "Running",
    "StillRunning",
    "answer_once",
    "body_hash",
    "claim_many",
    "is_outcome",
    "json_answer",
    "purge",
    "remember_many",
]

KEPT_DAYS = 7
# Refusals about the caller's rights, rate or what it had read say nothing about the command: the key stays
# free for a better moment.
NO_OUTCOME = frozenset({401, 403, 412, 428, 429})

# Two statements on purpose: the second one's snapshot begins after the locks are held, so it sees every
# answer committed by whoever held a lock before. READ COMMITTED is required for the same reason.
_LOCK = """
SELECT pg_try_advisory_xact_lock(claim.lock) FROM unnest($1::bigint[]) WITH ORDINALITY AS claim (lock, n)
ORDER BY claim.n
"""
# Answers stored for these keys.
_FIND = """
SELECT stored.scope, stored.key, stored.body_hash, stored.status, stored.headers, stored.body
FROM unnest($1::text[], $2::text[]) AS asked (scope, key)
JOIN idempotency AS stored ON stored.scope = asked.scope AND stored.key = asked.key
"""
# No ON CONFLICT: a key stored twice means a claim was skipped, and then the effect must not commit.
_STORE = """
INSERT INTO idempotency (scope, key, body_hash, status, headers, body)
SELECT scope, key, body_hash, status, headers, body
FROM unnest($1::text[], $2::text[], $3::bytea[], $4::integer[], $5::jsonb[], $6::bytea[])
    AS answer (scope, key, body_hash, status, headers, body)
"""
# Oldest answers beyond the promise, a bounded number at a time.
_PURGE = """
DELETE FROM idempotency WHERE ctid = ANY (ARRAY(
    SELECT old.ctid FROM idempotency AS old WHERE old.created_at < now() - make_interval(days => $1) LIMIT $2
))
"""


@dataclass(frozen=True, slots=True)
class Request:
    """`scope` is organisation and route, `key` the client's key, `body_hash` of the body."""

    scope: str
    key: str
    body_hash: bytes

    @property
    def lock(self) -> int:
        """Advisory lock of the key: 64 bits of a hash, signed."""
        name = hashlib.blake2b(f"{self.scope}\0{self.key}".encode(), digest_size=8).digest()
        return int.from_bytes(name, "big", signed=True)


@dataclass(frozen=True, slots=True)
class Fresh:
    """The key is ours in this transaction: do the work and remember its answer."""


@dataclass(frozen=True, slots=True)
class Replay:
    """The work was done before; send this answer."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Running:
    """The first use of the key has not finished; ask again."""


@dataclass(frozen=True, slots=True)
class Reused:
    """The key belongs to another body."""


Claim = Fresh | Replay | Running | Reused


class StillRunning(Exception):
    """The first request with this key is still running."""

    status: ClassVar[int] = 409
    code: ClassVar[str] = "idempotency_key_running"
    tr: ClassVar[str] = "Bu anahtarla gönderilen ilk istek hâlâ işleniyor"
    cause_en: ClassVar[str] = "The first request has not ended yet, so its answer cannot be repeated."
    cause_tr: ClassVar[str] = "İlk istek henüz bitmedi; yanıtı yinelenemez."
    detail_en: ClassVar[str] = "Send the same request with the same key again after a second."
    detail_tr: ClassVar[str] = "Aynı isteği aynı anahtarla bir saniye sonra yeniden gönderin."
    fix_en: ClassVar[str] = (
        "Wait as long as Retry-After says, then send the same body with the same key: the answer of the first"
        " request is stored under it. With another key the command would be done twice."
    )
    fix_tr: ClassVar[str] = (
        "Retry-After kadar bekleyip aynı içeriği aynı anahtarla gönderin: ilk isteğin yanıtı onunla saklanır."
        " Başka bir anahtarla komut iki kez işlenirdi."
    )
    retry_after: ClassVar[int] = 1
    facts: Mapping[str, str] = {}


class KeyReused(Exception):
    """The key was used before with another body."""

    status: ClassVar[int] = 422
    code: ClassVar[str] = "idempotency_key_reused"
    tr: ClassVar[str] = "Bu anahtar daha önce başka bir içerikle kullanıldı"
    cause_en: ClassVar[str] = (
        "A key names one command for ever, and this body is another command than the first."
    )
    cause_tr: ClassVar[str] = "Bir anahtar tek bir komutundur; bu içerik ilkinden başka bir komut."
    detail_en: ClassVar[str] = "A new command needs a new key; a repeated one must carry the same body."
    detail_tr: ClassVar[str] = "Yeni komut yeni anahtar ister; yinelenen komutun içeriği aynı olmalıdır."
    fix_en: ClassVar[str] = (
        "To hear the answer of the first request, send its body with this key; to command something else,"
        " mint a key."
    )
    fix_tr: ClassVar[str] = (
        "İlk isteğin yanıtı için o içeriği bu anahtarla gönderin; başka bir komut için yeni anahtar üretin."
    )
    facts: Mapping[str, str] = {}


def body_hash(body: bytes) -> bytes:
    """SHA-256 of a JSON body in canonical form (sorted names, no spaces); of the bytes if it is not JSON."""
    try:
        canonical = orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        canonical = body
    return hashlib.sha256(canonical).digest()


def is_outcome(status: int) -> bool:
    """Whether an answer with this status may be stored and replayed."""
    return 200 <= status < 500 and status not in NO_OUTCOME


async def claim_many(tx: Transaction, requests: Sequence[Request]) -> list[Claim]:
    """Claim a batch in two statements; one Claim per request, in order. Nothing here waits or raises.

    A key twice in one batch is Fresh once; the others are Running (same body) or Reused, so there is one
    effect and the repeat gets the stored answer.
    """
    if not requests:
        return []
    locked = [bool(row[0]) for row in await tx.fetch(_LOCK, [request.lock for request in requests])]
    found = await tx.fetch(
        _FIND, [request.scope for request in requests], [request.key for request in requests]
    )
    stored = {
        (row["scope"], row["key"]): (
            bytes(row["body_hash"]),
            _answer(row["status"], row["headers"], row["body"]),
        )
        for row in found
    }
    first: dict[tuple[str, str], bytes] = {}
    return [
        _claim(request, is_locked, stored, first) for request, is_locked in zip(requests, locked, strict=True)
    ]


def _claim(
    request: Request,
    is_locked: bool,
    stored: Mapping[tuple[str, str], tuple[bytes, Answer]],
    first: dict[tuple[str, str], bytes],
) -> Claim:
    name = (request.scope, request.key)
    if name in stored:
        known_hash, answer = stored[name]
        return Replay(answer) if known_hash == request.body_hash else Reused()
    if not is_locked:
        return Running()
    if name in first:
        return Running() if first[name] == request.body_hash else Reused()
    first[name] = request.body_hash
    return Fresh()


def _answer(status: int, headers: str, body: bytes) -> Answer:
    pairs: list[list[str]] = json.loads(headers)
    return Answer(status, bytes(body), tuple((name, value) for name, value in pairs))


async def remember_many(tx: Transaction, pairs: Sequence[tuple[Request, Answer]]) -> None:
    """Store the answers of keys claimed Fresh in this transaction, in one statement.

    Raises ValueError for an answer that is no outcome (5xx, 401, 403, 429): such a request must roll back
    instead.
    """
    for _, answer in pairs:
        if not is_outcome(answer.status):
            raise ValueError(f"an answer with status {answer.status} is no outcome to remember")
    if pairs:
        await tx.execute(
            _STORE,
            [request.scope for request, _ in pairs],
            [request.key for request, _ in pairs],
            [request.body_hash for request, _ in pairs],
            [answer.status for _, answer in pairs],
            [json.dumps(answer.headers) for _, answer in pairs],
            [answer.body for _, answer in pairs],
        )


class _NotAnOutcome(Exception):
    """Rolls back work that answered with something that must not be stored."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


async def answer_once(
    db: Database,
    request: Request,
    work: Callable[[Transaction], Awaitable[Answer]],
    refusal_answer: Callable[[Exception], Answer | None],
) -> tuple[Answer, bool]:
    """Run `work` at most once for this key; (answer, was it replayed). Raises StillRunning, KeyReused.

    An exception that `refusal_answer` turns into an outcome is stored and returned; every other one passes
    through, leaves nothing behind and frees the key. An Answer that is no outcome rolls the work back too.
    """

    async def attempt(tx: Transaction) -> tuple[Answer, bool]:
        replayed = await _replayed(tx, request)
        if replayed is not None:
            return replayed, True
        answer = await work(tx)
        if not is_outcome(answer.status):
            raise _NotAnOutcome(answer)
        await remember_many(tx, [(request, answer)])
        return answer, False

    try:
        return await db.unit_of_work(attempt)
    except (StillRunning, KeyReused):
        raise
    except _NotAnOutcome as failure:
        return failure.answer, False
    except Exception as refusal:
        refused = refusal_answer(refusal)
        if refused is None or not is_outcome(refused.status):
            raise
    await afailpoint("cmd.refused")
    outcome = refused

    async def store(tx: Transaction) -> tuple[Answer, bool]:
        replayed = await _replayed(tx, request)
        if replayed is not None:
            return replayed, True
        await remember_many(tx, [(request, outcome)])
        return outcome, False

    return await db.unit_of_work(store)


async def _replayed(tx: Transaction, request: Request) -> Answer | None:
    """The stored answer, None when the key is now ours."""
    (claim,) = await claim_many(tx, [request])
    match claim:
        case Running():
            raise StillRunning
        case Reused():
            raise KeyReused
        case Replay(answer):
            return answer
        case Fresh():
            return None


async def purge(db: Database, *, older_than_days: int = KEPT_DAYS, batch: int = 2000) -> int:
    """Forget answers older than the promise, `batch` rows per transaction; the number of rows deleted."""
    deleted = 0
    while True:

        async def once(tx: Transaction) -> int:
            return int((await tx.execute(_PURGE, older_than_days, batch)).split()[-1])

        count = await db.unit_of_work(once)
        deleted += count
        if count < batch:
            return deleted
