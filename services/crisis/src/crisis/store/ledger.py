"""The posting routine: the only code that writes entries and the only code that touches balance columns.

Callers hold the row locks and have decided against the locked figures. A line that moved on nevertheless, or
an entry that would break cap or supply, aborts the transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from crisis.domain.balances import ZERO, moves
from crisis.domain.ledger import Entry
from crisis.domain.needs import NeedLine
from crisis.domain.states import BUCKETS, NeedBucket, SupplyBucket
from crisis.store.queries import query
from imece_chassis.database import Transaction

LineKey = tuple[UUID, bool]


class LedgerMoved(RuntimeError):
    """A balance was not what the decision was made on; nothing was written."""


@dataclass(slots=True)
class _NeedChange:
    """What the entries of one transaction do to one need line."""

    first_version: int
    last_version: int
    moved: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(NeedBucket, ZERO))


async def open_need_lines(tx: Transaction, lines: Sequence[NeedLine], *, is_drill: bool) -> None:
    """Open the balances of new need lines: all that was asked is missing, no event yet."""
    await tx.execute(
        "INSERT INTO need_line_balances (need_line_id, is_drill, requested)"
        " SELECT need_line_id, $2, requested"
        " FROM unnest($1::uuid[], $3::numeric[]) AS new (need_line_id, requested)",
        [line.need_line_id for line in lines],
        is_drill,
        [line.requested for line in lines],
    )


async def tell_need_lines(tx: Transaction, versions: Mapping[LineKey, int]) -> None:
    """Count one event on lines whose need changed and whose quantities did not; versions as locked."""
    told = await tx.fetch(
        "UPDATE need_line_balances AS balance SET version = balance.version + 1"
        " FROM unnest($1::uuid[], $2::boolean[], $3::bigint[]) AS line (need_line_id, is_drill, version)"
        " WHERE balance.need_line_id = line.need_line_id AND balance.is_drill = line.is_drill"
        " AND balance.version = line.version RETURNING balance.need_line_id",
        [line_id for line_id, _ in versions],
        [is_drill for _, is_drill in versions],
        list(versions.values()),
    )
    _must_be_all(len(told), len(versions))


async def post(
    tx: Transaction, entries: Sequence[Entry], *, opened_supply: Mapping[LineKey, Decimal] | None = None
) -> None:
    """Write the entries and move both sides' balances by them.

    `opened_supply` gives the quantity of offer lines that are new in this transaction. Raises LedgerMoved;
    cap and supply are checked once more by the database.
    """
    needs: dict[LineKey, _NeedChange] = {}
    supplies: dict[LineKey, dict[str, Decimal]] = {}
    for entry in entries:
        _fold_need(needs, entry)
        _fold_supply(supplies, entry)
    opened = opened_supply or {}
    await _insert_entries(tx, entries)
    await _open_supplies(tx, opened, supplies)
    await _move_supplies(
        tx, {key: moved for key, moved in supplies.items() if key not in opened and any(moved.values())}
    )
    await _move_needs(tx, needs)


def _fold_need(needs: dict[LineKey, _NeedChange], entry: Entry) -> None:
    change = needs.get((entry.need_line_id, entry.is_drill))
    if change is None:
        change = needs[entry.need_line_id, entry.is_drill] = _NeedChange(
            entry.line_version, entry.line_version
        )
    change.last_version = max(change.last_version, entry.line_version)
    left = BUCKETS[entry.from_state][0] if entry.from_state is not None else None
    for column, by in moves(left, BUCKETS[entry.to_state][0], entry.qty).items():
        change.moved[column] += by


def _fold_supply(supplies: dict[LineKey, dict[str, Decimal]], entry: Entry) -> None:
    moved = supplies.get((entry.offer_line_id, entry.is_drill))
    if moved is None:
        moved = supplies[entry.offer_line_id, entry.is_drill] = dict.fromkeys(SupplyBucket, ZERO)
    left = BUCKETS[entry.from_state][1] if entry.from_state is not None else None
    for column, by in moves(left, BUCKETS[entry.to_state][1], entry.supply_qty).items():
        moved[column] += by


async def _insert_entries(tx: Transaction, entries: Sequence[Entry]) -> None:
    await tx.execute(
        query("insert_entries"),
        [entry.need_line_id for entry in entries],
        [entry.line_version for entry in entries],
        [entry.allocation_id for entry in entries],
        [entry.is_drill for entry in entries],
        [entry.command_id for entry in entries],
        [entry.root_id for entry in entries],
        [entry.offer_line_id for entry in entries],
        [entry.crisis_id for entry in entries],
        [entry.from_state for entry in entries],
        [entry.to_state for entry in entries],
        [entry.supply_qty for entry in entries],
        [entry.qty for entry in entries],
        [entry.at for entry in entries],
    )


async def _open_supplies(
    tx: Transaction, opened: Mapping[LineKey, Decimal], supplies: Mapping[LineKey, Mapping[str, Decimal]]
) -> None:
    if not opened:
        return
    await tx.execute(
        query("open_offer_balances"),
        [line_id for line_id, _ in opened],
        [is_drill for _, is_drill in opened],
        list(opened.values()),
        *([supplies[key][bucket] for key in opened] for bucket in SupplyBucket),
    )


async def _move_supplies(tx: Transaction, supplies: Mapping[LineKey, Mapping[str, Decimal]]) -> None:
    if not supplies:
        return
    moved = await tx.fetch(
        query("move_offer_balances"),
        [line_id for line_id, _ in supplies],
        [is_drill for _, is_drill in supplies],
        *([change[bucket] for change in supplies.values()] for bucket in SupplyBucket),
    )
    _must_be_all(len(moved), len(supplies))


async def _move_needs(tx: Transaction, needs: Mapping[LineKey, _NeedChange]) -> None:
    moved = await tx.fetch(
        query("move_need_balances"),
        [line_id for line_id, _ in needs],
        [is_drill for _, is_drill in needs],
        [change.first_version - 1 for change in needs.values()],
        [change.last_version for change in needs.values()],
        *([change.moved[bucket] for change in needs.values()] for bucket in NeedBucket),
    )
    _must_be_all(len(moved), len(needs))


def _must_be_all(moved: int, wanted: int) -> None:
    if moved != wanted:
        raise LedgerMoved(f"{wanted - moved} of {wanted} balances were not as decided upon")
