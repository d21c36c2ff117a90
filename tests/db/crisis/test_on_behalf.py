"""A desk writes for an organisation without access: who may, who answers, and what an objection ends."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest

from crisis.domain.allocations import Plan, Transport
from crisis.domain.conditions import ConditionRequest, ConditionType
from crisis.domain.refusals import (
    AllocationNotInState,
    ConditionInvalid,
    MergeMakesOwnPledge,
    NotFound,
    OfferNotInState,
    PledgeIdTaken,
    RoleMissing,
    SameParty,
)
from crisis.http.views import promised_answer
from crisis.store import needs as stored
from crisis.usecases.answer_release import AnswerRelease, answer_release
from crisis.usecases.call_offer import CallOffer, call_offer
from crisis.usecases.counter_allocation import CounterAllocation, counter_allocation
from crisis.usecases.extend_hold import ExtendHold, extend_hold
from crisis.usecases.object_on_behalf import ObjectOnBehalf, object_on_behalf
from crisis.usecases.propose_allocations import ProposeAllocations
from crisis.usecases.put_pledge import put_pledge
from crisis.usecases.request_release import RequestRelease, request_release
from crisis.usecases.withdraw_allocation import WithdrawAllocation, withdraw_allocation
from imece_chassis.access.caller import Caller, Grant
from imece_chassis.ids import uuid7
from imece_contracts.crisis import AllocationWithdrawn, OfferClosed
from tests.db.crisis.merging import Twins, merge, sound
from tests.db.crisis.need_world import Needs
from tests.db.crisis.on_behalf import gets_access, spoken_of
from tests.db.crisis.test_one_pledge import body, events
from tests.db.crisis.world import World, caller

SEAT = frozenset({"06"})


class Written:
    """30 tents a desk of Ankara wrote down for an organisation there, for a need in Hatay."""

    def __init__(self, world: World, needs: Needs, line: UUID, writer: Caller) -> None:
        self.world, self.needs, self.line, self.writer = world, needs, line, writer
        self.allocation = self.offer = self.offer_line = line

    @classmethod
    async def of(cls, world: World) -> "Written":
        needs = await Needs.of(world)
        need = await needs.opened(needs.tents("100"))
        written = cls(world, needs, need.lines[0].need_line_id, caller("provincial_desk", provinces=SEAT))
        await world.database.unit_of_work(lambda tx: spoken_of(tx, world.pledger.organisation_id))
        made = body(await written.promise("30"))
        written.allocation, written.offer = UUID(made["allocation_id"]), UUID(made["offer_id"])
        written.offer_line = await world.value("SELECT offer_line_id FROM offer_lines")
        return written

    async def free_line(self) -> UUID:
        """An offer line of goods written down and declined: all of it is free."""
        await self.world.decline(self.allocation, by=self.needs.desk)
        return self.offer_line

    async def promise(
        self,
        quantity: str,
        *,
        through: ProposeAllocations | None = None,
        by: Caller | None = None,
        **changes: Any,
    ) -> Any:
        who = by or self.writer
        said = self.world.pledging(self.needs.crisis_id, self.line, quantity, **changes)
        pledge = replace(said.pledge, written_by_org_id=who.organisation_id)
        (outcome,) = await (through or self.world.propose)([replace(said, pledge=pledge, caller=who)])
        return outcome

    async def do(self, work, command, who: Caller):
        return await self.world.database.unit_of_work(lambda tx: work(tx, command, who, self.world.tools))

    async def object(self, by: Caller | None = None):
        return await self.do(
            object_on_behalf, ObjectOnBehalf(self.offer, "not_agreed"), by or self.world.pledger
        )

    async def states(self) -> list[str]:
        rows = await self.world.rows(
            "SELECT state FROM allocations WHERE state <> 'split' ORDER BY allocation_id"
        )
        return [row[0] for row in rows]


@pytest.fixture
async def written(world: World) -> Written:
    return await Written.of(world)


async def test_what_an_organisation_offers_itself_is_called_and_not_promised_for_it(written: Written):
    await written.world.pledge(written.needs.crisis_id, written.line, "40")
    own = await written.world.value(
        "SELECT line.offer_line_id FROM offer_lines AS line JOIN offers USING (offer_id)"
        " WHERE behalf_org_id IS NULL"
    )
    refused = (await written.promise("5", offer_line_id=own)).answer
    assert (refused.status, orjson.loads(refused.body)["code"]) == (409, "offer_not_on_behalf")
    assert (await written.states()) == ["proposed", "proposed"]


async def test_goods_another_desk_wrote_down_are_called_and_not_promised_again(written: Written):
    world, free = written.world, await written.free_line()
    other = caller("provincial_desk", provinces=SEAT)
    refused = (await written.promise("5", by=other, offer_line_id=free)).answer
    assert (refused.status, orjson.loads(refused.body)["code"]) == (409, "offer_written_by_another")
    grants = (*other.grants, Grant("provincial_desk", provinces=frozenset({"31"})))
    called = await written.do(
        call_offer, CallOffer(written.line, free, "5", "adet"), replace(other, grants=grants)
    )
    row = called.rows[0]
    assert (row.state, row.awaiting, row.behalf and row.behalf.by_org_id) == (
        "proposed",
        "pledger",
        written.writer.organisation_id,
    )
    with pytest.raises(NotFound):
        await world.accept(row.allocation_id, by=other)
    assert (await written.promise("5", offer_line_id=free)).answer.status == 201
    assert await sound(world)


async def test_whoever_wrote_answers_for_the_pledger_until_it_has_a_key(written: Written):
    world = written.world
    counter = CounterAllocation(written.allocation, quantity="20")
    await written.do(counter_allocation, counter, written.needs.desk)
    written.allocation = await world.value("SELECT allocation_id FROM allocations WHERE state = 'countered'")
    with pytest.raises(RoleMissing):
        await world.accept(written.allocation, by=written.needs.desk)
    await world.database.unit_of_work(lambda tx: gets_access(tx, world.pledger.organisation_id))
    with pytest.raises(RoleMissing):
        await world.accept(written.allocation, by=written.writer)
    await world.database.unit_of_work(
        lambda tx: tx.execute("UPDATE credentials_mirror SET revoked_at = now()")
    )
    await world.accept(written.allocation, by=written.writer)
    assert "held" in await written.states()
    assert await sound(world)


async def test_who_wrote_it_down_accepts_and_calls_nothing_of_it(written: Written):
    grants = (*written.writer.grants, Grant("provincial_desk", provinces=frozenset({"31"})))
    everywhere = replace(written.writer, grants=grants)
    with pytest.raises(SameParty):
        await written.world.accept(written.allocation, by=everywhere)
    await written.world.decline(written.allocation, by=written.needs.desk)
    command = CallOffer(written.line, written.offer_line, "10", "adet")
    with pytest.raises(SameParty):
        await written.do(call_offer, command, everywhere)
    called = await written.do(call_offer, command, written.needs.desk)
    await written.world.accept(called.rows[0].allocation_id, by=written.writer)
    assert "held" in await written.states()
    assert await sound(written.world)


async def test_an_asker_delegated_by_the_writer_does_not_accept_it(written: Written):
    grants = (*written.writer.grants, Grant("provincial_desk", provinces=frozenset({"31"})))
    everywhere = replace(written.writer, grants=grants)
    need = await written.world.value("SELECT need_id FROM needs")
    needs = written.needs
    found = await written.world.database.snapshot(lambda tx: stored.read(tx, need))
    assert found is not None
    await needs.delegate(found, by=everywhere)
    with pytest.raises(RoleMissing):
        await written.world.accept(written.allocation, by=written.world.asker)
    await needs.delegate(found, by=needs.desk)
    await written.world.accept(written.allocation, by=written.world.asker)
    assert await sound(written.world)


async def test_an_objection_ends_what_waits_and_is_held_and_takes_the_free_goods_along(written: Written):
    world = written.world
    await written.promise("25", offer_line_id=written.offer_line)
    await world.accept(written.allocation, by=written.needs.desk)
    viewer = replace(
        world.pledger, grants=(Grant("org_viewer", organisation_id=world.pledger.organisation_id),)
    )
    after = await written.object(by=viewer)
    assert (after.state, after.reason) == ("closed", "objection")
    assert set(await written.states()) == {"withdrawn"}
    balance = (await world.rows("SELECT reserved, committed FROM offer_line_balances"))[0]
    assert tuple(balance) == (0, 0)
    kinds = [type(data) for _, data in await events(world)]
    assert kinds.count(AllocationWithdrawn) == len(await written.states())
    assert kinds[-1] is OfferClosed
    assert await sound(world)
    with pytest.raises(OfferNotInState):
        await written.object()


async def test_goods_of_a_declined_promise_are_nobodys_to_call_after_the_objection(written: Written):
    await written.world.decline(written.allocation, by=written.needs.desk)
    await written.object()
    command = CallOffer(written.line, written.offer_line, "10", "adet")
    with pytest.raises(OfferNotInState):
        await written.do(call_offer, command, written.needs.desk)
    with pytest.raises(AllocationNotInState):
        await written.world.accept(written.allocation, by=written.needs.desk)
    assert await sound(written.world)


async def test_who_asks_for_the_goods_is_not_merged_with_who_wrote_them(written: Written):
    world, needs = written.world, written.needs
    need = await world.value("SELECT need_id FROM needs")
    asking = replace(written.writer, grants=(Grant("asker"),))
    into = await needs.verify(await needs.submitted(needs.tents("50"), by=asking))
    pair = Twins(needs.crisis_id, need, written.line, into.need_id, into.lines[0].need_line_id)
    with pytest.raises(MergeMakesOwnPledge):
        await merge(world, pair)


async def test_nobody_states_conditions_in_anothers_name(written: Written):
    due_at = written.world.clock.now() + timedelta(hours=20)
    condition = ConditionRequest(ConditionType.FUNDING_ARRIVES, due_at)
    refused = (await written.promise("5", conditions=(condition,))).answer
    assert (refused.status, orjson.loads(refused.body)["code"]) == (422, "condition_invalid")
    called = await written.do(
        call_offer, CallOffer(written.line, await written.free_line(), "10", "adet"), written.needs.desk
    )
    counter = CounterAllocation(called.rows[0].allocation_id, quantity="5", conditions=(condition,))
    with pytest.raises(ConditionInvalid):
        await written.do(counter_allocation, counter, written.writer)


async def test_nothing_is_written_before_it_is_switched_on(written: Written):
    off = ProposeAllocations(written.world.database, written.world.tools, promised_answer)
    refused = (await written.promise("5", through=off)).answer
    assert (refused.status, orjson.loads(refused.body)["code"]) == (409, "on_behalf_not_open")


async def test_an_id_of_the_writers_own_names_one_promise(written: Written):
    said = written.world.pledging(written.needs.crisis_id, written.line, "5", allocation_id=uuid7())
    pledge = replace(said.pledge, written_by_org_id=written.writer.organisation_id)
    command = replace(said, pledge=pledge, caller=written.writer)

    async def put(who: Caller) -> bool:
        named = replace(command, caller=who)
        return await written.world.database.unit_of_work(
            lambda tx: put_pledge(tx, named, written.world.propose)
        )

    assert [await put(written.writer), await put(written.writer)] == [True, False]
    with pytest.raises(PledgeIdTaken):
        await put(written.world.pledger)


async def test_a_promise_from_an_old_offer_may_be_objected_to_for_a_day_of_its_own(written: Written):
    free = await written.free_line()
    written.world.clock.advance(timedelta(hours=25))
    assert (await written.promise("5", offer_line_id=free)).answer.status == 201
    written.world.clock.advance(timedelta(hours=23))
    assert (await written.object()).state == "closed"
    assert await sound(written.world)


async def test_a_call_whoever_wrote_accepts_may_be_objected_to_for_a_day(written: Written):
    free = await written.free_line()
    written.world.clock.advance(timedelta(hours=25))
    called = await written.do(call_offer, CallOffer(written.line, free, "10", "adet"), written.needs.desk)
    await written.world.accept(called.rows[0].allocation_id, by=written.writer)
    assert (await written.object()).state == "closed"
    assert "held" not in await written.states()
    assert await sound(written.world)


async def test_a_key_for_elsewhere_leaves_the_writer_in_charge(written: Written):
    world, org = written.world, written.world.pledger.organisation_id
    await world.database.unit_of_work(lambda tx: gets_access(tx, org, provinces=["34"]))
    await world.database.unit_of_work(lambda tx: gets_access(tx, org, crisis_id=uuid7()))
    assert (await written.promise("5")).answer.status == 201
    here = {"provinces": ["31"], "crisis_id": written.needs.crisis_id}
    await world.database.unit_of_work(lambda tx: gets_access(tx, org, **here))
    refused = (await written.promise("5")).answer
    assert (refused.status, orjson.loads(refused.body)["code"]) == (409, "organisation_has_access")


async def test_whoever_wrote_takes_it_back_while_the_organisation_has_no_access(written: Written):
    world = written.world
    command = WithdrawAllocation(written.allocation, "transport_lost")
    await world.accept(written.allocation, by=written.needs.desk)
    with pytest.raises(NotFound):
        await written.do(withdraw_allocation, command, caller("provincial_desk", provinces=SEAT))
    key = await world.database.unit_of_work(lambda tx: gets_access(tx, world.pledger.organisation_id))
    with pytest.raises(RoleMissing):
        await written.do(withdraw_allocation, command, written.writer)
    await world.database.unit_of_work(
        lambda tx: tx.execute("UPDATE credentials_mirror SET revoked_at = now() WHERE key_id = $1", key)
    )
    await written.do(withdraw_allocation, command, written.writer)
    assert await written.states() == ["withdrawn"]
    assert await sound(world)


async def test_whoever_wrote_keeps_it_longer_and_answers_who_asks_for_it(written: Written):
    world = written.world
    await world.accept(written.allocation, by=written.needs.desk)
    plan = Plan(world.clock.now() + timedelta(hours=2), Transport.OWN)
    extended = await written.do(extend_hold, ExtendHold(written.allocation, None, plan), written.writer)
    assert extended.rows[0].extensions == 1
    asked = await written.do(
        request_release, RequestRelease(written.allocation, "no_movement"), written.needs.desk
    )
    answer = AnswerRelease(asked.request.request_id, agrees=True)
    with pytest.raises(RoleMissing):
        await written.do(answer_release, answer, written.needs.desk)
    await written.do(answer_release, answer, written.writer)
    assert await written.states() == ["released"]
    assert await sound(world)
