from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from crisis.domain.allocations import Allocation, Side, Step
from crisis.domain.answers import Rest, accepted, declined, ended_by_silence, withdrawn
from crisis.domain.balances import NeedBalance
from crisis.domain.clocks import Timers, Urgency
from crisis.domain.ledger import need_after
from crisis.domain.refusals import (
    AllocationNotInState,
    GapExceeded,
    LineOverdue,
    NotAwaited,
    QuantityAboveAllocation,
    ReasonUnknown,
    RestRequired,
    SameParty,
)
from crisis.domain.states import State, Timer
from tests.unit.crisis.examples import NOW, PLEDGER, a_balance, a_line, a_pledge, doing

ROW = a_pledge("200").allocation


def accept(
    row: Allocation = ROW,
    balance: NeedBalance | None = None,
    quantity: str | None = None,
    rest: Rest | None = None,
    **changes: Any,
) -> Step:
    line = changes.pop("line", None) or a_line()
    return accepted(
        row,
        balance or a_balance("1000", proposed="200"),
        line,
        Timers(),
        None if quantity is None else Decimal(quantity),
        rest,
        doing(**changes),
    )


def test_a_whole_accept_keeps_the_row_and_moves_its_quantity():
    step = accept()
    (row,) = step.rows
    assert (row.allocation_id, row.state, row.qty, row.version) == (
        ROW.allocation_id, State.HELD, 200, 2,
    )  # fmt: skip
    assert step.stopped == ROW.clock.deadline_id if ROW.clock else None
    assert row.clock is not None and row.clock.kind is Timer.HOLD
    after = need_after(a_balance("1000", proposed="200"), step.entries)
    assert (after.proposed, after.held, after.gap) == (0, 200, 800)


@pytest.mark.parametrize(
    ("rest", "state"), [(Rest.DECLINE, State.DECLINED), (Rest.WAITLIST, State.WAITLISTED)]
)
def test_a_partial_accept_splits_and_the_parent_carries_nothing(rest: Rest, state: State):
    step = accept(quantity="150", rest=rest)
    parent, held, left = step.rows
    assert (parent.state, parent.qty, parent.supply_qty, parent.clock) == (State.SPLIT, 0, 0, None)
    assert (held.state, held.qty, held.parent_id, held.root_id) == (
        State.HELD, 150, ROW.allocation_id, ROW.root_id,
    )  # fmt: skip
    assert (left.state, left.qty, left.clock is None) == (state, 50, state is State.DECLINED)
    assert sum(row.supply_qty for row in step.rows) == ROW.root_supply_qty
    after = need_after(a_balance("1000", proposed="200"), step.entries)
    assert (after.held, after.proposed, after.waitlisted) == (150, 0, 50 if rest is Rest.WAITLIST else 0)


def test_with_rest_an_accept_takes_exactly_what_is_left():
    step = accept(balance=a_balance("1000", proposed="200", held="900"), rest=Rest.WAITLIST)
    _, held, left = step.rows
    assert (held.qty, left.qty, left.state) == (100, 100, State.WAITLISTED)


def test_more_than_the_room_without_rest_is_refused_with_the_room():
    with pytest.raises(GapExceeded) as refused:
        accept(balance=a_balance("1000", proposed="200", held="900"))
    assert refused.value.facts == {"quantity": "200", "room": "100", "gap": "100", "unit": "adet"}


def test_without_room_nothing_is_accepted_and_declining_is_another_command():
    full = a_balance("1000", proposed="200", held="1000")
    with pytest.raises(GapExceeded) as refused:
        accept(balance=full, rest=Rest.DECLINE)
    assert refused.value.facts["room"] == "0"


def test_what_waits_for_its_turn_is_refused_for_want_of_room_and_not_because_it_waits():
    waiting = replace(ROW, state=State.WAITLISTED, awaiting=None)
    with pytest.raises(GapExceeded) as refused:
        accept(waiting, balance=a_balance("1000", waitlisted="200", held="1000"))
    assert refused.value.facts == {"quantity": "200", "room": "0", "gap": "0", "unit": "adet"}
    with pytest.raises(AllocationNotInState):
        accept(waiting, balance=a_balance("1000", waitlisted="200", held="900"))


def test_without_room_the_whole_row_may_go_to_the_waiting_list():
    full = a_balance("1000", proposed="200", held="1000")
    (row,) = accept(balance=full, rest=Rest.WAITLIST).rows
    assert (row.allocation_id, row.state, row.qty) == (ROW.allocation_id, State.WAITLISTED, 200)


def test_a_smaller_quantity_asks_what_becomes_of_the_rest():
    with pytest.raises(RestRequired) as refused:
        accept(quantity="150")
    assert refused.value.facts == {"rest": "50", "unit": "adet"}


def test_more_than_was_proposed_cannot_be_accepted():
    with pytest.raises(QuantityAboveAllocation):
        accept(quantity="201", rest=Rest.DECLINE)


def test_the_proposing_organisation_cannot_accept():
    with pytest.raises(SameParty):
        accept(actor_org_id=PLEDGER)


def test_a_call_waits_for_the_pledger_and_not_for_the_asker_side():
    with pytest.raises(NotAwaited):
        accept(replace(ROW, awaiting=Side.PLEDGER))


def test_what_moved_on_names_the_state_that_won():
    gone = ROW.now_in(State.EXPIRED, NOW, "system", reason="allocation.answer")
    with pytest.raises(AllocationNotInState) as refused:
        accept(gone)
    assert (refused.value.facts["state"], refused.value.facts["by"]) == ("expired", "system")


def test_a_hold_never_outlives_the_time_it_is_needed_by():
    line = a_line(urgency=Urgency.NORMAL, needed_by=NOW + timedelta(hours=5))
    (row,) = accept(line=line).rows
    assert row.clock is not None and row.clock.due_at == line.needed_by


def test_an_overdue_line_accepts_nothing():
    with pytest.raises(LineOverdue):
        accept(line=a_line(needed_by=NOW))


def test_declining_and_withdrawing_need_a_reason_of_their_list():
    for step in (
        declined(ROW, Side.ASKER_SIDE, "too_far", doing()),
        withdrawn(ROW, "stock_gone", doing()),
    ):
        assert step.rows[0].clock is None
        assert need_after(a_balance("1000", proposed="200"), step.entries).proposed == 0
    with pytest.raises(ReasonUnknown) as refused:
        declined(ROW, Side.ASKER_SIDE, "because", doing())
    assert "too_far" in refused.value.facts["known"]


def test_a_withdrawn_hold_re_opens_the_gap():
    (held,) = accept().rows
    step = withdrawn(held, "stock_gone", doing(line_version=2))
    assert need_after(a_balance("1000", held="200"), step.entries).gap == 1000


def test_silence_ends_a_row_only_in_the_state_its_timer_belongs_to():
    assert ended_by_silence(ROW, Timer.ANSWER, doing()).rows[0].state is State.EXPIRED
    (held,) = accept().rows
    assert ended_by_silence(held, Timer.HOLD, doing()).rows[0].state is State.HOLD_EXPIRED
    with pytest.raises(AllocationNotInState):
        ended_by_silence(held, Timer.ANSWER, doing())
