"""Commands on allocations: a pledge, its answers, and taking it back."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from crisis.domain.answers import Rest
from crisis.domain.pledges import PledgeRequest
from crisis.domain.reasons import DECLINE, OBJECT, STOCK_GONE, WITHDRAW
from crisis.domain.refusals import GapExceeded
from crisis.domain.states import State
from crisis.http.views import moved_answer
from crisis.usecases.accept_allocation import AcceptAllocation, accept_allocation, accept_each
from crisis.usecases.asked import Asked
from crisis.usecases.batch import Outcome
from crisis.usecases.decline_allocation import DeclineAllocation, decline_allocation
from crisis.usecases.moves_together import KeyedMove, MovesTogether
from crisis.usecases.object_on_behalf import ObjectOnBehalf, object_on_behalf
from crisis.usecases.propose_allocations import ProposeAllocation
from crisis.usecases.put_pledge import put_pledge
from crisis.usecases.withdraw_allocation import WithdrawAllocation, withdraw_allocation, withdraw_each
from imece_chassis.access.caller import Caller
from imece_chassis.answers import Answer
from imece_chassis.http.problems import is_refusal, render
from imece_chassis.idempotency import Request, body_hash
from tests.db.crisis.histories.choices import Choices
from tests.db.crisis.histories.ground import ASKERS, BOTH_SIDES, DESK, PLEDGERS, SECRETARIAT, Ground
from tests.db.crisis.histories.registry import command
from tests.db.crisis.on_behalf import spoken_of


def refusal(error: Exception) -> Answer | None:
    return render(error, "en", None, "/pledges") if is_refusal(error) else None


async def open_lines(ground: Ground) -> list[Any]:
    return await ground.rows(
        "SELECT line.need_line_id, line.crisis_id, line.item_code FROM need_lines AS line"
        " JOIN needs AS need USING (need_id) WHERE need.state IN ('open', 'on_hold')"
        " ORDER BY line.need_line_id"
    )


async def allocations(ground: Ground, *states: str) -> list[Any]:
    return await ground.rows(
        "SELECT allocation_id, need_line_id, pledger_org_id, state, qty, awaiting FROM allocations"
        " WHERE state = ANY ($1::text[]) ORDER BY allocation_id",
        list(states),
    )


def pledger_of(row: Any) -> Caller:
    """The program of the organisation that pledged."""
    return next(who for who in (*PLEDGERS, BOTH_SIDES) if who.organisation_id == row["pledger_org_id"])


def part_of(row: Any, choose: Choices) -> str | None:
    """All of it half of the time, else some of it, sometimes too much."""
    return None if choose.number() % 2 else str(choose.size(int(row["qty"]) + 2))


def pledge_on(ground: Ground, line: Any, choose: Choices) -> ProposeAllocation:
    who = choose.mostly(choose.one(PLEDGERS), BOTH_SIDES)
    request = PledgeRequest(
        line["need_line_id"],
        who.organisation_id,
        str(choose.size(40)),
        "adet",
        choose.one(("TUR006", "TUR034")),
    )
    key = Request(
        f"{who.organisation_id}:POST /pledges", str(ground.new_id()), body_hash(repr(request).encode())
    )
    return ProposeAllocation(line["crisis_id"], request, who, key, refusal)


@command("propose_allocation", weight=20)
async def pledge(ground: Ground, choose: Choices):
    """One to four pledges in one transaction, and sometimes the whole call once more."""
    lines = await open_lines(ground)
    calls = [pledge_on(ground, choose.one(lines), choose) for _ in range(choose.size(4))]
    outcomes = await ground.propose(calls)
    if choose.number() % 8 == 0:
        again = await ground.propose(calls)
        for first, second in zip(outcomes, again, strict=True):
            if isinstance(first, Outcome):
                assert isinstance(second, Outcome) and second.answer == first.answer and second.is_replayed
    failed = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    if failed:
        raise failed[0]


@command("put_pledge", weight=6)
async def name_a_pledge(ground: Ground, choose: Choices):
    """A pledge under an id its pledger chose, now and then a taken one; often said once more."""
    wanted = pledge_on(ground, choose.one(await open_lines(ground)), choose)
    known = await allocations(ground, *State)
    is_taken = bool(known) and choose.number() % 8 == 0
    pledge_id = choose.one(known)["allocation_id"] if is_taken else ground.new_id()
    named = replace(wanted, pledge=replace(wanted.pledge, allocation_id=pledge_id))
    is_new = await ground.run(lambda tx: put_pledge(tx, named, ground.propose))
    assert is_new or is_taken, "the same words with the same id"
    if choose.number() % 2:
        assert not await ground.run(lambda tx: put_pledge(tx, named, ground.propose)), "and not a second"


@command("propose_on_behalf", weight=4)
async def promise_for_another(ground: Ground, choose: Choices):
    """A desk writes down what an organisation promises; the registry spoke of it, and gave it no key."""
    wanted = pledge_on(ground, choose.one(await open_lines(ground)), choose)
    org_id, desk = wanted.pledge.pledger_org_id, choose.mostly(SECRETARIAT, DESK, *PLEDGERS, BOTH_SIDES)
    await ground.run(lambda tx: spoken_of(tx, org_id))
    written = replace(wanted.pledge, written_by_org_id=desk.organisation_id)
    (outcome,) = await ground.propose([replace(wanted, pledge=written, caller=desk)])
    if isinstance(outcome, Exception):
        raise outcome


@command("object_on_behalf", weight=3)
async def object_to_it(ground: Ground, choose: Choices):
    rows = await ground.rows(
        "SELECT offer_id, org_id FROM offers WHERE behalf_org_id IS NOT NULL ORDER BY offer_id"
    )
    row = choose.one(rows)
    objecting = ObjectOnBehalf(row["offer_id"], choose.one(sorted(OBJECT)))
    who = choose.mostly(
        *[each for each in (*PLEDGERS, BOTH_SIDES) if each.organisation_id == row["org_id"]], SECRETARIAT
    )
    return await ground.run(lambda tx: object_on_behalf(tx, objecting, who, ground.tools))


async def together(ground: Ground, moves: MovesTogether[Any], asked: Sequence[Asked[Any]]) -> Outcome:
    """The commands as the API takes them: by group commit, each under a key, and once more under the same
    keys. What became of the first."""
    keyed = [
        KeyedMove(
            each,
            Request(
                f"{each.caller.organisation_id}:POST",
                str(ground.new_id()),
                body_hash(repr(each.command).encode()),
            ),
            refusal,
        )
        for each in asked
    ]
    outcomes = await moves(keyed)
    for before, after in zip(outcomes, await moves(keyed), strict=True):
        if isinstance(before, Outcome):
            assert isinstance(after, Outcome) and after.is_replayed and after.answer == before.answer
    if isinstance(outcomes[0], Exception):
        raise outcomes[0]
    return outcomes[0]


@command("accept_allocation", weight=36)
async def accept(ground: Ground, choose: Choices):
    row = choose.one(await allocations(ground, "proposed", "countered"))
    accepting = AcceptAllocation(row["allocation_id"], part_of(row, choose), choose.one((None, *Rest)))
    usual = pledger_of(row) if row["awaiting"] == "pledger" else SECRETARIAT
    who = choose.mostly(usual, DESK, BOTH_SIDES, pledger_of(row), *ASKERS)
    if choose.number() % 2:
        return await ground.run(lambda tx: accept_allocation(tx, accepting, who, ground.tools))
    accepts = MovesTogether(ground.database, accept_each, ground.tools, moved_answer, unkept=(GapExceeded,))
    return await together(ground, accepts, [Asked(accepting, who)])


@command("decline_allocation", weight=4)
async def decline(ground: Ground, choose: Choices):
    row = choose.one(await allocations(ground, "proposed", "countered"))
    declining = DeclineAllocation(row["allocation_id"], choose.one(sorted(DECLINE)))
    who = pledger_of(row) if row["awaiting"] == "pledger" else choose.mostly(SECRETARIAT, DESK, *ASKERS)
    return await ground.run(lambda tx: decline_allocation(tx, declining, who, ground.tools))


@command("withdraw_allocation", weight=6)
async def withdraw(ground: Ground, choose: Choices):
    rows = await allocations(ground, "proposed", "countered", "waitlisted", "held", "expired")
    row = choose.one(rows)
    withdrawing = WithdrawAllocation(row["allocation_id"], choose.one(sorted(WITHDRAW)))
    who = choose.mostly(pledger_of(row), SECRETARIAT)
    if withdrawing.reason == STOCK_GONE or choose.number() % 2:
        return await ground.run(lambda tx: withdraw_allocation(tx, withdrawing, who, ground.tools))
    withdrawals = MovesTogether(ground.database, withdraw_each, ground.tools, moved_answer)
    beside = [choose.one(rows) for _ in range(choose.number() % 3)]
    others = [
        Asked(WithdrawAllocation(each["allocation_id"], withdrawing.reason), pledger_of(each))
        for each in beside
    ]
    return await together(ground, withdrawals, [Asked(withdrawing, who), *others])
