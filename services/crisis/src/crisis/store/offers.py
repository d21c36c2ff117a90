"""Offers and their lines. Quantities of lines stand in their balances, which only `ledger` writes.

Locks: the balances of an offer's lines by id, then the offer itself.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from crisis.domain.balances import OfferBalance
from crisis.domain.earmarks import Earmark, earmark_of
from crisis.domain.offers import Cause, Money, Offer, OfferClock, OfferLine, OfferState, OfferTimer
from crisis.store import lines
from crisis.store.behalf import behalf_of
from crisis.store.packs import pack_json, pack_of
from crisis.store.queries import query
from imece_chassis.database import Restart, Transaction
from imece_chassis.deadlines import Deadline, cancel, schedule
from imece_reference.items import item
from imece_reference.quantities import PackSnapshot

SUBJECT = "offer"
LINE_SUBJECT = "offer_line"


@dataclass(frozen=True, slots=True)
class OfferLineNow:
    """One line with its offer and its balance; stands still while the line's balance is locked."""

    offer: Offer
    line: OfferLine
    balance: OfferBalance


async def insert(tx: Transaction, offers: Sequence[Offer]) -> None:
    """Write new offers with their lines and clocks; balances are opened by the posting routine."""
    await tx.execute(
        query("insert_offers"),
        [offer.offer_id for offer in offers],
        [offer.crisis_id for offer in offers],
        [offer.is_drill for offer in offers],
        [offer.org_id for offer in offers],
        [offer.origin for offer in offers],
        [offer.available_from for offer in offers],
        [offer.available_until for offer in offers],
        [offer.has_transport for offer in offers],
        [offer.state for offer in offers],
        [offer.is_unsolicited for offer in offers],
        [offer.package_id for offer in offers],
        [offer.ends_with_call for offer in offers],
        [offer.asked_by_key for offer in offers],
        [offer.clock.deadline_id if offer.clock else None for offer in offers],
        [offer.told for offer in offers],
        [offer.version for offer in offers],
        [offer.behalf.by_org_id if offer.behalf else None for offer in offers],
        [offer.behalf.object_until if offer.behalf else None for offer in offers],
        [offer.opened_by_key for offer in offers],
    )
    await insert_lines(tx, offers)
    await schedule(tx, *deadlines_of(offers))


async def insert_lines(tx: Transaction, offers: Sequence[Offer]) -> None:
    """Write the lines of offers that have none yet."""
    stated = [(offer, at, line) for offer in offers for at, line in enumerate(offer.lines)]
    await tx.execute(
        query("insert_offer_lines"),
        [line.offer_line_id for _, _, line in stated],
        [offer.offer_id for offer, _, _ in stated],
        [offer.is_drill for offer, _, _ in stated],
        [at for _, at, _ in stated],
        [line.item_code for _, _, line in stated],
        [line.unit for _, _, line in stated],
        [line.qty for _, _, line in stated],
        [pack_json(line.pack) for _, _, line in stated],
        [line.step for _, _, line in stated],
        [line.lot for _, _, line in stated],
        [line.best_before for _, _, line in stated],
        [line.value.amount if line.value else None for _, _, line in stated],
        [line.value.currency if line.value else None for _, _, line in stated],
        [earmark_json(line.earmark) for _, _, line in stated],
        [line.ready_within_minutes for _, _, line in stated],
    )


async def update(tx: Transaction, before: Offer, after: Offer) -> None:
    """Write a locked offer as it is after one step: the old clock stops, the new one runs."""
    if before.clock is not None and before.clock != after.clock:
        await cancel(tx, before.clock.deadline_id)
    await tx.execute(
        "UPDATE offers SET origin = $3, available = tstzrange($4, $5), has_transport = $6,"
        " state = $7, suspension_cause = $8, reason = $9, asked_by_key = $10, approved_by_grant = $11,"
        " deadline_id = $12, told = $13, version = $14, opened_by_key = $15, is_unsolicited = $16"
        " WHERE offer_id = $1 AND is_drill = $2",
        after.offer_id,
        after.is_drill,
        after.origin,
        after.available_from,
        after.available_until,
        after.has_transport,
        after.state,
        after.cause,
        after.reason,
        after.asked_by_key,
        after.approved_by_grant,
        after.clock.deadline_id if after.clock else None,
        after.told,
        after.version,
        after.opened_by_key,
        after.is_unsolicited,
    )
    if after.clock != before.clock:
        await schedule(tx, *deadlines_of([after]))


