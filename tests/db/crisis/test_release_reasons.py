"""A desk takes a hold at once only for a reason that is so; for any other it asks the holder."""

from uuid import UUID

import pytest

from crisis.domain.reasons import RELEASE
from crisis.domain.refusals import ReasonNotSo, ReasonUnknown
from crisis.usecases.allocation_step import Moved
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.release_hold import ReleaseHold, release_hold
from crisis.usecases.state_elsewhere import StateElsewhere, state_elsewhere
from tests.db.crisis.crisis_steps import stood_down
from tests.db.crisis.offering import lasting, offered
from tests.db.crisis.terms import pledged_from, run, state_of
from tests.db.crisis.test_holding import ask, held_row, reply
from tests.db.crisis.test_one_pledge import open_line
from tests.db.crisis.test_suspended_offers import follow, hear, news, suspend
from tests.db.crisis.world import World


async def release(world: World, row: UUID, reason: str) -> Moved:
    command = ReleaseHold(row, reason)
    return await run(world, lambda tx: release_hold(tx, command, world.secretariat, world.tools))


@pytest.mark.parametrize("reason", sorted(RELEASE))
async def test_a_hold_nothing_speaks_against_is_not_taken(world: World, reason: str):
    _, _, row = await held_row(world)
    request = (await ask(world, row)).request.request_id
    await reply(world, request, agrees=False, planned=True)
    with pytest.raises(ReasonNotSo) as refused:
        await release(world, row, reason)
    assert refused.value.facts == {"reason": reason, "so": "–"}
    assert await state_of(world, row) == "held"


async def test_a_reason_of_no_list_is_unknown(world: World):
    _, _, row = await held_row(world)
    with pytest.raises(ReasonUnknown):
        await release(world, row, "better_source")


async def test_after_a_stand_down_a_desk_takes_what_it_decided_about(world: World):
    crisis_id, _, row = await held_row(world)
    await stood_down(world, crisis_id)
    with pytest.raises(ReasonNotSo) as refused:
        await release(world, row, "holder_suspended")
    assert refused.value.facts["so"] == "crisis_stood_down"
    assert (await release(world, row, "crisis_stood_down")).rows[0].state == "released"


async def test_goods_of_a_suspended_organisation_are_taken(world: World):
    _, _, row = await held_row(world)
    await hear(world, [news(world, world.pledger.organisation_id, "suspended", 7)])
    await follow(world)
    assert (await release(world, row, "holder_suspended")).rows[0].reason == "holder_suspended"


async def test_goods_a_desk_doubts_are_taken(world: World):
    crisis_id, line = await open_line(world)
    offer = await offered(world, crisis_id, lasting(world))
    row = await pledged_from(world, crisis_id, line, offer.lines[0].offer_line_id, "10")
    await world.accept(row)
    await suspend(world, offer.offer_id)
    assert (await release(world, row, "holder_suspended")).rows[0].state == "released"


async def test_of_a_surplus_only_what_is_too_much_goes(world: World):
    _, line, row = await held_row(world, "100", "100")
    said = StateElsewhere(line, "30", "adet", "doc:1")
    await run(world, lambda tx: state_elsewhere(tx, said, world.asker, world.tools))
    moved = await release(world, row, "requested_lowered")
    assert [(piece.state, int(piece.qty)) for piece in moved.rows] == [("released", 30), ("held", 70)]
    assert (int(moved.balance.held), moved.balance.surplus, moved.balance.gap) == (70, 0, 0)
    with pytest.raises(ReasonNotSo):
        await release(world, moved.rows[1].allocation_id, "requested_lowered")
    assert not any((await check_ledger(world.database)).values())


async def test_a_smaller_hold_goes_whole_and_the_rest_of_the_surplus_stays(world: World):
    _, line, row = await held_row(world, "20", "20")
    said = StateElsewhere(line, "30", "adet", "doc:1")
    await run(world, lambda tx: state_elsewhere(tx, said, world.asker, world.tools))
    moved = await release(world, row, "requested_lowered")
    assert [(piece.state, int(piece.qty)) for piece in moved.rows] == [("released", 20)]
