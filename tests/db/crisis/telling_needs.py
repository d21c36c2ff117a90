"""One need after another through every step, so that every event of needs is told at least once."""

from crisis.usecases.heartbeat_need import Less
from tests.db.crisis.need_world import Needs
from tests.db.crisis.world import World


async def tell_needs(world: World) -> None:
    """Every type of crisis.needs.v1 and crisis.need_line.changed, merges aside."""
    needs = await Needs.of(world)
    returned = await needs.submitted()
    await needs.send_back(returned, "missing_information", "quantity", "contact_ref")
    await needs.silence(returned)
    await needs.submit_draft(returned)
    await needs.reject(returned)
    await needs.appeal(returned)
    await needs.decide(returned, "upheld", "still_not_confirmed")
    granted = await needs.submitted()
    await needs.reject(granted)
    await needs.appeal(granted)
    await needs.decide(granted, "granted")
    need = await needs.opened(needs.tents("10"), needs.tents("20"))
    await needs.verify(need, 2)
    await needs.hold(need)
    await needs.resume(need)
    await needs.delegate(need)
    await needs.end_delegation(need)
    await needs.silence(need)
    await needs.heartbeat(need)
    await needs.heartbeat(need, "less", Less(need.lines[0].need_line_id, "4"))
    await needs.relocate(need)
    await world.pledge(needs.crisis_id, need.lines[0].need_line_id, "3")
    await needs.close(need)
    await needs.reopen(need)
