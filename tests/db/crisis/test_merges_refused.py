"""Who may merge which needs, and when a merge can be undone."""

from datetime import timedelta
from uuid import UUID

import pytest

from crisis.domain.clocks import Urgency
from crisis.domain.merging import MergeMode
from crisis.domain.needs import Need
from crisis.domain.refusals import (
    FigureMissing,
    LinesNotEqual,
    LineWithoutMatch,
    MergeMakesOwnPledge,
    NeedClosed,
    NeedsNotMergeable,
    NotMerged,
    RoleMissing,
    UndoTooLate,
)
from crisis.usecases.submit_need import SubmitNeed, submit_need
from crisis.usecases.verify_need import VerifyNeed, verify_need
from tests.db.crisis.merging import Twins, merge, sound, twins, unmerge
from tests.db.crisis.terms import run
from tests.db.crisis.test_one_pledge import body
from tests.db.crisis.world import TENT, World, caller


async def test_no_merge_puts_an_organisations_goods_on_its_own_need(world: World):
    crisis = await world.open_crisis()
    first = await world.open_need(crisis.crisis_id, world.tents("100"))
    world.asker = caller("asker", "pledger")
    second = await world.open_need(crisis.crisis_id, world.tents("100"))
    line = first.lines[0].need_line_id
    pair = Twins(crisis.crisis_id, first.need_id, line, second.need_id, second.lines[0].need_line_id)
    own = UUID(body(await world.pledge(crisis.crisis_id, line, "40", world.asker))["allocation_id"])
    with pytest.raises(MergeMakesOwnPledge) as refused:
        await merge(world, pair)
    assert refused.value.facts["allocations"] == str(own)
    await world.withdraw(own, by=world.asker)
    assert (await merge(world, pair)).rows == 0
    assert await sound(world)


async def test_undoing_twice_late_or_what_was_never_merged_is_refused(world: World):
    pair = await twins(world)
    with pytest.raises(NotMerged):
        await unmerge(world, pair.need)
    await merge(world, pair)
    with pytest.raises(NeedClosed):
        await merge(world, pair)
    world.clock.advance(timedelta(hours=24, seconds=1))
    with pytest.raises(UndoTooLate):
        await unmerge(world, pair.need)
    other = await twins(world)
    await merge(world, other)
    await unmerge(world, other.need)
    with pytest.raises(NotMerged):
        await unmerge(world, other.need)


async def test_only_equal_lines_of_one_crisis_merge(world: World):
    pair, stranger = await twins(world), await twins(world)
    with pytest.raises(NeedsNotMergeable):
        await merge(world, Twins(pair.crisis_id, pair.need, pair.line, pair.need, pair.line))
    with pytest.raises(NeedsNotMergeable):
        await merge(world, Twins(pair.crisis_id, pair.need, pair.line, stranger.into, stranger.into_line))
    blankets = await world.open_need(pair.crisis_id, world.tents("10", item_code="SHL-BLNK-MED"))
    with pytest.raises(LineWithoutMatch):
        await merge(world, Twins(pair.crisis_id, blankets.need_id, pair.line, pair.into, pair.into_line))
    with pytest.raises(LinesNotEqual):
        await merge(
            world,
            Twins(pair.crisis_id, blankets.need_id, pair.line, pair.into, pair.into_line),
            lines={blankets.lines[0].need_line_id: pair.into_line},
        )
    several = await world.open_need(pair.crisis_id, world.tents("10"), world.tents("20"))
    wanted = Twins(pair.crisis_id, pair.need, pair.line, several.need_id, several.lines[1].need_line_id)
    with pytest.raises(LineWithoutMatch):
        await merge(world, wanted)
    done = await merge(world, wanted, lines={pair.line: wanted.into_line})
    assert done.locked.balances[wanted.into_line].requested == 500
    assert (
        await world.value("SELECT DISTINCT item_code FROM need_lines WHERE need_id = $1", pair.need) == TENT
    )


async def test_who_may_merge(world: World):
    pair = await twins(world)
    for stranger in (world.asker, world.pledger, caller("verifier")):
        with pytest.raises(RoleMissing):
            await merge(world, pair, by=stranger)
    with pytest.raises(RoleMissing):
        await merge(world, pair, by=caller("provincial_desk", provinces=frozenset({"06"})))
    desk = caller("provincial_desk", provinces=frozenset({"31"}))
    await merge(world, pair, by=desk)
    with pytest.raises(RoleMissing):
        await unmerge(world, pair.need, by=world.asker)
    await unmerge(world, pair.need, by=desk)


async def test_a_merge_by_hand_says_what_every_line_asks_for(world: World):
    pair = await twins(world, "500", "300")
    with pytest.raises(FigureMissing) as refused:
        await merge(world, pair, MergeMode.MANUAL)
    assert refused.value.facts["need_line_id"] == str(pair.into_line)
    assert await sound(world)


async def test_a_merge_across_provinces_is_undone_by_who_may_decide_about_both(world: World):
    crisis = await world.open_crisis(area=("TUR031", "TUR046"))

    async def need_in(district: str) -> Need:
        command = SubmitNeed(crisis.crisis_id, district, Urgency.URGENT, (world.tents("100"),))
        need = await run(world, lambda tx: submit_need(tx, command, world.asker, world.tools))
        verify = VerifyNeed(need.need_id, 1)
        return await run(world, lambda tx: verify_need(tx, verify, world.secretariat, world.tools))

    first, second = await need_in("TUR031005"), await need_in("TUR046001")
    line, into = first.lines[0].need_line_id, second.lines[0].need_line_id
    await merge(world, Twins(crisis.crisis_id, first.need_id, line, second.need_id, into))
    for plates in ({"31"}, {"46"}):
        with pytest.raises(RoleMissing):
            await unmerge(world, first.need_id, caller("provincial_desk", provinces=frozenset(plates)))
    both = caller("provincial_desk", provinces=frozenset({"31", "46"}))
    await unmerge(world, first.need_id, both)
    assert await sound(world)
