"""An offer takes nothing new while its organisation may not act or a desk doubts it; never for ever."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest

from crisis.consumers.offers import offer_effects
from crisis.consumers.registry import standing_consumer
from crisis.domain.offers import Cause, Offer, OfferState
from crisis.domain.refusals import (
    NotFound,
    OfferNotInState,
    OrganisationMayNotAct,
    RoleMissing,
    SameParty,
)
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.follow_standing import FOLLOW
from crisis.usecases.suspend_offer import ResumeOffer, SuspendOffer, resume_offer, suspend_offer
from imece_chassis.access.caller import Caller
from imece_chassis.consumer import Received
from imece_chassis.deadlines import DeadlineWorker
from imece_chassis.ids import uuid7
from imece_contracts import registry
from imece_contracts.envelope import Envelope
from tests.db.crisis.offering import an_offer, lasting, offer_worker, offered, run, state_of
from tests.db.crisis.test_offers import offer_of, types
from tests.db.crisis.test_one_pledge import body, events, open_line
from tests.db.crisis.world import World, caller


async def suspend(world: World, offer_id: UUID, by: Caller | None = None) -> Offer:
    command = SuspendOffer(offer_id, "not_reachable")
    return await run(world, lambda tx: suspend_offer(tx, command, by or world.secretariat, world.tools))


async def resume(world: World, offer_id: UUID, by: Caller | None = None) -> Offer:
    command = ResumeOffer(offer_id, "reached_again")
    return await run(world, lambda tx: resume_offer(tx, command, by or world.secretariat, world.tools))


def news(world: World, organisation: UUID, state: registry.OrganisationLife, sequence: int) -> Received:
    model = registry.OrganisationSuspended if state == "suspended" else registry.OrganisationReinstated
    data = model(
        organisation_id=organisation,
        kind="association",
        legal_name="Deneme Derneği",
        state=state,
        seat_plate="06",
    )
    envelope = Envelope(
        id=uuid7(),
        type=model.type,
        source="//imece.example/registry",
        subject=f"organisation/{organisation}",
        time=world.clock.now(),
        dataschema=model.dataschema(),
        topic=model.topic.name,
        key=str(organisation),
        sequence=sequence,
        data=b"",
    )
    return Received(envelope, data, model.topic.name, 0, sequence)


async def hear(world: World, batch: Sequence[Received]) -> None:
    await run(world, lambda tx: standing_consumer(world.tools).handle(tx, batch))


async def follow(world: World) -> None:
    """Let offers follow their organisation; all other clocks stand still."""
    effect = offer_effects(world.database, world.tools)[FOLLOW]
    while await DeadlineWorker(world.database, {FOLLOW: effect}).run_once():
        continue


async def open_tasks(world: World) -> list[str]:
    rows = await world.rows("SELECT kind FROM tasks WHERE state <> 'done' ORDER BY kind")
    return [row["kind"] for row in rows]


async def test_a_desk_suspends_another_organisations_offer_and_a_review_is_due_in_three_days(world: World):
    crisis_id, _ = await open_line(world)
    offer = await offered(world, crisis_id, lasting(world))
    with pytest.raises(RoleMissing):
        await suspend(world, offer.offer_id, world.pledger)
    with pytest.raises(NotFound):
        await suspend(world, offer.offer_id, caller("provincial_desk", provinces=frozenset({"46"})))
    both = caller("secretariat", "pledger")
    own = await offered(world, crisis_id, lasting(world), both)
    with pytest.raises(SameParty):
        await suspend(world, own.offer_id, both)
    stopped = await suspend(world, offer.offer_id, caller("provincial_desk", provinces=frozenset({"31"})))
    assert (stopped.state, stopped.cause, stopped.reason) == (
        OfferState.SUSPENDED,
        Cause.DESK,
        "not_reachable",
    )
    assert stopped.clock is not None
    assert stopped.clock.due_at == world.clock.now() + timedelta(days=14)
    due = await world.value("SELECT due_at FROM tasks WHERE kind = 'offer_review'")
    assert due == world.clock.now() + timedelta(hours=72)
    with pytest.raises(OfferNotInState):
        await suspend(world, offer.offer_id)
    assert (await resume(world, offer.offer_id)).state is OfferState.OPEN
    assert await open_tasks(world) == ["match_offer", "match_offer"]
    told = [envelope for envelope, _ in await events(world) if envelope.key == str(offer.offer_id)]
    assert [(each.type, each.sequence) for each in told] == [
        ("crisis.offer.opened", 1),
        ("crisis.offer.suspended", 2),
        ("crisis.offer.resumed", 3),
    ]


async def test_nothing_of_a_suspended_offer_becomes_firm(world: World):
    crisis_id, line = await open_line(world)
    allocation = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    offer_id = await offer_of(world, allocation)
    await suspend(world, offer_id)
    with pytest.raises(OfferNotInState) as refused:
        await world.accept(allocation)
    assert refused.value.facts["state"] == "suspended"
    await resume(world, offer_id)
    assert (await world.accept(allocation)).balance.held == 10


async def test_a_suspended_offer_nobody_decides_on_is_closed_after_fourteen_days(world: World):
    crisis_id, line = await open_line(world)
    allocation = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    offer_id = await offer_of(world, allocation)
    await suspend(world, offer_id)
    assert await offer_worker(world).run_once() == 1
    assert await state_of(world, offer_id) == ("closed", "expired")
    assert await world.value("SELECT state FROM allocations") == "expired"
    assert await open_tasks(world) == []
    assert not any((await check_ledger(world.database)).values())


async def test_offers_follow_the_standing_of_their_organisation_and_holds_must_be_decided(world: World):
    crisis_id, line = await open_line(world)
    organisation = world.pledger.organisation_id
    other = await offered(world, crisis_id, lasting(world), caller("pledger"))
    mine = await offered(world, crisis_id, lasting(world))
    doubted = await offered(world, crisis_id, lasting(world))
    await suspend(world, doubted.offer_id)
    held = await world.accept(UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"]))
    holding = await offer_of(world, held.rows[0].allocation_id)
    await hear(world, [news(world, organisation, "suspended", 7)])
    await follow(world)
    assert await state_of(world, mine.offer_id) == ("suspended", "suspended")
    assert await state_of(world, holding) == ("suspended", "suspended")
    assert (await state_of(world, other.offer_id))[0] == "open"
    assert await world.value("SELECT state FROM allocations") == "held"
    due = await world.value("SELECT due_at FROM tasks WHERE kind = 'decide_hold'")
    assert due == world.clock.now() + timedelta(hours=4)
    with pytest.raises(OrganisationMayNotAct):
        await offered(world, crisis_id, an_offer())
    with pytest.raises(OrganisationMayNotAct):
        await resume(world, doubted.offer_id)

    await hear(world, [news(world, organisation, "active", 6)])
    await follow(world)
    assert (await state_of(world, mine.offer_id))[0] == "suspended"
    await hear(world, [news(world, organisation, "active", 8)])
    await follow(world)
    assert (await state_of(world, mine.offer_id))[0] == "open"
    assert (await state_of(world, holding))[0] == "open"
    assert (await state_of(world, doubted.offer_id)) == ("suspended", "not_reachable")
    assert "decide_hold" not in await open_tasks(world)
    assert (await types(world)).count("crisis.offer.resumed") == 2


async def test_news_that_changes_nothing_starts_no_walk(world: World):
    organisation = world.pledger.organisation_id
    await hear(world, [news(world, organisation, "active", 1), news(world, organisation, "active", 2)])
    assert await world.value("SELECT count(*) FROM deadlines WHERE kind = 'organisation.standing'") == 0
    await hear(world, [news(world, organisation, "suspended", 3), news(world, organisation, "active", 4)])
    assert await world.value("SELECT count(*) FROM deadlines WHERE kind = 'organisation.standing'") == 0
