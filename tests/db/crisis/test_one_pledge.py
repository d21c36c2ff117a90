import json
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from crisis.domain.answers import Rest
from crisis.domain.refusals import AllocationNotInState, NotFound, RoleMissing, SameParty
from crisis.usecases.batch import Outcome
from crisis.usecases.check_ledger import check_ledger
from imece_chassis.idempotency import KeyReused
from imece_contracts.catalogue import parse
from imece_contracts.crisis import AllocationHeld, LineEvent
from imece_contracts.envelope import from_record
from tests.db.crisis.world import World, caller


async def open_line(world: World, quantity: str = "1000") -> tuple[UUID, UUID]:
    crisis = await world.open_crisis()
    need = await world.open_need(crisis.crisis_id, world.tents(quantity))
    return crisis.crisis_id, need.lines[0].need_line_id


def body(outcome: Outcome | Exception, status: int = 201) -> dict[str, str]:
    assert isinstance(outcome, Outcome), outcome
    assert outcome.answer.status == status, outcome.answer.body
    return json.loads(outcome.answer.body)


async def events(world: World):
    """Every event of the outbox in order, parsed by the contracts."""
    rows = await world.rows("SELECT topic, key, headers, payload FROM outbox ORDER BY position")
    envelopes = [
        from_record(
            row["topic"],
            row["key"].encode(),
            bytes(row["payload"]),
            [(name, value.encode()) for name, value in json.loads(row["headers"]).items()]
            + [("content-type", b"application/json")],
        )
        for row in rows
    ]
    return [(envelope, parse(envelope)) for envelope in envelopes]


async def test_a_pledge_becomes_offer_allocation_entry_deadline_and_two_events(world: World):
    crisis_id, line = await open_line(world)
    answered = body(await world.pledge(crisis_id, line, "40", unit="palet"))
    assert (answered["state"], answered["quantity"], answered["unit"]) == ("proposed", "240", "adet")
    assert answered["entered_as"] == {"pack": "palet", "factor": "6", "count": "40"}
    stored = await world.value(
        "SELECT deadline.due_at FROM allocations JOIN deadlines AS deadline USING (deadline_id)"
        " WHERE allocation_id = $1",
        UUID(answered["allocation_id"]),
    )
    assert stored == world.clock.now() + timedelta(hours=6)
    assert [envelope.type for envelope, _ in (await events(world))[-2:]] == [
        "crisis.offer.opened",
        "crisis.allocation.proposed",
    ]
    assert await world.value("SELECT count(*) FROM command_log WHERE command = 'propose_allocation'") == 1


