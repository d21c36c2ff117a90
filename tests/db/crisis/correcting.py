"""Corrections for tests on a database: two keys of the secretariat, as one would turn them."""

from uuid import UUID

from crisis.domain.states import State
from crisis.domain.two_keys import PendingKey
from crisis.usecases.correct_record import CorrectRecord, propose_correction
from imece_chassis.access.caller import Caller
from tests.db.crisis.test_line_terms import hold
from tests.db.crisis.test_one_pledge import open_line
from tests.db.crisis.test_two_keys import confirm
from tests.db.crisis.world import World


async def ask_to_correct(
    world: World,
    allocation: UUID,
    by: Caller | None = None,
    excess: str | None = None,
    reason: str = "counted_wrong",
    **becomes: str,
) -> PendingKey:
    """The first key."""
    wanted = {State(state): quantity for state, quantity in becomes.items()}
    command = CorrectRecord(allocation, wanted, reason, excess)
    return await world.database.unit_of_work(
        lambda tx: propose_correction(tx, command, by or world.secretariat, world.tools)
    )


async def corrected(world: World, allocation: UUID, excess: str | None = None, **becomes: str) -> None:
    """Both keys."""
    await confirm(world, await ask_to_correct(world, allocation, None, excess, **becomes))


async def tell_corrections(world: World) -> None:
    """A held row that had come long ago, with more than was sent."""
    crisis_id, line = await open_line(world, "100")
    await corrected(world, await hold(world, crisis_id, line, "40"), "5", confirmed="30", short="10")
