"""Asking for more or less against what is already promised, on real rows."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from crisis.domain.refusals import BelowCommitted, HoldNotOnLine, NotFound, RoleMissing, StatementRevoked
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.line_step import LineChanged
from crisis.usecases.revise_need_line import ReviseNeedLine, revise_need_line
from crisis.usecases.state_elsewhere import (
    RevokeStatement,
    StateElsewhere,
    revoke_statement,
    state_elsewhere,
)
from imece_chassis.access.caller import Caller
from imece_contracts.crisis import AllocationReleased, LineEvent, NeedLineRevised
from tests.db.crisis.at_the_desk import remind_desk
from tests.db.crisis.test_one_pledge import body, events, open_line
from tests.db.crisis.world import World, caller

SENT_ON = """
INSERT INTO allocation_entries (need_line_id, line_version, allocation_id, is_drill, command_id, root_id,
                                offer_line_id, crisis_id, from_state, to_state, supply_qty, qty, at)
SELECT need_line_id, balance.version + 1, allocation_id, row.is_drill, gen_random_uuid(), root_id,
       offer_line_id, crisis_id, 'held', $2, supply_qty, qty, $3
  FROM allocations AS row JOIN need_line_balances AS balance USING (need_line_id) WHERE allocation_id = $1
"""
COUNTED = """
UPDATE need_line_balances AS balance SET held = held - qty, {need} = {need} + qty,
       version = balance.version + 1
  FROM allocations AS row WHERE allocation_id = $1 AND balance.need_line_id = row.need_line_id
"""
RENAMED = """
UPDATE allocations SET state = $2, version = version + 1,
       deadline_id = CASE WHEN $2 = 'confirmed' THEN NULL ELSE deadline_id END WHERE allocation_id = $1
"""
CONSUMED = """
UPDATE offer_line_balances AS balance SET committed = committed - supply_qty, consumed = consumed + supply_qty
  FROM allocations AS row WHERE allocation_id = $1 AND balance.offer_line_id = row.offer_line_id
