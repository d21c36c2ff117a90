"""Many offers at once, as the clock looks at them.

Locks: the balances of all their lines by id, then the offers by id.
"""

from collections.abc import Sequence
from uuid import UUID

from crisis.domain.balances import OfferBalance
from crisis.domain.offers import Offer
from crisis.domain.states import State
from crisis.store import lines, offers
from imece_chassis.database import Transaction


async def of_lines(tx: Transaction, offer_line_ids: Sequence[UUID]) -> dict[UUID, tuple[UUID, UUID]]:
    """Line → its offer and that one's crisis, which never change; unknown lines are absent."""
    rows = await tx.fetch(
        "SELECT line.offer_line_id, offer.offer_id, offer.crisis_id"
        " FROM offer_lines AS line JOIN offers AS offer USING (offer_id, is_drill)"
        " WHERE line.offer_line_id = ANY ($1::uuid[])",
        offer_line_ids,
    )
    return {row[0]: (row[1], row[2]) for row in rows}


async def lock(
    tx: Transaction, offer_ids: Sequence[UUID]
) -> tuple[dict[UUID, Offer], dict[UUID, OfferBalance]]:
    """The offers, and the balances of their opened lines by line; to be asked for after their crises."""
    ids = await tx.fetch(
        "SELECT offer_line_id FROM offer_lines WHERE offer_id = ANY ($1::uuid[]) ORDER BY offer_line_id",
        offer_ids,
    )
    balances = await lines.lock_supplies(tx, [row[0] for row in ids])
    return await offers.read_many(tx, offer_ids, is_locked=True), balances


async def ends(tx: Transaction, offer_ids: Sequence[UUID]) -> dict[UUID, list[State]]:
    """States of all rows of these offers that carry something, the one that changed last first; by offer."""
    rows = await tx.fetch(
        "SELECT line.offer_id, array_agg(row.state ORDER BY row.state_since DESC, row.allocation_id DESC)"
        " FROM offer_lines AS line JOIN allocations AS row"
        " ON row.offer_line_id = line.offer_line_id AND row.is_drill = line.is_drill"
        " WHERE line.offer_id = ANY ($1::uuid[]) AND row.state <> 'split' GROUP BY line.offer_id",
        offer_ids,
    )
    return {row[0]: [State(state) for state in row[1]] for row in rows}


async def close(tx: Transaction, ended: Sequence[Offer]) -> None:
    """Write locked offers that ended; their clocks are cancelled beside."""
    await tx.execute(
        "UPDATE offers AS offer SET state = ended.state, suspension_cause = NULL, reason = ended.reason,"
        " deadline_id = NULL, told = ended.told, version = ended.version"
        " FROM unnest($1::uuid[], $2::boolean[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])"
        " AS ended (offer_id, is_drill, state, reason, told, version)"
        " WHERE offer.offer_id = ended.offer_id AND offer.is_drill = ended.is_drill",
        [offer.offer_id for offer in ended],
        [offer.is_drill for offer in ended],
        [offer.state for offer in ended],
        [offer.reason for offer in ended],
        [offer.told for offer in ended],
        [offer.version for offer in ended],
    )
