"""Whether a command stands before a lock of another, as the server sees it."""

from tests.db.crisis.world import World
from tests.waiting import wait_until

_WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


async def is_anybody_waiting(world: World) -> bool:
    """At this moment."""
    return bool(await world.value(_WAITING))


async def somebody_waits(world: World) -> None:
    """Until a command stands before a lock of another."""
    await wait_until(lambda: is_anybody_waiting(world), timeout=20, message="nobody waits for a lock")
