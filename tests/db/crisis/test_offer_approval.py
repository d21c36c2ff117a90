"""A second key of the same organisation, or silence: nobody hears of an offer that was not agreed to."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from crisis.domain.offers import Offer, OfferState
from crisis.domain.refusals import (
    AboveOwnThreshold,
    CrisisNotOpen,
    NotFound,
    OfferNotInState,
    RoleMissing,
    SameKey,
    Saturated,
)
from crisis.usecases.approve_offer import RejectOffer, approve_offer, reject_offer
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.revise_offer_line import ReviseOfferLine, revise_offer_line
from crisis.usecases.set_thresholds import SetThresholds, set_thresholds
from crisis.usecases.withdraw_offer import WithdrawOffer, withdraw_offer
from imece_chassis.access.caller import Caller, Grant
from imece_chassis.database import Transaction
from imece_chassis.ids import uuid7
from tests.db.crisis.lock_waits import somebody_waits
from tests.db.crisis.offering import lasting, offer_worker, offered, run, state_of, tents
from tests.db.crisis.test_one_pledge import body, events, open_line
from tests.db.crisis.test_orders import issue
from tests.db.crisis.world import HATAY, TENT, World, caller


async def limited(world: World, quantity: str = "100") -> None:
    limits = SetThresholds({TENT: quantity}, {"TRY": Decimal(5000)})
    await run(world, lambda tx: set_thresholds(tx, limits, world.pledger, world.tools))


async def waiting(world: World, crisis_id: UUID, quantity: str = "101") -> Offer:
    await limited(world)
    offer = await offered(world, crisis_id, lasting(world, tents(quantity)))
    assert offer.state is OfferState.INTERNAL_APPROVAL
    return offer


def colleague(world: World) -> Caller:
    return replace(world.pledger, key_id=uuid7())


async def approve(world: World, offer: Offer, by: Caller) -> Offer:
    return await run(world, lambda tx: approve_offer(tx, offer.offer_id, by, world.tools))


async def reject(world: World, offer: Offer, by: Caller) -> Offer:
    command = RejectOffer(offer.offer_id, "wrong_figures")
    return await run(world, lambda tx: reject_offer(tx, command, by, world.tools))


async def told_of(world: World, offer: Offer) -> list[str]:
    return [envelope.type for envelope, _ in await events(world) if envelope.key == str(offer.offer_id)]


async def test_a_second_key_of_the_organisation_opens_it_and_no_other(world: World):
    crisis_id, _ = await open_line(world)
    offer = await waiting(world, crisis_id)
    assert await world.value("SELECT count(*) FROM offer_line_balances") == 0
    assert await told_of(world, offer) == []
    with pytest.raises(SameKey):
        await approve(world, offer, world.pledger)
    for stranger in (world.secretariat, caller("pledger")):
        with pytest.raises(NotFound):
            await approve(world, offer, stranger)
    with pytest.raises(RoleMissing):
        await approve(world, offer, replace(colleague(world), grants=()))
    opened = await approve(world, offer, colleague(world))
    assert (opened.state, opened.told) == (OfferState.OPEN, 1)
    assert await world.value("SELECT qty FROM offer_line_balances") == 101
    assert await told_of(world, offer) == ["crisis.offer.opened"]
    with pytest.raises(OfferNotInState):
        await approve(world, offer, colleague(world))


async def test_who_waited_for_an_approval_sees_the_offer_it_opened(world: World):
    """Its owner takes it back at the same moment: the goods on offer are taken back, not a draft."""
    crisis = await world.open_crisis()
    offer = await waiting(world, crisis.crisis_id)
    second, withdrawing = colleague(world), WithdrawOffer(offer.offer_id, "no_funds")
    taking_back: list[asyncio.Task[Offer]] = []

    async def approving(tx: Transaction) -> None:
        await approve_offer(tx, offer.offer_id, second, world.tools)
        if not taking_back:
            work = run(world, lambda tx: withdraw_offer(tx, withdrawing, world.pledger, world.tools))
            taking_back.append(asyncio.create_task(work))
        await somebody_waits(world)

    await run(world, approving)
    assert (await taking_back[0]).state is OfferState.CLOSED
    assert await told_of(world, offer) == ["crisis.offer.opened", "crisis.offer.closed"]
    assert not any((await check_ledger(world.database)).values())


async def test_urgently_missing_goods_leave_twelve_hours_and_others_two_days(world: World):
    crisis_id, _ = await open_line(world)
    urgent = await waiting(world, crisis_id)
    assert urgent.clock is not None
    assert urgent.clock.due_at == world.clock.now() + timedelta(hours=12)
    calm = await world.open_crisis()
    normal = await waiting(world, calm.crisis_id)
    assert normal.clock is not None
    assert normal.clock.due_at == world.clock.now() + timedelta(hours=48)
    assert await offer_worker(world).run_once() == 2
    assert [await state_of(world, offer.offer_id) for offer in (urgent, normal)] == [
        ("closed", "expired"),
        ("closed", "expired"),
    ]
    assert await told_of(world, urgent) == []
    with pytest.raises(OfferNotInState):
        await approve(world, urgent, colleague(world))


async def test_a_rejected_offer_is_closed_without_a_word(world: World):
    crisis_id, _ = await open_line(world)
    offer = await waiting(world, crisis_id)
    with pytest.raises(NotFound):
        await reject(world, offer, world.secretariat)
    gone = await reject(world, offer, world.pledger)
    assert (gone.state, gone.reason) == (OfferState.CLOSED, "wrong_figures")
    assert await told_of(world, offer) == []
    assert await offer_worker(world).run_once() == 0


async def test_a_limit_that_is_raised_or_removed_goes_on_counting_for_a_day(world: World):
    crisis_id, _ = await open_line(world)
    await limited(world)
    for loosened in (SetThresholds({TENT: "500"}, {}), SetThresholds({}, {})):
        await run(world, lambda tx, said=loosened: set_thresholds(tx, said, world.pledger, world.tools))
        offer = await offered(world, crisis_id, lasting(world, tents("101")))
        assert offer.state is OfferState.INTERNAL_APPROVAL
    await limited(world, "50")
    offer = await offered(world, crisis_id, lasting(world, tents("51")))
    assert offer.state is OfferState.INTERNAL_APPROVAL


async def test_after_a_day_only_the_last_statement_counts(world: World):
    crisis_id, _ = await open_line(world)
    org_id = world.pledger.organisation_id

    async def stated(version: int, quantities: str, days_ago: int) -> None:
        statement = (
            "INSERT INTO organisation_thresholds (org_id, version, quantities, amounts, command_id,"
            " created_at) VALUES ($1, $2, $3, '{}', $1, now() - make_interval(days => $4))"
        )
        await run(world, lambda tx: tx.execute(statement, org_id, version, quantities, days_ago))

    await stated(1, f'{{"{TENT}": "100"}}', 9)
    await stated(2, f'{{"{TENT}": "200"}}', 2)
    assert (await offered(world, crisis_id, lasting(world, tents("200")))).state is OfferState.OPEN
    offer = await offered(world, crisis_id, lasting(world, tents("201")))
    assert offer.state is OfferState.INTERNAL_APPROVAL


async def test_the_grant_that_let_the_second_key_approve_is_the_one_that_applies(world: World):
    crisis_id, _ = await open_line(world)
    offer = await waiting(world, crisis_id)
    right = Grant("pledger", grant_id=uuid7(), crisis_id=crisis_id)
    elsewhere = (
        Grant("pledger", grant_id=uuid7(), crisis_id=uuid7()),
        Grant("pledger", grant_id=uuid7(), provinces=frozenset({"81"})),
    )
    second = replace(colleague(world), grants=(*elsewhere, right))
    assert (await approve(world, offer, second)).approved_by_grant == right.grant_id


async def test_a_line_does_not_pass_the_threshold_by_being_revised(world: World):
    crisis_id, _ = await open_line(world)
    await limited(world)
    offer = await offered(world, crisis_id, lasting(world, tents("90")))

    async def revise(quantity: str) -> Offer:
        command = ReviseOfferLine(offer.offer_id, offer.lines[0].offer_line_id, quantity)
        return await run(world, lambda tx: revise_offer_line(tx, command, world.pledger, world.tools))

    assert (await revise("100")).lines[0].qty == 100
    with pytest.raises(AboveOwnThreshold):
        await revise("101")


async def test_a_pledge_does_not_pass_it_either_but_goods_of_an_approved_offer_may(world: World):
    crisis_id, line = await open_line(world)
    offer = await approve(world, await waiting(world, crisis_id), colleague(world))
    refused = body(await world.pledge(crisis_id, line, "101"), 409)
    assert refused["code"] == "above_own_threshold"
    assert body(await world.pledge(crisis_id, line, "100"))["state"] == "proposed"
    from_offer = world.pledge(crisis_id, line, "101", offer_line_id=offer.lines[0].offer_line_id)
    assert body(await from_offer)["state"] == "proposed"


async def test_goods_that_are_stopped_everywhere_in_the_crisis_are_not_offered(world: World):
    crisis_id, _ = await open_line(world)
    waited = await waiting(world, crisis_id)
    await issue(world, crisis_id)
    with pytest.raises(Saturated):
        await offered(world, crisis_id, lasting(world, tents("5")))
    with pytest.raises(Saturated):
        await approve(world, waited, colleague(world))
    wide = await world.open_crisis(area=(HATAY, "TUR046"))
    await issue(world, wide.crisis_id)
    assert (await offered(world, wide.crisis_id, lasting(world, tents("5")))).state is OfferState.OPEN


async def test_an_approval_that_comes_after_the_crisis_is_refused(world: World):
    crisis_id, _ = await open_line(world)
    offer = await waiting(world, crisis_id)
    await run(world, lambda tx: tx.execute("UPDATE crises SET state = 'stood_down', stood_down_at = now()"))
    with pytest.raises(CrisisNotOpen):
        await approve(world, offer, colleague(world))
    assert (await reject(world, offer, colleague(world))).state is OfferState.CLOSED
