"""A reserve above the request, agreed with two keys: one key alone changes nothing."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from crisis.domain.refusals import (
    KeyNotPending,
    KeyPending,
    NotFound,
    OverCapInUse,
    RoleMissing,
    SameKey,
    SecondKeyMissing,
)
from crisis.domain.two_keys import KeyState, PendingKey
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.set_over_cap import SetOverCap, propose_over_cap
from crisis.usecases.settle_two_keys import (
    RefuseTwoKeys,
    confirm_two_keys,
    pending_two_keys,
    refuse_two_keys,
)
from crisis.usecases.two_keys import LAPSE
from imece_chassis.access.caller import Caller, Grant
from imece_chassis.ids import uuid7
from imece_contracts.crisis import NeedLineRevised
from tests.db.crisis.test_line_terms import hold, revise
from tests.db.crisis.test_one_pledge import events, open_line
from tests.db.crisis.test_silence import worker
from tests.db.crisis.world import World, caller


def another_key(who: Caller) -> Caller:
    """The same organisation with a second key."""
    return replace(who, key_id=uuid7())


async def propose(world: World, line: UUID, quantity: str, by: Caller | None = None) -> PendingKey:
    command = SetOverCap(line, quantity, "adet", "losses_expected")
    return await world.database.unit_of_work(
        lambda tx: propose_over_cap(tx, command, by or world.secretariat, world.tools)
    )


async def confirm(world: World, asked: PendingKey, by: Caller | None = None) -> PendingKey:
    who = by or another_key(world.secretariat)
    return await world.database.unit_of_work(
        lambda tx: confirm_two_keys(tx, asked.two_key_id, who, world.tools)
    )


async def refuse(world: World, asked: PendingKey, by: Caller) -> PendingKey:
    command = RefuseTwoKeys(asked.two_key_id, "not_agreed")
    return await world.database.unit_of_work(lambda tx: refuse_two_keys(tx, command, by, world.tools))


async def pending(world: World, by: Caller) -> list[UUID]:
    found = await world.database.snapshot(lambda tx: pending_two_keys(tx, by, None, None, 50))
    return [each.two_key_id for each in found]


async def test_a_reserve_widens_the_room_only_with_the_second_key(world: World):
    _, line = await open_line(world, "100")
    asked = await propose(world, line, "20")
    assert await world.value("SELECT over_cap FROM need_line_balances") == 0
    with pytest.raises(SameKey):
        await confirm(world, asked, world.secretariat)
    settled = await confirm(world, asked)
    assert (settled.state, settled.second_role) == (KeyState.CONFIRMED, "secretariat")
    assert await world.value("SELECT over_cap FROM need_line_balances") == 20
    last = (await events(world))[-1][1]
    assert isinstance(last, NeedLineRevised)
    assert (last.cause, last.before.C, last.after.C, last.line.room, last.line.gap) == (
        "over_cap", 0, 20, 120, 100,
    )  # fmt: skip
    logged = await world.rows("SELECT command FROM command_log ORDER BY command_id DESC LIMIT 3")
    assert {row["command"] for row in logged} == {"turn_first_key", "set_over_cap", "confirm_two_keys"}
    with pytest.raises(KeyNotPending):
        await confirm(world, asked)
    assert not any((await check_ledger(world.database)).values())


async def test_a_desk_proposes_and_only_the_secretariat_confirms(world: World):
    _, line = await open_line(world, "100")
    desk = caller("provincial_desk", provinces=frozenset({"31"}))
    with pytest.raises(RoleMissing):
        await propose(world, line, "20", world.asker)
    asked = await propose(world, line, "20", desk)
    with pytest.raises(RoleMissing):
        await confirm(world, asked, another_key(desk))
    with pytest.raises(NotFound):
        await confirm(world, asked, caller("pledger"))
    assert await pending(world, world.secretariat) == [asked.two_key_id]
    assert await pending(world, desk) == [asked.two_key_id]
    assert await pending(world, caller("provincial_desk")) == []
    assert (await confirm(world, asked, world.secretariat)).state is KeyState.CONFIRMED
    assert await pending(world, world.secretariat) == []


async def test_requests_of_others_do_not_hide_ones_own(world: World):
    crisis_id, line = await open_line(world, "100")
    asked = await propose(world, line, "20")
    _, other = await open_line(world, "100")
    await propose(world, other, "20")
    grants = (
        Grant("secretariat", crisis_id=crisis_id),
        Grant("secretariat", organisation_id=uuid7()),
        Grant("secretariat", provinces=frozenset({"06"})),
    )
    limited = replace(caller(), grants=grants)

    async def newest(by: Caller) -> list[UUID]:
        found = await world.database.snapshot(lambda tx: pending_two_keys(tx, by, None, None, 1))
        return [each.two_key_id for each in found]

    assert await newest(limited) == [asked.two_key_id]
    assert await newest(replace(limited, grants=grants[1:])) == []
    assert len(await pending(world, world.secretariat)) == 2


async def test_the_same_request_twice_names_the_first(world: World):
    _, line = await open_line(world, "100")
    asked = await propose(world, line, "20")
    with pytest.raises(KeyPending) as refused:
        await propose(world, line, "30")
    assert refused.value.facts["two_key_id"] == str(asked.two_key_id)


async def test_a_refusal_leaves_everything_as_it_was(world: World):
    _, line = await open_line(world, "100")
    asked = await propose(world, line, "20")
    settled = await refuse(world, asked, another_key(world.secretariat))
    assert (settled.state, settled.reason) == (KeyState.REFUSED, "not_agreed")
    taken_back = await refuse(world, await propose(world, line, "30"), world.secretariat)
    assert taken_back.state is KeyState.LAPSED
    assert await world.value("SELECT over_cap FROM need_line_balances") == 0
    assert await world.value("SELECT count(*) FROM deadlines WHERE state = 'pending' AND kind = $1",
                             "two_keys.lapse") == 0  # fmt: skip


async def test_no_second_key_in_time_voids_it(world: World):
    _, line = await open_line(world, "100")
    asked = await propose(world, line, "20")
    while await worker(world, LAPSE).run_once():
        continue
    assert await world.value("SELECT state FROM two_keys") == "lapsed"
    with pytest.raises(SecondKeyMissing):
        await confirm(world, asked)
    asked = await propose(world, line, "20")
    world.clock.advance(timedelta(hours=24))
    with pytest.raises(SecondKeyMissing):
        await confirm(world, asked)
    assert await world.value("SELECT over_cap FROM need_line_balances") == 0


async def test_a_reserve_in_use_stays_and_the_request_goes_on_waiting(world: World):
    crisis_id, line = await open_line(world, "100")
    await confirm(world, await propose(world, line, "20"))
    none = await propose(world, line, "0")
    await hold(world, crisis_id, line, "110")
    with pytest.raises(OverCapInUse) as refused:
        await confirm(world, none)
    assert refused.value.facts["minimum"] == "10"
    assert await world.value("SELECT state FROM two_keys WHERE two_key_id = $1", none.two_key_id) == "pending"
    await revise(world, line, quantity="80")
    assert await world.value("SELECT held FROM need_line_balances") == 100


async def test_two_second_keys_race_and_one_wins(world: World):
    _, line = await open_line(world, "100")
    asked = await propose(world, line, "20")
    both = await asyncio.gather(*(confirm(world, asked) for _ in range(2)), return_exceptions=True)
    assert [type(each) for each in both if isinstance(each, Exception)] == [KeyNotPending]
    assert await world.value("SELECT over_cap FROM need_line_balances") == 20
