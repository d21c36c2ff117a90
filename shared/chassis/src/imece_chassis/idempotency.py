"""One effect per (scope, key): a repeated command gets the stored answer, byte for byte.

A claim is a transaction-level advisory lock plus a look at the stored answers, so a second caller never waits
for the first. The answer is stored in the transaction of the effect; a refusal is stored in one of its own.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from imece_chassis.answers import Answer, json_answer

if TYPE_CHECKING:
    from imece_chassis.database import Database, Transaction

__all__ = [
    "Answer", "Claim", "Fresh", "KeyReused", "Replay", "Request", "Reused", "Running", "StillRunning",
    "answer_once", "body_hash", "claim_many", "json_answer", "purge", "remember_many",
]


@dataclass(frozen=True, slots=True)
class Request:
    """`scope` is organisation and route, `key` the client's key, `body_hash` SHA-256 of the canonical body."""

    scope: str
    key: str
    body_hash: bytes


@dataclass(frozen=True, slots=True)
class Fresh:
    """The key is ours in this transaction: do the work."""


@dataclass(frozen=True, slots=True)
class Replay:
    """The work was done before; send this answer."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Running:
    """Another transaction holds the key."""


@dataclass(frozen=True, slots=True)
class Reused:
    """The key belongs to another body."""


Claim = Fresh | Replay | Running | Reused


class StillRunning(Exception):
    """The first request with this key is still running."""

    status: ClassVar[int] = 409
    code: ClassVar[str] = "idempotency_key_running"
    tr: ClassVar[str] = "Bu anahtarla gönderilen ilk istek hâlâ işleniyor"
    retry_after: ClassVar[int] = 1
    facts: Mapping[str, str] = {}


class KeyReused(Exception):
    """The key was used before with another body."""

    status: ClassVar[int] = 422
    code: ClassVar[str] = "idempotency_key_reused"
    tr: ClassVar[str] = "Bu anahtar daha önce başka bir içerikle kullanıldı"
    facts: Mapping[str, str] = {}


def body_hash(body: bytes) -> bytes:
    """SHA-256 of the canonical form (sorted names, no spaces) of a JSON body; of the bytes if it is not JSON."""
    try:
        parsed: Any = json.loads(body)
    except ValueError:
        return hashlib.sha256(body).digest()
    canonical = json.dumps(parsed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).digest()


async def claim_many(tx: "Transaction", requests: Sequence[Request]) -> list[Claim]:
    """Claim every key of a batch, in order; a key twice in one batch is Fresh once and Running after that."""
    raise NotImplementedError


async def remember_many(tx: "Transaction", pairs: Sequence[tuple[Request, Answer]]) -> None:
    """Store the answers of keys claimed in this transaction."""
    raise NotImplementedError


async def answer_once(
    db: "Database",
    request: Request,
    work: "Callable[[Transaction], Awaitable[Answer]]",
    refusal_answer: Callable[[Exception], Answer | None],
) -> tuple[Answer, bool]:
    """Run `work` at most once for this key; (answer, was it replayed). Raises StillRunning, KeyReused."""
    raise NotImplementedError


async def purge(db: "Database", *, older_than_days: int = 7, batch: int = 5000) -> int:
    """Forget answers older than the promise; the number of rows deleted."""
    raise NotImplementedError