async def test_events_of_a_line_are_numbered_without_a_gap_and_carry_the_whole_vector(world: World):
    crisis_id, line = await open_line(world)
    answered = body(await world.pledge(crisis_id, line, "200"))
    moved = await world.accept(UUID(answered["allocation_id"]), "150", Rest.WAITLIST)
    await world.withdraw(moved.rows[0].allocation_id)
    await world.decline(UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"]))
    told = [(envelope, data) for envelope, data in await events(world) if isinstance(data, LineEvent)]
    assert [envelope.sequence for envelope, _ in told] == [1, 2, 3, 4, 5, 6]
    assert {envelope.key for envelope, _ in told} == {str(line)}
    held = told[2][1]
    assert isinstance(held, AllocationHeld)
    assert (held.qty, held.rest, held.rest_state) == (150, 50, "waitlisted")
    assert (held.line.H, held.line.W, held.line.P, held.line.gap) == (150, 50, 0, 850)
    assert told[3][1].line.gap == 1000


async def test_the_same_key_gets_the_same_bytes_and_has_one_effect(world: World):
    crisis_id, line = await open_line(world)
    first = await world.pledge(crisis_id, line, "200", key="once")
    again = await world.pledge(crisis_id, line, "200", key="once")
    assert isinstance(first, Outcome) and isinstance(again, Outcome)
    assert again.is_replayed and again.answer == first.answer
    assert await world.value("SELECT count(*) FROM allocations") == 1
    other = await world.pledge(crisis_id, line, "300", key="once")
    assert isinstance(other, KeyReused)


async def test_a_refused_pledge_is_an_outcome_too_and_spoils_nothing(world: World):
    crisis_id, line = await open_line(world)
    commands = [
        world.pledging(crisis_id, line, "100"),
        world.pledging(crisis_id, line, "0.5"),
        world.pledging(crisis_id, line, "7", unit="koli"),
        world.pledging(crisis_id, UUID(int=7), "1"),
        world.pledging(crisis_id, line, "1", by=caller("asker")),
        world.pledging(crisis_id, line, "100"),
    ]
    outcomes = await world.propose(commands)
    statuses = [
        outcome.answer.status if isinstance(outcome, Outcome) else type(outcome) for outcome in outcomes
    ]
    assert statuses == [201, 422, 422, 404, RoleMissing, 201]
    assert await world.value("SELECT proposed FROM need_line_balances") == 200
    repeated = await world.propose([commands[1]])
    assert isinstance(repeated[0], Outcome) and repeated[0].is_replayed
    assert await world.value("SELECT count(*) FROM idempotency") == 5


async def test_the_same_key_twice_in_one_batch_has_one_effect(world: World):
    crisis_id, line = await open_line(world)
    command = world.pledging(crisis_id, line, "100")
    first, second = await world.propose([command, command])
    assert isinstance(first, Outcome) and not isinstance(second, Outcome)
    assert await world.value("SELECT count(*) FROM allocations") == 1


async def test_pledges_of_one_batch_see_each_other(world: World):
    crisis_id, line = await open_line(world, "100")
    full = body(await world.pledge(crisis_id, line, "100"))
    await world.accept(UUID(full["allocation_id"]))
    outcomes = await world.propose([world.pledging(crisis_id, line, "10") for _ in range(3)])
    waiting = [body(outcome) for outcome in outcomes]
    assert [answer["state"] for answer in waiting] == ["waitlisted"] * 3
    assert [answer["line"]["W"] for answer in waiting] == ["10", "20", "30"]  # type: ignore[index]


async def test_the_proposer_cannot_accept_even_as_secretariat(world: World):
    crisis_id, line = await open_line(world)
    both = caller("secretariat", "pledger")
    answered = body(await world.pledge(crisis_id, line, "10", by=both))
    with pytest.raises(SameParty):
        await world.accept(UUID(answered["allocation_id"]), by=both)


async def test_strangers_do_not_see_an_allocation_and_parties_cannot_act_for_the_other_side(world: World):
    crisis_id, line = await open_line(world)
    allocation = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    with pytest.raises(NotFound):
        await world.accept(allocation, by=caller("pledger", "asker"))
    with pytest.raises(NotFound):
        await world.accept(allocation, by=caller("provincial_desk", provinces=frozenset({"06"})))
    with pytest.raises(RoleMissing):
        await world.accept(allocation, by=world.pledger)
    with pytest.raises(RoleMissing):
        await world.withdraw(allocation, by=world.secretariat)
    moved = await world.accept(allocation, by=caller("provincial_desk", provinces=frozenset({"31"})))
    assert moved.rows[0].last_actor == "provincial_desk"


async def test_a_second_answer_is_told_which_state_won(world: World):
    crisis_id, line = await open_line(world)
    allocation = UUID(body(await world.pledge(crisis_id, line, "10"))["allocation_id"])
    await world.decline(allocation)
    with pytest.raises(AllocationNotInState) as refused:
        await world.accept(allocation)
    assert (refused.value.facts["state"], refused.value.facts["by"]) == ("declined", "secretariat")


async def test_a_verifier_of_the_askers_organisation_is_refused(world: World):
    from crisis.usecases.verify_need import VerifyNeed, verify_need

    crisis = await world.open_crisis()
    world.asker = caller("asker", "verifier")
    need = await world.submit(crisis.crisis_id)
    with pytest.raises(SameParty):
        await world.database.unit_of_work(
            lambda tx: verify_need(tx, VerifyNeed(need.need_id, 1), world.asker, world.tools)
        )


async def test_crisis_numbers_have_no_holes_even_when_an_opening_fails(world: World):
    first = await world.open_crisis()

    async def fails(tx: object) -> None:
        from crisis.store.crises import next_ordinal

        await next_ordinal(tx, "KRZ", world.clock.now().year)  # type: ignore[arg-type]
        raise RuntimeError("the process died")

    with pytest.raises(RuntimeError):
        await world.database.unit_of_work(fails)
    second = await world.open_crisis()
    assert (first.crisis_no, second.crisis_no) == ("KRZ-2026-0001", "KRZ-2026-0002")


async def test_the_ledger_proves_itself_after_every_kind_of_step(world: World):
    crisis_id, line = await open_line(world)
    for step in ("accept", "part", "decline", "withdraw", "held and withdrawn"):
        allocation = UUID(body(await world.pledge(crisis_id, line, "100"))["allocation_id"])
        if step == "accept":
            await world.accept(allocation)
        elif step == "part":
            await world.accept(allocation, "30", Rest.WAITLIST)
        elif step == "decline":
            await world.decline(allocation)
        elif step == "withdraw":
            await world.withdraw(allocation)
        else:
            await world.accept(allocation)
            await world.withdraw(allocation)
    assert not any((await check_ledger(world.database)).values())
    assert await world.value("SELECT held FROM need_line_balances") == Decimal(130)
