"""Rows that change their line keep contract and state; every sum stays, what is too much is carried."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest

from crisis.domain.allocations import Allocation
from crisis.domain.balances import NeedBalance
from crisis.domain.ledger import need_after, terms_after
from crisis.domain.lines import Line
from crisis.domain.merging import MOVING, MergeMode, Move, moved, paired, requested_after
from crisis.domain.refusals import FigureMissing, LineFull, LinesNotEqual, LineWithoutMatch
from crisis.domain.states import State
from tests.unit.crisis.examples import FLOUR, NOW, a_balance, a_line, a_pledge, new_id

OLD, NEW = a_line(), a_line()


def a_row(state: State, quantity: str) -> Allocation:
    row = a_pledge(quantity, line=OLD).allocation
    return replace(row, state=state, need_line_id=OLD.need_line_id)


def travel(
    rows: list[Allocation],
    old: NeedBalance,
    new: NeedBalance,
    elsewhere: str = "0",
    requested: dict[UUID, Decimal] | None = None,
) -> tuple[Move, NeedBalance, NeedBalance]:
    move = moved(
        rows,
        (OLD, old),
        (NEW, new),
        elsewhere=Decimal(elsewhere),
        requested=requested or {},
        command_id=new_id(),
        at=NOW,
    )
    both = [
        terms_after(
            need_after(balance, [each for each in move.entries if each.need_line_id == line.need_line_id]),
            change,
        )
        for line, balance, change in zip((OLD, NEW), (old, new), move.terms, strict=True)
    ]
    return move, both[0], both[1]


@pytest.mark.parametrize("state", sorted(MOVING))
def test_a_row_keeps_its_state_and_the_sum_of_every_bucket_stays(state: State):
    row = a_row(state, "30")
    start = need_after(a_balance("100"), [])
    out = travel([row], start, start)[0].entries[0]
    full = need_after(start, [replace(out, from_state=None, to_state=state)])
    move, old, new = travel([row], full, a_balance("100", held="20"))
    assert [(each.from_state, each.to_state) for each in move.entries] == [
        (state, State.SPLIT),
        (State.SPLIT, state),
    ]
    (after,) = move.rows
    assert (after.state, after.qty, after.need_line_id, after.version) == (
        state, 30, NEW.need_line_id, row.version + 1,
    )  # fmt: skip
    assert (old.promised + new.promised, old.lost + new.lost) == (full.promised + 20, full.lost)
    assert (old.promised, old.lost) == (0, 0)


def test_rows_that_ended_stay_where_they_ended():
    ended = {State.DECLINED, State.EXPIRED, State.WITHDRAWN, State.RELEASED, State.SPLIT, State.RETURNED}
    assert not ended & MOVING


def test_an_excess_is_carried_and_leaves_no_room():
    _, _, new = travel(
        [a_row(State.HELD, "80")], a_balance("100", held="80"), a_balance("100", held="90"), "5"
    )
    assert (new.held, new.carried_excess, new.room, new.surplus) == (170, 70, 0, 75)


def test_what_fits_carries_nothing():
    requested = {NEW.need_line_id: Decimal(200)}
    _, old, new = travel(
        [a_row(State.HELD, "80")],
        a_balance("100", held="80", elsewhere="10"),
        a_balance("100"),
        "10",
        requested,
    )
    assert (new.requested, new.elsewhere, new.carried_excess, new.room) == (200, 10, 0, 110)
    assert (old.elsewhere, old.held, old.gap) == (0, 0, 100)


def test_what_no_column_can_count_is_refused():
    most = "999999999999999"
    with pytest.raises(LineFull):
        travel([a_row(State.PROPOSED, "1")], a_balance("1", proposed=most), a_balance("1", proposed="1"))


def test_what_is_asked_after_it():
    less, more = a_balance("30"), a_balance("50")
    assert requested_after(MergeMode.MAX, less, more, None) == 50
    assert requested_after(MergeMode.SUM, less, more, None) == 80
    assert requested_after(MergeMode.MANUAL, less, more, Decimal(65)) == 65
    with pytest.raises(FigureMissing):
        requested_after(MergeMode.MANUAL, less, more, None)


def flour() -> Line:
    return a_line(item_code=FLOUR, unit="kg")


def test_equal_lines_find_each_other_and_others_must_be_named():
    tents, kilos = a_line(), flour()
    assert paired([OLD], [tents, kilos], {}) == [(OLD, tents)]
    twin = a_line()
    with pytest.raises(LineWithoutMatch):
        paired([OLD], [tents, twin], {})
    assert paired([OLD], [tents, twin], {OLD.need_line_id: twin.need_line_id}) == [(OLD, twin)]
    with pytest.raises(LineWithoutMatch):
        paired([OLD, flour()], [tents], {})
    with pytest.raises(LinesNotEqual):
        paired([OLD], [kilos], {OLD.need_line_id: kilos.need_line_id})
    with pytest.raises(LineWithoutMatch):
        paired(
            [OLD, NEW], [tents], {OLD.need_line_id: tents.need_line_id, NEW.need_line_id: tents.need_line_id}
        )
