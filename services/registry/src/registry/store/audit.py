"""The audit chain: one row per privileged command, in its own transaction, hashed onto the row before.

A chain belongs to the organisation concerned. hash = SHA-256(previous hash ‖ canonical JSON of the record),
so a changed, removed or inserted row shows. Records hold ids, codes and reasons; never keys.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from uuid import UUID

from imece_chassis import context
from imece_chassis.database import Transaction
from registry.domain.acts import Act

_LAST = "select position, hash from audit where chain = $1 order by position desc limit 1"

_INSERT = """
    -- The next link of a chain.
    insert into audit (chain, position, at, action, record, hash) values ($1, $2, $3, $4, $5, $6)
"""

_CHAINS = "select distinct chain from audit order by chain"
_LINKS = "select position, record, hash from audit where chain = $1 order by position"
_ORIGIN = bytes(32)


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """The first row of a chain whose hash or position does not follow from the rows before it."""

    chain: UUID
    position: int


async def append(
    tx: Transaction, act: Act, action: str, organisation_id: UUID, subject: UUID, **facts: str
) -> None:
    """Record `action` on `subject` of `organisation_id`; serialised per chain until the transaction ends."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"audit:{organisation_id}")
    last = await tx.fetchrow(_LAST, organisation_id)
    position, previous = (1, _ORIGIN) if last is None else (last["position"] + 1, bytes(last["hash"]))
    record = json.dumps(
        {
            "action": action,
            "actor_key": None if act.actor.key_id is None else str(act.actor.key_id),
            "actor_org": str(act.actor.organisation_id),
            "actor_role": act.actor.role,
            "at": act.now.isoformat(),
            "facts": facts,
            "organisation": str(organisation_id),
            "position": position,
            "request_id": context.request_id(),
            "subject": str(subject),
        },
        ensure_ascii=False,
        separators=(",", ":"),
        sort_keys=True,
    )
    link = _link(previous, record)
    await tx.execute(_INSERT, organisation_id, position, act.now, action, record, link)


async def verify(tx: Transaction) -> list[BrokenLink]:
    """The first broken link of every chain that does not verify; empty when all do."""
    broken: list[BrokenLink] = []
    for chain in await tx.fetch(_CHAINS):
        previous, expected = _ORIGIN, 1
        for row in await tx.fetch(_LINKS, chain["chain"]):
            previous = _link(previous, row["record"])
            if row["position"] != expected or previous != bytes(row["hash"]):
                broken.append(BrokenLink(chain["chain"], expected))
                break
            expected += 1
    return broken


def _link(previous: bytes, record: str) -> bytes:
    return hashlib.sha256(previous + record.encode()).digest()
