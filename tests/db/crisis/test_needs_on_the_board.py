"""What boards show of needs on hold, stale, moved, closed and open again: they read lines' events only."""

from uuid import UUID

from crisis.board.card import Card
from crisis.board.projection import fact, settle
from crisis.board.tally import tally
from crisis.domain.needs import Need
from imece_contracts.crisis import LineEvent
from tests.db.crisis.need_world import Needs
from tests.db.crisis.test_one_pledge import body, events


async def card_of(needs: Needs, need: Need) -> Card:
    """The card of the need's only line after all its events, in any order and with repeats."""
    (line,) = need.lines
    facts = [
        fact(envelope, data)
        for envelope, data in await events(needs.world)
        if isinstance(data, LineEvent) and data.line.need_line == line.need_line_id
    ]
    settled = settle(None, [*reversed(facts), *facts])
    assert settled.waiting == () and not settled.card.parked
    return settled.card


async def held(needs: Needs, need: Need, quantity: str) -> None:
    outcome = await needs.world.pledge(needs.crisis_id, need.lines[0].need_line_id, quantity)
    await needs.world.accept(UUID(body(outcome)["allocation_id"]))


async def test_a_need_on_hold_is_shown_so_and_still_counts(needs: Needs):
    need = await needs.opened()
    await held(needs, need, "10")
    await needs.hold(need)
    card = await card_of(needs, need)
    assert (card.coverage, card.is_open, card.held, card.gap) == ("ON_HOLD", True, 10, 90)
    assert (tally(card).on_hold, tally(card).gaps) == (1, 1)
    await needs.resume(need)
    assert (await card_of(needs, need)).coverage == "PARTLY_COVERED"


async def test_a_stale_need_is_unconfirmed_until_somebody_says_still(needs: Needs):
    need = await needs.opened()
    await needs.silence(need)
    card = await card_of(needs, need)
    assert (card.stale, card.coverage, tally(card).stale) == (True, "UNCOVERED", 1)
    await needs.heartbeat(need)
    assert (await card_of(needs, need)).stale is False


async def test_a_closed_need_leaves_the_counters_and_comes_back_when_opened_again(needs: Needs):
    need = await needs.opened()
    await held(needs, need, "10")
    await needs.close(need)
    card = await card_of(needs, need)
    assert (card.coverage, card.is_open, card.held, tally(card).open) == ("CLOSED", False, 0, 0)
    await needs.reopen(need)
    card = await card_of(needs, need)
    assert (card.coverage, card.gap, tally(card).open) == ("UNCOVERED", 100, 1)


async def test_a_moved_need_is_shown_at_its_new_place_and_a_raised_level_too(needs: Needs):
    need = await needs.opened()
    await needs.relocate(need, "TUR031002")
    await needs.verify(need, 3)
    card = await card_of(needs, need)
    assert (card.place, card.verification) == ("TUR031002", 3)
