"""Whether commands stand before a lock of another, as the server sees it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from tests.db.crisis.world import World, again_after_503
from tests.waiting import wait_until

_WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


async def how_many_wait(world: World) -> int:
    """At this moment."""
    return await world.value(_WAITING)


async def somebody_waits(world: World) -> None:
    """Until a command stands before a lock of another."""
    await wait_until(lambda: how_many_wait(world), timeout=20, message="nobody waits for a lock")


async def before_the_lock(
    world: World, need_line_id: UUID, works: Sequence[Callable[[], Awaitable[object]]]
) -> list[object]:
    """Start the works one after the other while another holds the line, then let go: they meet at its lock.

    Their answers, or what they raised, in the same order.
    """
    holder = await world.database.dedicated()
    try:
        async with holder.transaction():
            await holder.execute(
                "SELECT 1 FROM need_line_balances WHERE need_line_id = $1 FOR UPDATE", need_line_id
            )
            started: list[asyncio.Task[object]] = []
            for work in works:
                started.append(asyncio.create_task(again_after_503(work)))
                so_many = len(started)
                await wait_until(lambda so_many=so_many: _are_waiting(world, so_many), timeout=20)
    finally:
        await holder.close()
    return await asyncio.gather(*started, return_exceptions=True)


async def _are_waiting(world: World, so_many: int) -> bool:
    return await how_many_wait(world) >= so_many
