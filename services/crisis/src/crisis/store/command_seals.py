"""The hash chain over the audit trail. hash = SHA-256(hash before ‖ canonical JSON of the row).

Rows are sealed after their commit, by one sealer at a time, so the chain costs commands no lock. It proves
that no sealed row was changed, removed or put in between; an unsealed row must stand in the queue.
"""

import hashlib
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

from crisis.store.queries import query
from imece_chassis.database import Transaction

LOCK = 0x1AECE_0018
ORIGIN = bytes(32)
PAGE = 5000

_TAKE = """
DELETE FROM commands_to_seal WHERE ctid = ANY (ARRAY(SELECT ctid FROM commands_to_seal LIMIT $1))
RETURNING command_id
"""
_LAST = "SELECT position, hash FROM command_seals ORDER BY position DESC LIMIT 1"
_APPEND = """
INSERT INTO command_seals (position, command_id, hash)
SELECT $1 + place, command_id, hash FROM unnest($2::uuid[], $3::bytea[])
       WITH ORDINALITY AS seal (command_id, hash, place)
"""


@dataclass(frozen=True, slots=True)
class Head:
    """How far the chain reaches; whoever notes it down can prove later that nothing before it changed."""

    position: int
    hash: bytes

    @classmethod
    def parsed(cls, text: str) -> "Head":
        """A head as it was printed; raises ValueError."""
        position, _, digest = text.partition(":")
        return cls(int(position), bytes.fromhex(digest))

    def __str__(self) -> str:
        return f"{self.position}:{self.hash.hex()}"


@dataclass(frozen=True, slots=True)
class BrokenSeal:
    """A row that does not fit: the first broken seal of the chain, or an audit row outside of it."""

    command_id: str
    what: str


async def seal(tx: Transaction, limit: int) -> int:
    """Seal up to `limit` waiting rows; 0 when none wait, or when another sealer is at work."""
    if not await tx.fetchval("SELECT pg_try_advisory_xact_lock($1)", LOCK):
        return 0
    taken = [row["command_id"] for row in await tx.fetch(_TAKE, limit)]
    if not taken:
        return 0
    last = await head(tx)
    hashes: list[bytes] = []
    previous = last.hash
    rows = await tx.fetch(query("read_commands"), taken)
    for row in rows:
        previous = link(previous, row)
        hashes.append(previous)
    await tx.execute(_APPEND, last.position, [row["command_id"] for row in rows], hashes)
    return len(taken)


async def head(tx: Transaction) -> Head:
    """The last seal; position 0 for an empty chain."""
    last = await tx.fetchrow(_LAST)
    return Head(0, ORIGIN) if last is None else Head(last["position"], bytes(last["hash"]))


async def verify(tx: Transaction, noted: Head | None = None) -> list[BrokenSeal]:
    """What does not fit: the first broken seal, then audit rows never queued, then queued ones gone.

    `noted` is a head somebody kept: a chain that no longer holds it was cut short or written anew.
    """
    broken = [found async for found in _broken(tx, noted)]
    unsealed = await tx.fetch(query("unsealed_commands"))
    return broken + [BrokenSeal(str(row["command_id"]), row["found"]) for row in unsealed]


async def _broken(tx: Transaction, noted: Head | None) -> AsyncGenerator[BrokenSeal]:
    previous, position = ORIGIN, 0
    while page := await tx.fetch(query("read_seals"), position, PAGE):
        for row in page:
            position += 1
            if row["position"] != position:
                yield BrokenSeal(str(row["sealed_id"]), f"seal {position} is missing")
                return
            if row["command_id"] is None:
                yield BrokenSeal(str(row["sealed_id"]), f"the row under seal {position} was removed")
                return
            previous = link(previous, row)
            if previous != bytes(row["hash"]):
                yield BrokenSeal(str(row["sealed_id"]), f"the row under seal {position} was changed")
                return
            if noted and noted.position == position and noted.hash != previous:
                yield BrokenSeal(str(row["sealed_id"]), f"seal {position} is not the one noted down")
                return
    if noted and noted.position > position:
        yield BrokenSeal("the chain", f"ends at {position}, noted down was {noted.position}")


def link(previous: bytes, row: Any) -> bytes:
    """The next hash of the chain."""
    return hashlib.sha256(previous + canonical(row)).digest()


def canonical(row: Any) -> bytes:
    """An audit row as the chain knows it: every column but none of the chain's own, as sorted JSON."""
    named = {name: value for name, value in row.items() if name not in {"position", "sealed_id", "hash"}}
    return json.dumps(named, default=_text, separators=(",", ":"), sort_keys=True).encode()


def _text(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
