"""Offers for tests on a database: commands as one would give them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from crisis.consumers.offers import offer_effects
from crisis.domain.offering import OfferLineRequest, OfferRequest
from crisis.domain.offers import Offer
from crisis.usecases.open_offer import OpenOffer, open_offer
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_chassis.deadlines import DeadlineWorker
from tests.db.crisis.world import TENT, World


def tents(quantity: str = "300", **changes: Any) -> OfferLineRequest:
    return OfferLineRequest(**{"item_code": TENT, "quantity": quantity, "unit": "adet", **changes})


def an_offer(*lines: OfferLineRequest, **changes: Any) -> OfferRequest:
    return OfferRequest(**{"origin": "TUR006", "lines": lines or (tents(),), **changes})


def lasting(world: World, *lines: OfferLineRequest, **changes: Any) -> OfferRequest:
    """An offer whose end the database's clock has not reached either."""
    until = world.clock.now() + timedelta(days=365 * 40)
    return an_offer(*lines, available_until=until, **changes)


async def offered(world: World, crisis_id: UUID, request: OfferRequest, by: Caller | None = None) -> Offer:
    command = OpenOffer(crisis_id, request)
    return await run(world, lambda tx: open_offer(tx, command, by or world.pledger, world.tools))


async def run(world: World, work: Callable[[Transaction], Any]) -> Any:
    return await world.database.unit_of_work(work)


def offer_worker(world: World) -> DeadlineWorker:
    """Only what ends offers; rows of the same tests keep their own clocks."""
    return DeadlineWorker(world.database, offer_effects(world.database, world.tools))


async def state_of(world: World, offer_id: UUID) -> tuple[str, str | None]:
    (row,) = await world.rows("SELECT state, reason FROM offers WHERE offer_id = $1", offer_id)
    return row["state"], row["reason"]
