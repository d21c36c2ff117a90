"""Statements that move the clocks of many rows lock each row before its clock, as whoever stops one does."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from crisis.store import allocations, winding_down
from crisis.store.queries import query
from imece_chassis.database import Transaction
from tests.db.crisis.lock_waits import somebody_waits
from tests.db.crisis.test_followed_clocks import pledged
from tests.db.crisis.test_line_terms import hold
from tests.db.crisis.test_one_pledge import open_line
from tests.db.crisis.world import NOW, World

Move = Callable[[Transaction, UUID, UUID], Awaitable[Any]]


async def hasten(tx: Transaction, crisis: UUID, _: UUID) -> None:
    await winding_down.hasten(tx, crisis, answer_by=NOW, wait_until=NOW)


async def let_wait(tx: Transaction, crisis: UUID, _: UUID) -> None:
    await winding_down.let_wait(tx, crisis)


async def follow(tx: Transaction, _: UUID, line: UUID) -> None:
    await tx.execute(query("move_line_deadlines"), line, NOW + timedelta(hours=1))


MOVES: dict[str, Move] = {
    "move_line_deadlines": follow,
    "hasten_deadlines": hasten,
    "let_wait": let_wait,
}


@pytest.mark.parametrize("statement", MOVES)
async def test_a_row_is_locked_before_its_clock(world: World, statement: str):
    """Another command holds the row and goes on to its clock: neither has to start again."""
    crisis, line = await open_line(world, "100")
    await hold(world, crisis, line, "100")
    row = await pledged(world, crisis, line, "30")
    if statement == "let_wait":
        await world.database.unit_of_work(lambda tx: hasten(tx, crisis, line))
    tries: list[str] = []
    moving: list[asyncio.Task[None]] = []

    async def move(tx: Transaction) -> None:
        tries.append("move")
        await MOVES[statement](tx, crisis, line)

    async def other(tx: Transaction) -> None:
        assert "other" not in tries, "it had to start again"
        tries.append("other")
        locked = await allocations.lock_many(tx, [row])
        if not moving:
            moving.append(asyncio.create_task(world.database.unit_of_work(move)))
        await somebody_waits(world)
        clock = locked[row].clock
        assert clock is not None
        await tx.execute("SELECT 1 FROM deadlines WHERE deadline_id = $1 FOR UPDATE", clock.deadline_id)

    await world.database.unit_of_work(other)
    await moving[0]
    assert sorted(tries) == ["move", "other"]
