"""What a desk promises for an organisation, and its objection, so that the marks on events are told."""

from dataclasses import replace
from uuid import UUID

from crisis.usecases.object_on_behalf import ObjectOnBehalf, object_on_behalf
from tests.db.crisis.on_behalf import spoken_of
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.world import World


async def tell_on_behalf(world: World) -> None:
    """A pledge written down by the secretariat, and what its organisation says to it."""
    crisis_id, line = await open_line(world, "100")
    org_id, writer = world.pledger.organisation_id, world.secretariat
    await world.database.unit_of_work(lambda tx: spoken_of(tx, org_id))
    said = world.pledging(crisis_id, line, "30", written_by_org_id=writer.organisation_id)
    (outcome,) = await world.propose([replace(said, caller=writer)])
    assert not isinstance(outcome, Exception), outcome
    objecting = ObjectOnBehalf(UUID(body(outcome)["offer_id"]), "not_agreed")
    await world.database.unit_of_work(lambda tx: object_on_behalf(tx, objecting, world.pledger, world.tools))