async def claim(tx: Transaction, offer_id: UUID) -> None:
    """Let nobody else make an offer with this id until the transaction ends."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('offer ' || $1::text, 0))", str(offer_id))


async def restate(tx: Transaction, before: Offer, after: Offer) -> None:
    """Write a locked draft anew, its lines too: nobody ever heard of the old ones."""
    await tx.execute(
        "DELETE FROM offer_lines WHERE offer_id = $1 AND is_drill = $2", before.offer_id, before.is_drill
    )
    await insert_lines(tx, [after])
    await update(tx, before, after)


async def record_revision(
    tx: Transaction,
    offer_line_id: UUID,
    qty: Decimal,
    *,
    is_drill: bool,
    reason: str | None,
    by_org_id: UUID | None,
    command_id: UUID,
) -> None:
    """Write down what a locked line holds from now on, beside `ledger.post(revised_supply=...)`."""
    await tx.execute(
        "INSERT INTO offer_line_revisions"
        " (offer_line_id, is_drill, version, qty, reason, by_org_id, command_id)"
        " SELECT $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5, $6 FROM offer_line_revisions"
        " WHERE offer_line_id = $1 AND is_drill = $2",
        offer_line_id,
        is_drill,
        qty,
        reason,
        by_org_id,
        command_id,
    )


async def raised_by(tx: Transaction, offer_line_id: UUID, reason: str, *, is_drill: bool) -> Decimal:
    """By how much revisions for a reason raise a locked line, in its unit; 0 where they lowered it.

    Only those since its owner last said what it holds.
    """
    return await tx.fetchval(query("raised_supply"), offer_line_id, is_drill, reason)


async def read(tx: Transaction, offer_id: UUID, *, is_locked: bool = False) -> Offer | None:
    """One offer; `is_locked` locks its row, to be asked for only after the balances of its lines."""
    return (await read_many(tx, [offer_id], is_locked=is_locked)).get(offer_id)


async def read_many(
    tx: Transaction, offer_ids: Sequence[UUID], *, is_locked: bool = False
) -> dict[UUID, Offer]:
    """Offers by id with their lines; unknown ids are absent.

    Locked first and read then: one statement would show a row that was waited for without its new clock.
    """
    if is_locked:
        await tx.execute(
            "SELECT 1 FROM offers WHERE offer_id = ANY ($1::uuid[]) ORDER BY offer_id FOR UPDATE", offer_ids
        )
    rows = await tx.fetch(query("read_offers"), offer_ids)
    stated: dict[UUID, list[OfferLine]] = {row["offer_id"]: [] for row in rows}
    for line in await tx.fetch(query("read_offer_lines"), list(stated)):
        stated[line["offer_id"]].append(line_of(line))
    return {row["offer_id"]: _offer(row, tuple(stated[row["offer_id"]])) for row in rows}


async def crisis_of(tx: Transaction, offer_id: UUID) -> UUID | None:
    """What an offer is for, which never changes; None for an unknown one."""
    return await tx.fetchval("SELECT crisis_id FROM offers WHERE offer_id = $1", offer_id)


async def offer_of(tx: Transaction, offer_line_id: UUID) -> UUID:
    """The offer a known line belongs to."""
    return await tx.fetchval("SELECT offer_id FROM offer_lines WHERE offer_line_id = $1", offer_line_id)


async def states_of_lines(
    tx: Transaction, offer_line_ids: Sequence[UUID]
) -> dict[UUID, tuple[OfferState, bool]]:
    """Line → state of its offer, and whether that was made for a call on a package.

    For a decision only while the lines' balances are locked.
    """
    rows = await tx.fetch(
        "SELECT line.offer_line_id, offer.state, offer.ends_with_call"
        " FROM offer_lines AS line JOIN offers AS offer USING (offer_id, is_drill)"
        " WHERE line.offer_line_id = ANY ($1::uuid[])",
        offer_line_ids,
    )
    return {row["offer_line_id"]: (OfferState(row["state"]), row["ends_with_call"]) for row in rows}


async def lock(tx: Transaction, offer_id: UUID) -> tuple[Offer, dict[UUID, OfferBalance]]:
    """A known offer and the balances of its lines, locked; lines that never opened have no balance.

    Raises Restart for an offer that was opened while it was waited for: its balances are not locked.
    """
    ids = await tx.fetch(
        "SELECT offer_line_id FROM offer_lines WHERE offer_id = $1 ORDER BY offer_line_id", offer_id
    )
    balances = await lines.lock_supplies(tx, [row[0] for row in ids])
    found = await read(tx, offer_id, is_locked=True)
    assert found is not None
    if len(balances) < len(found.lines) and await _is_opened(tx, found):
        raise Restart
    return found, balances


async def _is_opened(tx: Transaction, offer: Offer) -> bool:
    """Whether lines of a locked offer have balances."""
    return await tx.fetchval(
        "SELECT EXISTS (SELECT 1 FROM offer_line_balances WHERE offer_line_id = ANY ($1::uuid[]))",
        [line.offer_line_id for line in offer.lines],
    )


async def read_line(tx: Transaction, offer_line_id: UUID) -> OfferLineNow | None:
    """One opened line; for a decision only after `lines.lock_supplies`. None if nothing was ever offered."""
    return (await read_offered(tx, [offer_line_id])).get(offer_line_id)


async def read_offered(tx: Transaction, offer_line_ids: Sequence[UUID]) -> dict[UUID, OfferLineNow]:
    """Opened lines by id with their offers and balances; unknown and never opened ones are absent."""
    rows = await tx.fetch(query("read_offered_lines"), offer_line_ids)
    known = await read_many(tx, sorted({row["offer_id"] for row in rows}))
    return {
        row["offer_line_id"]: OfferLineNow(
            offer=known[row["offer_id"]],
            line=known[row["offer_id"]].line(row["offer_line_id"]),
            balance=OfferBalance(
                row["offer_line_id"],
                row["qty"],
                row["reserved"],
                row["committed"],
                row["consumed"],
                row["version"],
            ),
        )
        for row in rows
    }


async def balances(tx: Transaction, offers: Sequence[Offer]) -> dict[UUID, OfferBalance]:
    """Balances of the offers' opened lines, without lock: for showing, never for deciding."""
    rows = await tx.fetch(
        "SELECT offer_line_id, qty, reserved, committed, consumed, version FROM offer_line_balances"
        " WHERE offer_line_id = ANY ($1::uuid[])",
        [line.offer_line_id for offer in offers for line in offer.lines],
    )
    return {row[0]: OfferBalance(*row) for row in rows}


