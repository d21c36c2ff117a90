"""Offers without target: opened, revised, taken back, ended by their clock or because nothing is left."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from crisis.domain.offers import OfferState
from crisis.domain.refusals import (
    AvailabilityInvalid,
    CrisisNotOpen,
    HoldsRemain,
    NotFound,
    OfferLinePromised,
    OfferNotInState,
    OfferOfAnotherCrisis,
    ReasonUnknown,
    RoleMissing,
)
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.open_offer import OpenOffer, draft_offer, open_draft
from crisis.usecases.revise_offer_line import ReviseOfferLine, revise_offer_line
from crisis.usecases.withdraw_offer import WithdrawOffer, withdraw_offer
from imece_chassis.ids import uuid7
from tests.db.crisis.offering import an_offer, lasting, offer_worker, offered, run, state_of, tents
from tests.db.crisis.test_one_pledge import body, events, open_line
from tests.db.crisis.world import World, caller


async def types(world: World) -> list[str]:
    return [envelope.type for envelope, _ in await events(world)]


async def offer_of(world: World, allocation_id: UUID) -> UUID:
    return await world.value(
        "SELECT offer_id FROM offer_lines JOIN allocations USING (offer_line_id) WHERE allocation_id = $1",
        allocation_id,
    )


async def test_an_opened_offer_has_stock_a_clock_an_event_and_a_task_for_a_desk(world: World):
    crisis_id, _ = await open_line(world)
    offer = await offered(world, crisis_id, an_offer(tents("50", unit="palet"), tents("7")))
    assert offer.state is OfferState.OPEN
    assert offer.available_until == world.clock.now() + timedelta(days=14)
    rows = await world.rows("SELECT qty, reserved FROM offer_line_balances ORDER BY qty")
    assert [(row["qty"], row["reserved"]) for row in rows] == [(7, 0), (300, 0)]
    due = await world.value(
        "SELECT due_at FROM offers JOIN deadlines USING (deadline_id) WHERE offer_id = $1", offer.offer_id
    )
    assert due == offer.available_until
    told = [envelope for envelope, _ in await events(world) if envelope.key == str(offer.offer_id)]
    assert [(envelope.type, envelope.sequence) for envelope in told] == [("crisis.offer.opened", 1)]
    task = await world.rows("SELECT kind, place, state FROM tasks WHERE subject_id = $1", offer.offer_id)
    assert [tuple(row.values()) for row in task] == [("match_offer", "TUR031005", "open")]


async def test_an_offer_ends_with_its_availability_and_rows_that_wait_on_it_end_one_by_one(world: World):
    crisis_id, line = await open_line(world, "100")
    held = await world.accept(UUID(body(await world.pledge(crisis_id, line, "100"))["allocation_id"]))
    waiting = UUID(body(await world.pledge(crisis_id, line, "50"))["allocation_id"])
    offers = [await offer_of(world, held.rows[0].allocation_id), await offer_of(world, waiting)]
    assert await offer_worker(world).run_once() == 2
    assert [await state_of(world, offer) for offer in offers] == [("closed", "expired")] * 2
    states = await world.rows("SELECT state, reason FROM allocations ORDER BY allocation_id")
    assert [tuple(row.values()) for row in states] == [("held", None), ("expired", "offer_closed")]
    assert (await types(world))[-1] == "crisis.offer.closed"
    left = "SELECT count(*) FROM deadlines WHERE state = 'pending' AND subject_id = ANY ($1::uuid[])"
    assert await world.value(left, [*offers, waiting]) == 0
    assert not any((await check_ledger(world.database)).values())


async def test_withdrawing_ends_what_waits_and_names_what_is_held(world: World):
    crisis_id, line = await open_line(world, "100")
    held = await world.accept(UUID(body(await world.pledge(crisis_id, line, "100"))["allocation_id"]))
    waiting = UUID(body(await world.pledge(crisis_id, line, "50"))["allocation_id"])

    async def withdraw(offer_id: UUID, by=world.pledger, reason="no_funds"):
        command = WithdrawOffer(offer_id, reason)
        return await run(world, lambda tx: withdraw_offer(tx, command, by, world.tools))

    holding = await offer_of(world, held.rows[0].allocation_id)
    with pytest.raises(HoldsRemain) as refused:
        await withdraw(holding)
    assert refused.value.facts["rows"] == str(held.rows[0].allocation_id)
    with pytest.raises(NotFound):
        await withdraw(holding, caller("pledger"))
    with pytest.raises(RoleMissing):
        await withdraw(holding, world.secretariat)
    with pytest.raises(ReasonUnknown):
        await withdraw(holding, reason="because")
    ended = await withdraw(await offer_of(world, waiting))
    assert (ended.state, ended.reason, ended.clock) == (OfferState.CLOSED, "no_funds", None)
    assert await world.value("SELECT state FROM allocations WHERE allocation_id = $1", waiting) == "withdrawn"
    assert (await types(world))[-2:] == ["crisis.allocation.withdrawn", "crisis.offer.closed"]
    with pytest.raises(OfferNotInState):
        await withdraw(await offer_of(world, waiting))
    assert not any((await check_ledger(world.database)).values())


async def test_a_line_may_hold_more_or_less_but_never_less_than_promised(world: World):
    crisis_id, line = await open_line(world)
    allocation = UUID(body(await world.pledge(crisis_id, line, "100"))["allocation_id"])
    offer_id = await offer_of(world, allocation)
    offer_line = await world.value("SELECT offer_line_id FROM offer_lines")

    async def revise(quantity: str):
        command = ReviseOfferLine(offer_id, offer_line, quantity)
        return await run(world, lambda tx: revise_offer_line(tx, command, world.pledger, world.tools))

    with pytest.raises(OfferLinePromised) as refused:
        await revise("99")
    assert refused.value.facts["promised"] == "100"
    assert (await revise("250")).lines[0].qty == 250
    assert await world.value("SELECT qty FROM offer_line_balances") == Decimal(250)
    assert (await revise("100")).version == 3
    assert await world.value("SELECT qty FROM offer_line_balances") == Decimal(100)
    revisions = await world.rows("SELECT version, qty FROM offer_line_revisions ORDER BY version")
    assert [tuple(row.values()) for row in revisions] == [(1, 250), (2, 100)]
    told = [envelope for envelope, _ in await events(world) if envelope.key == str(offer_id)]
    assert [(each.type, each.sequence) for each in told][1:] == [
        ("crisis.offer.revised", 2),
        ("crisis.offer.revised", 3),
    ]


async def test_a_draft_is_written_again_until_it_opens_and_nobody_hears_of_it_before(world: World):
    crisis_id, _ = await open_line(world)
    offer_id = uuid7()

    async def draft(quantity: str, by=world.pledger):
        command = OpenOffer(crisis_id, lasting(world, tents(quantity)))
        return await run(world, lambda tx: draft_offer(tx, offer_id, command, by, world.tools))

    first, is_new = await draft("10")
    assert (is_new, first.version, first.told) == (True, 1, 0)
    second, is_new = await draft("20")
    assert (is_new, second.version) == (False, 2)
    with pytest.raises(NotFound):
        await draft("30", caller("pledger"))
    elsewhere = OpenOffer((await world.open_crisis()).crisis_id, lasting(world))
    with pytest.raises(OfferOfAnotherCrisis):
        await run(world, lambda tx: draft_offer(tx, offer_id, elsewhere, world.pledger, world.tools))
    assert "crisis.offer.opened" not in await types(world)
    assert await world.value("SELECT count(*) FROM offer_line_balances") == 0
    opened = await run(world, lambda tx: open_draft(tx, offer_id, world.pledger, world.tools))
    assert (opened.state, opened.version, opened.told) == (OfferState.OPEN, 3, 1)
    assert await world.value("SELECT qty FROM offer_line_balances") == 20
    with pytest.raises(OfferNotInState):
        await draft("40")
    assert await offer_worker(world).run_once() == 0


async def test_a_draft_nobody_opens_is_gone_after_a_week_without_a_word(world: World):
    crisis_id, _ = await open_line(world)
    offer_id = uuid7()
    command = OpenOffer(crisis_id, lasting(world))
    draft, _ = await run(world, lambda tx: draft_offer(tx, offer_id, command, world.pledger, world.tools))
    assert draft.clock is not None and draft.clock.due_at == world.clock.now() + timedelta(days=7)
    assert await offer_worker(world).run_once() == 1
    assert await state_of(world, offer_id) == ("closed", "expired")
    assert not [envelope for envelope, _ in await events(world) if envelope.key == str(offer_id)]


async def test_only_pledgers_offer_and_only_into_an_open_crisis(world: World):
    crisis_id, _ = await open_line(world)
    for stranger in (caller("asker"), caller("verifier")):
        with pytest.raises(RoleMissing):
            await offered(world, crisis_id, an_offer(), stranger)
    with pytest.raises(NotFound):
        await offered(world, uuid7(), an_offer())
    with pytest.raises(AvailabilityInvalid):
        await offered(world, crisis_id, an_offer(available_until=world.clock.now()))
    await run(world, lambda tx: tx.execute("UPDATE crises SET state = 'stood_down', stood_down_at = now()"))
    with pytest.raises(CrisisNotOpen):
        await offered(world, crisis_id, an_offer())
