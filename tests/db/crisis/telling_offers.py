"""A story that tells every event of offers and packages."""

from crisis.usecases.keep_package import OpenPackage, open_package, retire_package
from crisis.usecases.revise_offer_line import ReviseOfferLine, revise_offer_line
from crisis.usecases.suspend_offer import ResumeOffer, SuspendOffer, resume_offer, suspend_offer
from crisis.usecases.withdraw_offer import WithdrawOffer, withdraw_offer
from tests.db.crisis.offering import lasting, offered, run, tents
from tests.db.crisis.world import World


async def tell_offers(world: World) -> None:
    """From an offer without target, with all that can be said of a line, to its end; and a package."""
    crisis = await world.open_crisis()
    line = tents("300", ready_within_minutes=60, earmark={"places": ["TUR031"], "populations": ["children"]})
    offer = await offered(world, crisis.crisis_id, lasting(world, line, has_transport=True))
    revise = ReviseOfferLine(offer.offer_id, offer.lines[0].offer_line_id, "200")
    await run(world, lambda tx: revise_offer_line(tx, revise, world.pledger, world.tools))
    doubt = SuspendOffer(offer.offer_id, "stock_in_doubt")
    await run(world, lambda tx: suspend_offer(tx, doubt, world.secretariat, world.tools))
    trust = ResumeOffer(offer.offer_id, "checked")
    await run(world, lambda tx: resume_offer(tx, trust, world.secretariat, world.tools))
    back = WithdrawOffer(offer.offer_id, "no_funds")
    await run(world, lambda tx: withdraw_offer(tx, back, world.pledger, world.tools))
    keep = OpenPackage("TUR006", (tents("20"),), ready_within_minutes=30)
    package = await run(world, lambda tx: open_package(tx, keep, world.pledger, world.tools))
    await run(world, lambda tx: retire_package(tx, package.package_id, world.pledger, world.tools))
