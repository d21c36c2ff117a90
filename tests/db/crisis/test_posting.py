"""The posting routine's own guards, met one by one: no command can get here with these entries."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest

from crisis.domain.ledger import Entry, TermsChange
from crisis.domain.states import BUCKETS, NeedBucket, State, SupplyBucket
from crisis.store import ledger
from imece_chassis.ids import uuid7
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.world import NOW, World


class Posted(Exception):
    """The entries went through; nothing of it is kept."""


async def a_row(world: World, quantity: str = "10", requested: str = "100"):
    """A proposed row, as stored."""
    crisis_id, line = await open_line(world, requested)
    allocation = UUID(body(await world.pledge(crisis_id, line, quantity))["allocation_id"])
    (row,) = await world.rows(
        "SELECT allocation_id, root_id, need_line_id, offer_line_id, crisis_id, is_drill, qty, supply_qty,"
        " (SELECT version FROM need_line_balances AS line WHERE line.need_line_id = row.need_line_id)"
        " FROM allocations AS row WHERE allocation_id = $1",
        allocation,
    )
    return row


def entry(
    row, left: State | None, entered: State, *, version: int | None = None, qty: str | None = None
) -> Entry:
    quantity = Decimal(qty) if qty else row["qty"]
    return Entry(
        command_id=uuid7(),
        allocation_id=row["allocation_id"],
        root_id=row["root_id"],
        need_line_id=row["need_line_id"],
        offer_line_id=row["offer_line_id"],
        crisis_id=row["crisis_id"],
        is_drill=row["is_drill"],
        from_state=left,
        to_state=entered,
        supply_qty=quantity,
        qty=quantity,
        line_version=row["version"] + 1 if version is None else version,
        at=NOW,
    )


async def post(
    world: World, entries: Sequence[Entry], terms: Sequence[TermsChange] = ()
) -> dict[str, Decimal]:
    """Post and look, keep nothing: both balances as one dictionary. Raises what the routine does."""
    seen: dict[str, Decimal] = {}

    async def work(tx) -> None:
        await ledger.post(tx, entries, terms=terms)
        for table in ("need_line_balances", "offer_line_balances"):
            seen.update(dict(await tx.fetchrow(f"SELECT * FROM {table}")))
        raise Posted

    with pytest.raises(Posted):
        await world.database.unit_of_work(work)
    return seen


async def test_an_entry_decided_on_an_old_balance_is_refused(world: World):
    row = await a_row(world)
    await post(world, [entry(row, State.PROPOSED, State.HELD)])
    with pytest.raises(ledger.LedgerMoved):
        await post(world, [entry(row, State.PROPOSED, State.HELD, version=row["version"] + 2)])


async def test_an_accept_above_the_cap_is_refused_before_the_tables_own_check(world: World):
    row = await a_row(world, "100", "100")
    terms = TermsChange(row["need_line_id"], False, row["version"] + 1, elsewhere=Decimal(1))
    with pytest.raises(ledger.LedgerMoved):
        await post(world, [entry(row, State.PROPOSED, State.HELD)], [terms])


async def test_what_is_met_elsewhere_may_create_a_surplus_by_itself(world: World):
    row = await a_row(world, "100", "100")
    terms = TermsChange(row["need_line_id"], False, row["version"] + 1, elsewhere=Decimal(500))
    assert (await post(world, [], [terms]))["elsewhere"] == 500


async def test_more_than_the_offer_has_is_refused_before_the_tables_own_check(world: World):
    row = await a_row(world)
    with pytest.raises(ledger.LedgerMoved):
        await post(world, [entry(row, None, State.PROPOSED, qty="1")])


@pytest.mark.parametrize("state", [state for state in State if any(BUCKETS[state])])
async def test_every_bucket_is_posted_on_both_sides(world: World, state: State):
    row = await a_row(world)
    if state is State.PROPOSED:
        moved = await post(world, [])
    else:
        moved = await post(world, [entry(row, State.PROPOSED, state)])
    need, supply = BUCKETS[state]
    assert {bucket for bucket in NeedBucket if moved[bucket]} == ({need} if need else set())
    assert {bucket for bucket in SupplyBucket if moved[bucket]} == ({supply} if supply else set())


async def test_a_carried_excess_leaves_with_the_surplus_it_stands_for(world: World):
    row = await a_row(world, "10", "100")
    version = row["version"] + 1
    lowered = TermsChange(
        row["need_line_id"], False, version, requested=Decimal(-95), carried_excess=Decimal(5)
    )
    held = entry(row, State.PROPOSED, State.HELD, version=version)
    assert (await post(world, [held], [lowered]))["carried_excess"] == 5
    gone = entry(row, State.HELD, State.WITHDRAWN, version=version + 1)
    assert (await post(world, [held, gone], [lowered]))["carried_excess"] == 0


async def test_entries_without_an_allocation_are_refused_by_the_tables(world: World):
    row = dict(await a_row(world))
    row["allocation_id"] = uuid7()
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await post(world, [entry(row, State.PROPOSED, State.HELD)])