"""
STOPPED = "UPDATE deadlines SET state = 'cancelled', settled_at = now() WHERE subject_id = $1"


async def revise(world: World, line: UUID, by: Caller | None = None, **changes: Any) -> LineChanged:
    command = ReviseNeedLine(line, changes.pop("reason", "counted_again"), **changes)
    return await world.database.unit_of_work(
        lambda tx: revise_need_line(tx, command, by or world.asker, world.tools)
    )


async def hold(world: World, crisis_id: UUID, line: UUID, quantity: str) -> UUID:
    """A held row, one minute younger than the one before."""
    world.clock.advance(timedelta(minutes=1))
    allocation = UUID(body(await world.pledge(crisis_id, line, quantity))["allocation_id"])
    await world.accept(allocation)
    return allocation


async def moved(world: World, allocation: UUID, state: str, need: str) -> None:
    """Send a held row on by hand, as consignments will: row, ledger and balances stay one."""

    async def work(tx: Any) -> None:
        await tx.execute(SENT_ON, allocation, state, world.clock.now())
        await tx.execute(COUNTED.format(need=need), allocation)
        if need == "good":
            await tx.execute(CONSUMED, allocation)
            await tx.execute(STOPPED, allocation)
        await tx.execute(RENAMED, allocation, state)

    await world.database.unit_of_work(work)


async def the_line_of_a18(world: World) -> tuple[UUID, UUID, list[UUID]]:
    """R 500 with H 300 in three rows, T 100, D 50."""
    crisis_id, line = await open_line(world, "500")
    on_the_road = await hold(world, crisis_id, line, "100")
    delivered = await hold(world, crisis_id, line, "50")
    held = [await hold(world, crisis_id, line, "100") for _ in range(3)]
    await moved(world, on_the_road, "dispatched", "in_transit")
    await moved(world, delivered, "confirmed", "good")
    return crisis_id, line, held


async def states(world: World, rows: list[UUID]) -> list[str]:
    found = await world.rows("SELECT allocation_id, state FROM allocations")
    known = {row["allocation_id"]: row["state"] for row in found}
    return [known[row] for row in rows]


async def test_a18_lowering_releases_newest_first(world: World):
    _, line, held = await the_line_of_a18(world)
    done = await revise(world, line, quantity="250")
    assert await states(world, held) == ["held", "released", "released"]
    assert (done.balance.requested, done.balance.held, done.balance.room) == (250, 100, 0)
    assert [row.allocation_id for row in done.released] == [held[2], held[1]]
    with pytest.raises(BelowCommitted) as refused:
        await revise(world, line, quantity="140")
    assert refused.value.facts["minimum"] == "150"
    done = await revise(world, line, quantity="150")
    assert (done.balance.held, done.balance.surplus) == (0, 0)
    by_hand = "i8_two_parties"  # nobody signed for what the test itself delivered
    findings = await check_ledger(world.database)
    assert not any(found for name, found in findings.items() if name != by_hand)


async def test_the_last_row_is_cut_and_every_row_has_its_own_event_before_the_lines(world: World):
    crisis_id, line = await open_line(world, "500")
    held = [await hold(world, crisis_id, line, "100") for _ in range(5)]
    await revise(world, line, quantity="350", by=world.secretariat)
    assert await states(world, held) == ["held", "held", "held", "split", "released"]
    told = [(at.sequence, data) for at, data in await events(world) if isinstance(data, LineEvent)]
    assert [sequence for sequence, _ in told] == list(range(1, 15))
    first, second, last = (data for _, data in told[-3:])
    assert isinstance(first, AllocationReleased) and (first.qty, first.rest) == (100, None)
    assert isinstance(second, AllocationReleased) and (second.qty, second.rest) == (50, 50)
    assert (second.rest_state, second.reason, second.from_state) == ("held", "requested_lowered", "held")
    assert isinstance(last, NeedLineRevised) and (last.before.R, last.after.R) == (500, 350)
    assert (first.line.H, second.line.H, last.line.H, last.line.R) == (400, 350, 350, 350)
    assert await world.value("SELECT sum(committed) FROM offer_line_balances") == 350
    assert not any((await check_ledger(world.database)).values())


async def test_a_desk_picks_what_goes_and_an_asker_cannot(world: World):
    crisis_id, line = await open_line(world, "300")
    held = [await hold(world, crisis_id, line, "100") for _ in range(3)]
    with pytest.raises(RoleMissing):
        await revise(world, line, quantity="200", release=(held[0],))
    await revise(world, line, by=world.secretariat, quantity="200", release=(held[0],))
    assert await states(world, held) == ["released", "held", "held"]
    with pytest.raises(HoldNotOnLine):
        await revise(world, line, by=world.secretariat, quantity="100", release=(held[0],))
    assert await world.value("SELECT requested FROM need_line_balances") == 200


async def test_more_is_asked_and_the_waiting_are_called(world: World):
    crisis_id, line = await open_line(world, "100")
    await hold(world, crisis_id, line, "100")
    await world.pledge(crisis_id, line, "50")
    done = await revise(world, line, quantity="120")
    assert (done.balance.gap, done.balance.waitlisted) == (20, 50)
    called = "SELECT count(*) FROM deadlines WHERE state = 'pending' AND kind = 'need_line.promote'"
    assert await world.value(called) == 1
    rows = await world.rows("SELECT version, requested, reason FROM need_line_revisions ORDER BY version")
    assert [tuple(row) for row in rows] == [(1, Decimal(100), None), (2, Decimal(120), "counted_again")]


async def test_clocks_follow_the_time_it_is_needed_by(world: World):
    crisis_id, line = await open_line(world, "100")
    await hold(world, crisis_id, line, "100")
    await world.pledge(crisis_id, line, "50")
    later = world.clock.now() + timedelta(days=9)
    await revise(world, line, needed_by=later)
    due = "SELECT due_at FROM deadlines WHERE state = 'pending' AND kind = $1"
    lease = await world.value(due, "allocation.hold")
    assert await world.value(due, "allocation.waiting") == later
    sooner = world.clock.now() + timedelta(hours=1)
    assert lease > sooner
    done = await revise(world, line, needed_by=sooner)
    assert await world.value(due, "allocation.waiting") == sooner
    assert await world.value(due, "allocation.hold") == sooner
    assert done.line.needed_by == sooner
    assert await world.value("SELECT needed_by FROM need_lines") == sooner


async def test_who_may_revise_a_line(world: World):
    crisis_id, line = await open_line(world)
    for stranger in (world.pledger, caller("asker"), caller("verifier")):
        with pytest.raises(RoleMissing):
            await revise(world, line, by=stranger, quantity="900")
    with pytest.raises(RoleMissing):
        await revise(world, line, by=caller("provincial_desk", provinces=frozenset({"06"})), quantity="900")
    await revise(world, line, by=caller("provincial_desk", provinces=frozenset({"31"})), quantity="900")
    with pytest.raises(NotFound):
        await revise(world, crisis_id, quantity="900")
    roles = await world.rows("SELECT actor_role FROM command_log WHERE command = 'revise_need_line'")
    assert [row["actor_role"] for row in roles] == ["provincial_desk"]


async def test_lowering_and_accepting_race_and_the_cap_holds(world: World):
    crisis_id, line = await open_line(world, "500")
    for round_ in range(8):
        waiting = [UUID(body(await world.pledge(crisis_id, line, "60"))["allocation_id"]) for _ in range(4)]
        lower, higher = ("300", "500") if round_ % 2 == 0 else ("240", "500")
        await asyncio.gather(
            revise(world, line, quantity=lower),
            *(world.accept(row) for row in waiting),
            return_exceptions=True,
        )
        held = await world.value("SELECT held FROM need_line_balances")
        assert held <= Decimal(lower)
        await revise(world, line, quantity=higher)
    assert not any((await check_ledger(world.database)).values())


async def test_what_is_met_elsewhere_counts_until_it_is_revoked(world: World):
    crisis_id, line = await open_line(world, "100")
    await hold(world, crisis_id, line, "80")

    async def state(quantity: str, by: Caller) -> tuple[UUID, LineChanged]:
        wanted = StateElsewhere(line, quantity, "adet", "doc:42")
        said, done = await world.database.unit_of_work(
            lambda tx: state_elsewhere(tx, wanted, by, world.tools)
        )
        return said.statement_id, done

    async def revoke(statement: UUID, by: Caller) -> LineChanged:
        wanted = RevokeStatement(statement, "did_not_come")
        _, done = await world.database.unit_of_work(lambda tx: revoke_statement(tx, wanted, by, world.tools))
        return done

    _, done = await state("20", world.asker)
    assert (done.balance.gap, done.balance.elsewhere, done.balance.label) == (0, 20, "COVERED")
    statement, done = await state("30", world.secretariat)
    assert (done.balance.surplus, done.balance.held) == (30, 80)
    surplus = "SELECT state FROM tasks WHERE kind = 'surplus'"
    assert await world.value(surplus) == "open"
    with pytest.raises(RoleMissing):
        await revoke(statement, world.asker)
    with pytest.raises(RoleMissing):
        await state("1", world.pledger)
    done = await revoke(statement, world.secretariat)
    assert (done.balance.elsewhere, done.balance.surplus) == (20, 0)
    assert await world.value(surplus) == "done"
    with pytest.raises(StatementRevoked):
        await revoke(statement, world.secretariat)
    assert not any((await check_ledger(world.database)).values())


async def test_a_surplus_that_a_withdrawal_took_away_is_no_task_any_more(world: World):
    crisis_id, line = await open_line(world, "100")
    held = await hold(world, crisis_id, line, "80")
    wanted = StateElsewhere(line, "50", "adet", "doc:42")
    await world.database.unit_of_work(lambda tx: state_elsewhere(tx, wanted, world.secretariat, world.tools))
    surplus = "SELECT state FROM tasks WHERE kind = 'surplus'"
    await remind_desk(world, line)
    assert await world.value(surplus) == "overdue"
    await world.withdraw(held)
    await remind_desk(world, line)
    assert await world.value(surplus) == "done"
