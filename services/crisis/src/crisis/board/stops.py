"""Stops: what nobody should send, where and until when, as last heard of."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from imece_chassis.database import Transaction
from imece_contracts.crisis import SaturationOrderEvent, SaturationOrderIssued, SaturationOrderLapsed
from imece_contracts.envelope import Envelope

# An older event never overwrites a newer one.
_KEEP = """
INSERT INTO board.board_stop AS known
    (order_id, crisis_id, sequence, is_in_force, is_provisional, item, item_group, area, until, depot)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text[], $9, $10)
ON CONFLICT (order_id) DO UPDATE
SET sequence = excluded.sequence, is_in_force = excluded.is_in_force, is_provisional = excluded.is_provisional
WHERE known.sequence < excluded.sequence
"""
_IN_FORCE = """
SELECT order_id, crisis_id, is_provisional, item, item_group, area, until, depot
FROM board.board_stop WHERE is_in_force ORDER BY order_id
"""


@dataclass(frozen=True, slots=True)
class Stop:
    """One order in force: an item or a group of items, places as p-codes, a depot trucks may turn to."""

    order: UUID
    item: str | None
    group: str | None
    area: tuple[str, ...]
    until: datetime
    depot: str | None
    is_provisional: bool


async def keep(tx: Transaction, envelope: Envelope, event: SaturationOrderEvent) -> None:
    """Remember what became of an order."""
    await tx.execute(
        _KEEP,
        event.order,
        envelope.crisis_id,
        envelope.sequence,
        not isinstance(event, SaturationOrderLapsed),
        isinstance(event, SaturationOrderIssued),
        event.item,
        event.item_group,
        list(event.area),
        event.until,
        event.depot_district,
    )


async def in_force(tx: Transaction) -> dict[UUID, tuple[Stop, ...]]:
    """What is stopped now, by crisis."""
    found: dict[UUID, list[Stop]] = defaultdict(list)
    for row in await tx.fetch(_IN_FORCE):
        found[row["crisis_id"]].append(_stop(row))
    return {crisis: tuple(stops) for crisis, stops in found.items()}


def _stop(row: Any) -> Stop:
    return Stop(
        order=row["order_id"],
        item=row["item"],
        group=row["item_group"],
        area=tuple(row["area"]),
        until=row["until"],
        depot=row["depot"],
        is_provisional=row["is_provisional"],
    )
