"""A story in which everything about waiting lists, reminders and saturation orders is told."""

from crisis.domain.reminders import HALF
from tests.db.crisis.promoting import full_line, promote, waits
from tests.db.crisis.test_clocks import held, run
from tests.db.crisis.test_orders import confirm, issue, lapse
from tests.db.crisis.world import World, caller


async def tell_queue(world: World) -> None:
    """Room calls who waits; a holder is reminded; one order is confirmed and another lapses."""
    crisis, line, row = await full_line(world)
    await waits(world, crisis, line, "100")
    await world.withdraw(row)
    await promote(world, line)
    await held(world)
    await run(world, HALF)
    quiet = await world.open_crisis()
    await confirm(world, await issue(world, quiet.crisis_id), caller("secretariat"))
    await lapse(world, await issue(world, (await world.open_crisis()).crisis_id))
