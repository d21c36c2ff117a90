"""Whatever happens to pledges on one line, nothing is created, lost or counted twice."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from crisis.domain.allocations import Allocation, Side, Step
from crisis.domain.answers import Rest, accepted, declined, ended_by_silence, withdrawn
from crisis.domain.balances import NeedBalance
from crisis.domain.clocks import Timers
from crisis.domain.ledger import Entry, need_after
from crisis.domain.refusals import Refusal
from crisis.domain.states import BUCKETS, NeedBucket, State, Timer
from tests.unit.crisis.examples import a_balance, a_line, a_pledge, doing

QUANTITIES = st.integers(min_value=1, max_value=40)


class Ledger(RuleBasedStateMachine):
    """A line of 100 tents, any number of pledges, any order of answers."""

    waiting = Bundle("waiting")

    def __init__(self) -> None:
        super().__init__()
        self.line = a_line()
        self.opening = a_balance("100")
        self.balance: NeedBalance = self.opening
        self.rows: dict[object, Allocation] = {}
        self.entries: list[Entry] = []

    def _apply(self, step: Step) -> list[Allocation]:
        self.rows |= {row.allocation_id: row for row in step.rows}
        self.entries += step.entries
        self.balance = need_after(self.balance, step.entries).told()
        return [row for row in step.rows if row.clock is not None]

    def _doing(self):
        return doing(line_version=self.balance.version + 1)

    @rule(target=waiting, quantity=QUANTITIES)
    def pledge(self, quantity: int) -> Allocation:
        pledge = a_pledge(str(quantity), line=self.line, balance=self.balance)
        self.rows[pledge.allocation.allocation_id] = pledge.allocation
        self.entries.append(pledge.entry)
        self.balance = pledge.balance
        return pledge.allocation

    @rule(
        target=waiting,
        row=consumes(waiting),
        quantity=st.none() | QUANTITIES,
        rest=st.none() | st.sampled_from(Rest),
    )
    def accept(self, row: Allocation, quantity: int | None, rest: Rest | None):
        wanted = None if quantity is None else Decimal(quantity)
        try:
            step = accepted(row, self.balance, self.line, Timers(), wanted, rest, self._doing())
        except Refusal:
            return row
        return multiple(*self._apply(step))

    @rule(target=waiting, row=consumes(waiting))
    def decline(self, row: Allocation):
        try:
            return multiple(*self._apply(declined(row, Side.ASKER_SIDE, "too_far", self._doing())))
        except Refusal:
            return row

    @rule(row=consumes(waiting))
    def withdraw(self, row: Allocation) -> None:
        assert self._apply(withdrawn(row, "stock_gone", self._doing())) == []

    @rule(row=consumes(waiting))
    def stay_silent(self, row: Allocation) -> None:
        assert row.clock is not None
        assert self._apply(ended_by_silence(row, Timer(row.clock.kind), self._doing())) == []

    @invariant()
    def the_cap_holds_and_nothing_is_negative(self) -> None:
        assert self.balance.counted <= self.balance.requested
        assert all(getattr(self.balance, bucket) >= 0 for bucket in NeedBucket)

    @invariant()
    def every_root_still_sums_to_what_was_proposed(self) -> None:
        roots: dict[object, Decimal] = {}
        for row in self.rows.values():
            roots[row.root_id] = roots.get(row.root_id, Decimal(0)) + row.supply_qty
        for root_id, carried in roots.items():
            assert carried == self.rows[root_id].root_supply_qty

    @invariant()
    def the_balance_is_the_fold_of_the_entries_and_of_the_rows(self) -> None:
        assert need_after(self.opening, self.entries) == replace(self.balance, version=0)
        for bucket in NeedBucket:
            carried = sum(
                (row.qty for row in self.rows.values() if BUCKETS[row.state][0] is bucket), Decimal(0)
            )
            assert carried == getattr(self.balance, bucket)

    @invariant()
    def exactly_the_split_rows_carry_nothing_and_exactly_the_waiting_rows_have_a_clock(self) -> None:
        for row in self.rows.values():
            assert (row.state is State.SPLIT) == (row.qty == 0)
            assert (row.clock is not None) == (row.state in (State.PROPOSED, State.WAITLISTED, State.HELD))


TestLedger = Ledger.TestCase
TestLedger.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
