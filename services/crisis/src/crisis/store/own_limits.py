"""What single keys put up alone, in organisations that limit what one key may."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from uuid import UUID

from crisis.domain.balances import ZERO
from crisis.domain.thresholds import COUNTED_FOR, NOTHING_OPENED, Opened
from crisis.store.queries import query
from imece_chassis.database import Transaction

Alone = dict[tuple[UUID, UUID], Opened]


async def opened_alone(tx: Transaction, keys: Collection[UUID], without: UUID | None = None) -> Alone:
    """Key and crisis → what the key put up alone there lately and still stands; those without are absent.

    `without` is an offer that does not count. Read without lock: a limit may be passed by what commits
    beside it.
    """
    quantities: dict[tuple[UUID, UUID], dict[str, Decimal]] = {}
    values: dict[tuple[UUID, UUID], dict[str, Decimal]] = {}
    for row in await tx.fetch(query("opened_alone"), list(keys), COUNTED_FOR, without):
        key, item = (row["opened_by_key"], row["crisis_id"]), row["item_code"]
        held, worth = quantities.setdefault(key, {}), values.setdefault(key, {})
        held[item] = held.get(item, ZERO) + row["qty"]
        currency = row["value_currency"]
        if currency is not None:
            worth[currency] = worth.get(currency, ZERO) + row["amount"]
    return {key: Opened(held, values[key]) for key, held in quantities.items()}


async def opened_by(tx: Transaction, key_id: UUID, crisis_id: UUID, without: UUID | None = None) -> Opened:
    """The same of one key in one crisis."""
    return (await opened_alone(tx, [key_id], without)).get((key_id, crisis_id), NOTHING_OPENED)


async def note(tx: Transaction, keys: Mapping[UUID, UUID]) -> None:
    """Remember which key alone agreed to offers whose lines are locked, by offer; the first stays."""
    await tx.execute(
        "UPDATE offers SET opened_by_key = agreed.key_id"
        " FROM unnest($1::uuid[], $2::uuid[]) AS agreed (offer_id, key_id)"
        " WHERE offers.offer_id = agreed.offer_id AND offers.opened_by_key IS NULL",
        list(keys),
        list(keys.values()),
    )
