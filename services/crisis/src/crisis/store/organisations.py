"""What organisations say of themselves here, and what the registry last said of them."""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from uuid import UUID

from crisis.domain.behalf import Reach, Represented
from crisis.domain.thresholds import LOOSENED_AFTER, Amounts, Thresholds, strictest
from crisis.domain.units import plain
from crisis.store.queries import query
from imece_chassis.database import Transaction

ACTIVE = "active"

_KEEP_OTHERS_OUT = "SELECT pg_advisory_xact_lock(hashtextextended('thresholds ' || $1::text, 0))"


async def thresholds(tx: Transaction, org_id: UUID, *, is_locked: bool = False) -> Thresholds:
    """What the organisation stated last; none until it sets some. `is_locked` lets nobody else set them."""
    if is_locked:
        await tx.execute(_KEEP_OTHERS_OUT, str(org_id))
    row = await tx.fetchrow(
        "SELECT quantities, amounts, version FROM organisation_thresholds WHERE org_id = $1"
        " ORDER BY version DESC LIMIT 1",
        org_id,
    )
    if row is None:
        return Thresholds()
    return Thresholds(_amounts(row["quantities"]), _amounts(row["amounts"]), row["version"])


async def thresholds_in_force(tx: Transaction, org_id: UUID) -> Thresholds:
    """What counts for the organisation now."""
    return (await thresholds_of(tx, [org_id])).get(org_id, Thresholds())


async def thresholds_of(tx: Transaction, org_ids: Sequence[UUID]) -> dict[UUID, Thresholds]:
    """What counts now, by organisation; those that never set any are absent."""
    stated: dict[UUID, list[Thresholds]] = {}
    for row in await tx.fetch(query("thresholds_in_force"), org_ids, LOOSENED_AFTER):
        stated.setdefault(row["org_id"], []).append(
            Thresholds(_amounts(row["quantities"]), _amounts(row["amounts"]), row["version"])
        )
    return {org_id: strictest(each) for org_id, each in stated.items()}


async def set_thresholds(tx: Transaction, org_id: UUID, stated: Thresholds, command_id: UUID) -> None:
    """Write the next version."""
    await tx.execute(
        "INSERT INTO organisation_thresholds (org_id, version, quantities, amounts, command_id)"
        " VALUES ($1, $2, $3, $4, $5)",
        org_id,
        stated.version,
        _json(stated.quantities),
        _json(stated.values),
        command_id,
    )


async def standing(tx: Transaction, org_id: UUID) -> str:
    """The organisation's state as acted upon, kept so until this transaction ends; unknown is active."""
    state = await tx.fetchval("SELECT state FROM organisation_standings WHERE org_id = $1 FOR SHARE", org_id)
    return ACTIVE if state is None else state


async def represented(tx: Transaction, org_ids: Sequence[UUID], at: datetime) -> dict[UUID, Represented]:
    """Organisations the registry spoke of, as somebody who would write for them must know them, by id."""
    rows = await tx.fetch(query("read_represented"), org_ids, at)
    access: defaultdict[UUID, list[Reach]] = defaultdict(list)
    for row in rows:
        if row["provinces"] is not None:
            access[row["organisation_id"]].append(Reach(frozenset(row["provinces"]), row["crisis_id"]))
    return {
        org_id: Represented(org_id, row["state"], row["seat_plate"], tuple(access[org_id]))
        for org_id, row in ((row["organisation_id"], row) for row in rows)
    }


async def set_standing(tx: Transaction, org_id: UUID, sequence: int, state: str) -> bool:
    """Take in what the registry says; False for news that is older than what is known or changes nothing."""
    before = await tx.fetchrow(
        "SELECT sequence, state FROM organisation_standings WHERE org_id = $1 FOR UPDATE", org_id
    )
    if before is not None and before["sequence"] >= sequence:
        return False
    await tx.execute(
        "INSERT INTO organisation_standings AS known (org_id, sequence, state) VALUES ($1, $2, $3)"
        " ON CONFLICT (org_id) DO UPDATE SET sequence = excluded.sequence, state = excluded.state",
        org_id,
        sequence,
        state,
    )
    return state != (ACTIVE if before is None else before["state"])


def _amounts(document: str) -> Amounts:
    return MappingProxyType({name: Decimal(text) for name, text in json.loads(document).items()})


def _json(amounts: Amounts) -> str:
    return json.dumps({name: plain(amount) for name, amount in amounts.items()})
