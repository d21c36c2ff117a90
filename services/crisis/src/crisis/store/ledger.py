"""The posting routine: the only code that writes entries and the only code that touches balance columns.

Callers hold the row locks and have decided against the locked figures. A line that moved on nevertheless, or
an entry that would break cap or supply, aborts the transaction.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from crisis.domain.balances import ZERO, NeedBalance, moves
from crisis.domain.ledger import Entry, TermsChange
from crisis.domain.needs import NeedLine
from crisis.domain.offers import OfferTimer
from crisis.domain.states import BUCKETS, NeedBucket, State, SupplyBucket, Timer
from crisis.store.queries import query
from imece_chassis.database import Transaction
from imece_chassis.deadlines import Deadline, schedule_anew, schedule_once
from imece_chassis.ids import uuid7

LineKey = tuple[UUID, bool]
ENDED_WAITING = frozenset({State.EXPIRED, State.WITHDRAWN})


class LedgerMoved(RuntimeError):
    """A balance was not what the decision was made on; nothing was written."""


@dataclass(slots=True)
class _NeedChange:
    """What the entries of one transaction do to one need line."""

    first_version: int
    last_version: int
    moved: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(NeedBucket, ZERO))
    terms: TermsChange | None = None

    def told_at(self, line_version: int) -> None:
        """Count the event with this sequence in."""
        self.first_version = min(self.first_version, line_version)
        self.last_version = max(self.last_version, line_version)


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
        "UPDATE need_line_balances AS balance SET version = balance.version + 1, changed_at = now()"
        " FROM unnest($1::uuid[], $2::boolean[], $3::bigint[]) AS line (need_line_id, is_drill, version)"
        " WHERE balance.need_line_id = line.need_line_id AND balance.is_drill = line.is_drill"
        " AND balance.version = line.version RETURNING balance.need_line_id",
        [line_id for line_id, _ in versions],
        [is_drill for _, is_drill in versions],
        list(versions.values()),
    )
    _must_be_all(len(told), len(versions))


async def post(
    tx: Transaction,
    entries: Sequence[Entry],
    *,
    terms: Sequence[TermsChange] = (),
    opened_supply: Mapping[LineKey, Decimal] | None = None,
    revised_supply: Mapping[LineKey, Decimal] | None = None,
) -> None:
    """Write the entries, change terms, and move both sides' balances by them.

    `opened_supply` gives the quantity of offer lines that are new in this transaction, `revised_supply` by
    how much known ones changed. Raises LedgerMoved; cap and supply are checked once more by the database. A
    line that has more room than before and pledges waiting gets a promotion that is due at once, and so do
    lines where pledges wait of goods that are free again; an offer line of which nothing is left or promised
    gets a look at whether its offer has ended.
    """
    needs: dict[LineKey, _NeedChange] = {}
    supplies: dict[LineKey, dict[str, Decimal]] = {}
    for entry in entries:
        _fold_need(needs, entry)
        _fold_supply(supplies, entry)
    for change in terms:
        _fold_terms(needs, change)
    opened, revised = opened_supply or {}, revised_supply or {}
    if entries:
        await _insert_entries(tx, entries)
    await _open_supplies(tx, opened, supplies)
    moved = {key: moved for key, moved in supplies.items() if key not in opened and any(moved.values())}
    for key in revised:
        moved.setdefault(key, dict.fromkeys(SupplyBucket, ZERO))
    due = await _move_supplies(tx, moved, revised, {line_id for line_id, _ in needs})
    due += _settle_where_nobody_waits(entries)
    due += await _move_needs(tx, needs)
    due = list({(each.subject_type, each.subject_id, each.kind): each for each in due}.values())
    await schedule_anew(tx, *due)


def _change_of(needs: dict[LineKey, _NeedChange], key: LineKey, line_version: int) -> _NeedChange:
    change = needs.get(key)
    if change is None:
        change = needs[key] = _NeedChange(line_version, line_version)
    change.told_at(line_version)
    return change


def _fold_need(needs: dict[LineKey, _NeedChange], entry: Entry) -> None:
    change = _change_of(needs, (entry.need_line_id, entry.is_drill), entry.line_version)
    left = BUCKETS[entry.from_state][0] if entry.from_state is not None else None
    for column, by in moves(left, BUCKETS[entry.to_state][0], entry.qty).items():
        change.moved[column] += by


def _fold_terms(needs: dict[LineKey, _NeedChange], terms: TermsChange) -> None:
    change = _change_of(needs, (terms.need_line_id, terms.is_drill), terms.line_version)
    change.terms = terms if change.terms is None else change.terms.and_then(terms)


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
        *([supplies.get(key, {}).get(bucket, ZERO) for key in opened] for bucket in SupplyBucket),
    )


async def _move_supplies(
    tx: Transaction,
    supplies: Mapping[LineKey, Mapping[str, Decimal]],
    revised: Mapping[LineKey, Decimal],
    looked_at: Set[UUID],
) -> list[Deadline]:
    """What comes due by it; `looked_at` are need lines that are asked for themselves."""
    if not supplies:
        return []
    moved = await tx.fetch(
        query("move_offer_balances"),
        [line_id for line_id, _ in supplies],
        [is_drill for _, is_drill in supplies],
        [revised.get(key, ZERO) for key in supplies],
        *([change[bucket] for change in supplies.values()] for bucket in SupplyBucket),
    )
    _must_be_all(len(moved), len(supplies))
    waited_on = {line_id: row["at"] for row in moved for line_id in row["waited_on"] or ()}
    return [
        *(
            Deadline(uuid7(), "offer_line", row["offer_line_id"], OfferTimer.SETTLE, row["at"])
            for row in moved
            if row["may_end"]
        ),
        *(
            Deadline(uuid7(), "need_line", line_id, Timer.PROMOTE, at)
            for line_id, at in waited_on.items()
            if line_id not in looked_at
        ),
    ]


def _settle_where_nobody_waits(entries: Sequence[Entry]) -> list[Deadline]:
    """A row that waited held nothing of its offer: when it ends no balance tells that the offer may end."""
    ended = {
        entry.offer_line_id: entry.at
        for entry in entries
        if entry.from_state is State.WAITLISTED and entry.to_state in ENDED_WAITING
    }
    return [Deadline(uuid7(), "offer_line", line_id, OfferTimer.SETTLE, at) for line_id, at in ended.items()]


async def _move_needs(tx: Transaction, needs: Mapping[LineKey, _NeedChange]) -> list[Deadline]:
    """What comes due by it."""
    if not needs:
        return []
    terms = [change.terms for change in needs.values()]
    moved = await tx.fetch(
        query("move_need_balances"),
        [line_id for line_id, _ in needs],
        [is_drill for _, is_drill in needs],
        [change.first_version - 1 for change in needs.values()],
        [change.last_version for change in needs.values()],
        [change.requested if change else ZERO for change in terms],
        [change.over_cap if change else ZERO for change in terms],
        [change.elsewhere if change else ZERO for change in terms],
        [change.carried_excess if change else ZERO for change in terms],
        *([change.moved[bucket] for change in needs.values()] for bucket in NeedBucket),
    )
    _must_be_all(len(moved), len(needs))
    return [
        Deadline(uuid7(), "need_line", row["need_line_id"], Timer.PROMOTE, row["at"])
        for row in moved
        if row["may_promote"]
    ]


async def call_who_waits(tx: Transaction, balances: Iterable[NeedBalance], at: datetime) -> None:
    """Let a promotion come due for locked lines whose room may be given out again."""
    await schedule_once(
        tx,
        *(
            Deadline(uuid7(), "need_line", balance.need_line_id, Timer.PROMOTE, at)
            for balance in balances
            if balance.waitlisted and balance.room
        ),
    )


def _must_be_all(moved: int, wanted: int) -> None:
    if moved != wanted:
        raise LedgerMoved(f"{wanted - moved} of {wanted} balances were not as decided upon")