def deadlines_of(offers: Sequence[Offer]) -> list[Deadline]:
    """The deadline rows of offers that wait."""
    return [
        Deadline(offer.clock.deadline_id, SUBJECT, offer.offer_id, offer.clock.kind, offer.clock.due_at)
        for offer in offers
        if offer.clock is not None
    ]


def earmark_json(earmark: Earmark) -> str:
    """An earmark as stored."""
    return json.dumps(earmark.as_document()) if earmark else "{}"


def _offer(row: Any, stated: tuple[OfferLine, ...]) -> Offer:
    deadline_id = row["deadline_id"]
    return Offer(
        offer_id=row["offer_id"],
        crisis_id=row["crisis_id"],
        is_drill=row["is_drill"],
        org_id=row["org_id"],
        origin=row["origin"],
        available_from=row["available_from"],
        available_until=row["available_until"],
        has_transport=row["has_transport"],
        state=OfferState(row["state"]),
        lines=stated,
        clock=OfferClock(deadline_id, OfferTimer(row["deadline_kind"]), row["due_at"])
        if deadline_id
        else None,
        is_unsolicited=row["is_unsolicited"],
        package_id=row["package_id"],
        ends_with_call=row["ends_with_call"],
        cause=Cause(row["suspension_cause"]) if row["suspension_cause"] else None,
        reason=row["reason"],
        asked_by_key=row["asked_by_key"],
        opened_by_key=row["opened_by_key"],
        approved_by_grant=row["approved_by_grant"],
        told=row["told"],
        version=row["version"],
        behalf=behalf_of(row),
    )


def line_of(row: Any) -> OfferLine:
    """A stored line of an offer or a package."""
    amount = row["value_amount"]
    return OfferLine(
        offer_line_id=row["offer_line_id"],
        item_code=row["item_code"],
        unit=row["unit"],
        qty=row["qty"],
        pack=_pack(row),
        step=row["step"],
        ready_within_minutes=row["ready_within_minutes"],
        lot=row["lot"],
        best_before=row["best_before"],
        value=None if amount is None else Money(amount, row["value_currency"]),
        earmark=earmark_of(_document(row["earmark"])),
    )


def _pack(row: Any) -> PackSnapshot:
    """How the line was entered; lines older than that column were entered in base units."""
    if row["pack_snapshot"] is not None:
        return pack_of(row["pack_snapshot"])
    return PackSnapshot(row["unit"], Decimal(1), row["qty"], item(row["item_code"]).edition)


def _document(text: str) -> Mapping[str, Sequence[Any]]:
    return json.loads(text)
