"""One crisis in tests on a database: where it stands, what was told of it, its wind-down."""

from uuid import UUID

from crisis.domain.crises import CrisisFacts
from crisis.store import crises
from crisis.usecases.stand_down import StandDown, stand_down
from tests.db.crisis.at_the_desk import run
from tests.db.crisis.test_one_pledge import events
from tests.db.crisis.world import World


async def types_about(world: World, crisis_id: UUID) -> list[str]:
    return [
        envelope.type.removeprefix("crisis.crisis.")
        for envelope, _ in await events(world)
        if envelope.key == str(crisis_id) and envelope.topic == "crisis.crises.v1"
    ]


async def now_of(world: World, crisis_id: UUID) -> CrisisFacts:
    found = await world.database.unit_of_work(lambda tx: crises.lock(tx, crisis_id))
    assert found is not None
    return found


async def stood_down(world: World, crisis_id: UUID) -> CrisisFacts:
    return await run(world, stand_down, StandDown(crisis_id, "response_complete"))
