"""What an organisation lets one person promise is not passed in small steps, nor by a call on a package."""

import json
from dataclasses import replace
from uuid import UUID

import pytest

from crisis.domain.answers import Rest
from crisis.domain.offers import OfferState
from crisis.domain.refusals import AboveOwnThreshold, CallAboveOwnThreshold, SameKey
from crisis.usecases.approve_offer import approve_offer
from crisis.usecases.batch import Outcome
from crisis.usecases.revise_offer_line import ReviseOfferLine, revise_offer_line
from crisis.usecases.set_thresholds import SetThresholds, set_thresholds
from crisis.usecases.withdraw_offer import WithdrawOffer, withdraw_offer
from imece_chassis.access.caller import Caller
from imece_chassis.ids import uuid7
from tests.db.crisis.offering import lasting, offered, run, tents
from tests.db.crisis.test_offer_approval import approve, colleague
from tests.db.crisis.test_one_pledge import open_line
from tests.db.crisis.test_package_stock import called, two_lines
from tests.db.crisis.test_packages import kept, pledged
from tests.db.crisis.world import TENT, World


@pytest.fixture
async def limited(world: World) -> World:
    """One person of the pledger may promise 100 tents."""
    limits = SetThresholds({TENT: "100"}, {})
    await run(world, lambda tx: set_thresholds(tx, limits, world.pledger, world.tools))
    return world


async def code_of(world: World, crisis_id: UUID, line: UUID, quantity: str, by: Caller | None = None) -> str:
    return said(await world.pledge(crisis_id, line, quantity, by))


def said(outcome: Outcome | Exception) -> str:
    """The code of the refusal, or the state of the pledge."""
    assert isinstance(outcome, Outcome)
    document = json.loads(outcome.answer.body)
    return str(document.get("code", document.get("state")))


async def called_row(world: World, quantity: str) -> UUID:
    _, line = await open_line(world)
    package = await kept(world, "300")
    return (await called(world, package, line, quantity)).rows[0].allocation_id


async def test_small_pledges_of_one_key_count_together(limited: World):
    world = limited
    crisis_id, line = await open_line(world)
    found = [await code_of(world, crisis_id, line, "50") for _ in range(3)]
    assert found == ["proposed", "proposed", "above_own_threshold"]
    assert await code_of(world, crisis_id, line, "50", colleague(world)) == "proposed"
    other_crisis, elsewhere = await open_line(world)
    assert await code_of(world, other_crisis, elsewhere, "100") == "proposed"


async def test_pledges_of_one_batch_count_together(limited: World):
    world = limited
    crisis_id, line = await open_line(world)
    outcomes = await world.propose([world.pledging(crisis_id, line, "50") for _ in range(3)])
    assert [said(each) for each in outcomes] == ["proposed", "proposed", "above_own_threshold"]


async def test_offers_packages_and_pledges_of_one_key_count_together(limited: World):
    world = limited
    crisis_id, line = await open_line(world)
    first = await offered(world, crisis_id, lasting(world, tents("60")))
    second = await offered(world, crisis_id, lasting(world, tents("60")))
    assert (first.state, second.state) == (OfferState.OPEN, OfferState.INTERNAL_APPROVAL)
    assert await code_of(world, crisis_id, line, "41") == "above_own_threshold"
    need_id = await world.value("SELECT need_id FROM need_lines WHERE need_line_id = $1", line)
    with pytest.raises(AboveOwnThreshold):
        await pledged(world, await kept(world, "41"), need_id)
    await pledged(world, await kept(world, "30"), need_id)
    assert await code_of(world, crisis_id, line, "11") == "above_own_threshold"
    await approve(world, second, colleague(world))
    assert await code_of(world, crisis_id, line, "10") == "proposed"


async def test_a_line_is_not_raised_past_what_its_key_put_up_beside_it(limited: World):
    world = limited
    crisis_id, _ = await open_line(world)
    offer = await offered(world, crisis_id, lasting(world, tents("40")))
    await offered(world, crisis_id, lasting(world, tents("50")))

    async def revised(quantity: str) -> None:
        command = ReviseOfferLine(offer.offer_id, offer.lines[0].offer_line_id, quantity)
        await run(world, lambda tx: revise_offer_line(tx, command, world.pledger, world.tools))

    with pytest.raises(AboveOwnThreshold):
        await revised("51")
    await revised("50")
    await revised("1")


async def test_what_was_taken_back_or_is_a_day_old_counts_no_more(limited: World):
    world = limited
    crisis_id, line = await open_line(world)
    offer = await offered(world, crisis_id, lasting(world, tents("100")))
    back = WithdrawOffer(offer.offer_id, "no_funds")
    await run(world, lambda tx: withdraw_offer(tx, back, world.pledger, world.tools))
    assert await code_of(world, crisis_id, line, "100") == "proposed"
    assert await code_of(world, crisis_id, line, "1") == "above_own_threshold"
    await run(world, lambda tx: tx.execute("UPDATE offers SET created_at = created_at - interval '24 hours'"))
    assert await code_of(world, crisis_id, line, "100") == "proposed"


async def test_one_key_does_not_accept_a_large_call_before_another_agreed(limited: World):
    world = limited
    row = await called_row(world, "300")
    with pytest.raises(CallAboveOwnThreshold) as refused:
        await world.accept(row, by=world.pledger)
    assert refused.value.facts["quantity"] == "300"
    offer_id = UUID(str(refused.value.facts["offer"]))
    first = colleague(world)
    await run(world, lambda tx: approve_offer(tx, offer_id, first, world.tools))
    with pytest.raises(SameKey):
        await world.accept(row, by=first)
    assert (await world.accept(row, by=world.pledger)).balance.held == 300


async def test_a_call_may_be_accepted_as_far_as_one_key_may_go(limited: World):
    world = limited
    row = await called_row(world, "300")
    assert (await world.accept(row, "100", Rest.DECLINE, by=world.pledger)).balance.held == 100


async def test_small_calls_accepted_by_one_key_count_together_and_with_its_pledges(limited: World):
    world = limited
    first, second = await two_lines(world)
    crisis_id = await world.value("SELECT crisis_id FROM crises")
    package = await kept(world, "300")
    rows = [(await called(world, package, line, "60")).rows[0].allocation_id for line in (first, second)]
    await world.accept(rows[0], by=world.pledger)
    with pytest.raises(CallAboveOwnThreshold):
        await world.accept(rows[1], by=world.pledger)
    assert await code_of(world, crisis_id, first, "41") == "above_own_threshold"
    assert (await world.accept(rows[1], by=replace(world.pledger, key_id=uuid7()))).balance.held == 60
