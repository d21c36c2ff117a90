"""Every event of what is asked of lines: revised, met elsewhere, reserved, merged and parted again."""

from crisis.domain.merging import MergeMode
from crisis.usecases.merge_need import MergeNeed, merge_need
from crisis.usecases.state_elsewhere import StateElsewhere, state_elsewhere
from crisis.usecases.unmerge_need import unmerge_need
from tests.db.crisis.test_line_terms import hold, revise
from tests.db.crisis.test_two_keys import confirm, propose
from tests.db.crisis.world import World


async def tell_quantities(world: World) -> None:
    """Two needs for tents: one lowered, covered and reserved, then both merged and parted."""
    crisis = await world.open_crisis()
    first = await world.open_need(crisis.crisis_id, world.tents("100"))
    second = await world.open_need(crisis.crisis_id, world.tents("50"))
    line = first.lines[0].need_line_id
    for quantity in ("30", "40"):
        await hold(world, crisis.crisis_id, line, quantity)
    await revise(world, line, quantity="60")
    said = StateElsewhere(line, "20", "adet", "doc:1")
    await world.database.unit_of_work(lambda tx: state_elsewhere(tx, said, world.asker, world.tools))
    await confirm(world, await propose(world, line, "20"))
    command = MergeNeed(first.need_id, second.need_id, MergeMode.SUM)
    await world.database.unit_of_work(lambda tx: merge_need(tx, command, world.secretariat, world.tools))
    await world.database.unit_of_work(
        lambda tx: unmerge_need(tx, first.need_id, world.secretariat, world.tools)
    )
