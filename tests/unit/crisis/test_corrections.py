"""What a correction may say: all of the row, in states that are true, as far as lines and offers hold."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from crisis.domain.allocations import Allocation
from crisis.domain.answers import accepted
from crisis.domain.balances import NeedBalance, OfferBalance
from crisis.domain.behalf import Behalf
from crisis.domain.clocks import Timers
from crisis.domain.corrections import TRUE_STATES, Correction, Ground, Truth, corrected
from crisis.domain.earmarks import Earmark
from crisis.domain.ledger import need_after, terms_after
from crisis.domain.offers import OfferState
from crisis.domain.refusals import (
    AllocationNotInState,
    CorrectionIncomplete,
    CrisisNotOpen,
    EarmarkMismatch,
    ExcessWithoutArrival,
    GapExceeded,
    LineFull,
    NeedClosed,
    NothingCorrected,
    OfferNotInState,
    RatioInexact,
    SameParty,
    SupplyExceeded,
)
from crisis.domain.states import BUCKETS, State
from imece_chassis.ids import uuid7
from tests.unit.crisis.examples import NOW, PLEDGER, a_balance, a_crisis, a_line, a_pledge, doing

HELD, CONFIRMED, DAMAGED, SHORT = State.HELD, State.CONFIRMED, State.DAMAGED, State.SHORT
RELEASED = State.RELEASED
WRITER = uuid7()


def held(quantity: str = "200", requested: str = "1000") -> tuple[Allocation, Ground]:
    """A held row, alone on its line, that takes all of its offer line."""
    line = a_line()
    pledge = a_pledge(quantity, line=line, balance=replace(a_balance(requested)))
    step = accepted(pledge.allocation, pledge.balance, line, Timers(), None, None, doing(line_version=2))
    qty = Decimal(quantity)
    ground = Ground(
        a_crisis(),
        line,
        need_after(pledge.balance, step.entries).told(),
        pledge.offer,
        OfferBalance(pledge.supply.offer_line_id, qty, committed=qty),
    )
    return step.changed[0], ground


def ended(state: State, free: str = "200") -> tuple[Allocation, Ground]:
    """The same row after it was given back; `free` of its offer line is free."""
    row, ground = held()
    after = row.now_in(state, NOW, "secretariat", reason="other")
    balance = ground.balance.moved(BUCKETS[HELD][0], BUCKETS[state][0], row.qty)
    supply = replace(ground.supply, committed=Decimal(200) - Decimal(free))
    return after, replace(ground, balance=balance, supply=supply)


def correct(row: Allocation, ground: Ground, excess: str = "0", by: Any = None, **becomes: str) -> Correction:
    truth = Truth({State(state): Decimal(qty) for state, qty in becomes.items()}, Decimal(excess))
    return corrected(
        row,
        ground,
        truth,
        "counted_wrong",
        doing(line_version=ground.balance.version + 1, **({"actor_org_id": by} if by else {})),
    )


def test_the_row_is_cut_into_what_is_true_and_nothing_is_lost():
    row, ground = held()
    done = correct(row, ground, confirmed="180", damaged="12", short="8")
    (parent,) = done.step.changed
    assert (parent.state, parent.qty, parent.version) == (State.SPLIT, 0, row.version + 1)
    assert [(piece.state, piece.qty) for piece in done.step.added] == [
        (CONFIRMED, 180), (DAMAGED, 12), (SHORT, 8),
    ]  # fmt: skip
    assert {piece.reason for piece in done.step.added} == {"counted_wrong"}
    assert sum(piece.supply_qty for piece in done.step.added) == row.root_supply_qty
    balance = done.balance
    assert (balance.held, balance.good, balance.lost, balance.gap) == (0, 180, 20, 820)
    assert balance.version == ground.balance.version + 1
    assert {entry.line_version for entry in done.entries} == {balance.version}
    assert done.step.stopped == (row.clock.deadline_id if row.clock else None)
    assert (done.raised, done.excess, done.terms.carried_excess) == (0, None, 0)


def test_every_state_a_row_may_turn_out_to_be_is_counted_where_its_table_says():
    for state in TRUE_STATES:
        row, ground = ended(State.RETURNED) if state is HELD else held()
        done = correct(row, ground, **{state.value: "200"})
        bucket = BUCKETS[state][0]
        named = {name: getattr(done.balance, name) for name in ("held", "good", "lost")}
        assert {name: qty for name, qty in named.items() if qty} == ({bucket.value: 200} if bucket else {})
        (piece,) = done.step.added
        assert (piece.clock is not None) == (state is HELD)


def test_a_hold_that_stays_gets_a_lease_of_its_own():
    row, ground = held()
    done = correct(row, ground, held="150", released="50")
    kept = done.step.added[0]
    assert kept.clock is not None and row.clock is not None
    assert kept.clock.deadline_id != row.clock.deadline_id
    assert (done.balance.held, done.balance.room) == (150, 850)


@pytest.mark.parametrize("named", [{"confirmed": "199"}, {"confirmed": "150", "short": "51"}])
def test_the_parts_must_be_the_whole(named: dict[str, str]):
    row, ground = held()
    with pytest.raises(CorrectionIncomplete) as refused:
        correct(row, ground, **named)
    assert refused.value.facts["quantity"] == "200"


def test_saying_the_same_again_corrects_nothing():
    row, ground = held()
    with pytest.raises(NothingCorrected):
        correct(row, ground, held="200")


def test_a_row_that_was_cut_carries_nothing_to_correct():
    row, ground = held()
    with pytest.raises(AllocationNotInState):
        correct(row.cut(NOW, "pledger"), ground, confirmed="200")


def test_nobody_corrects_the_record_of_its_own_promise():
    row, ground = held()
    with pytest.raises(SameParty):
        correct(row, ground, by=PLEDGER, confirmed="200")
    written = replace(row, behalf=Behalf(WRITER, NOW))
    with pytest.raises(SameParty):
        correct(written, ground, by=WRITER, confirmed="200")
    assert correct(written, ground, confirmed="200").step.added


def test_what_came_beyond_a_row_of_a_bundle_was_never_promised_with_it():
    row, ground = held("200", requested="200")
    done = correct(replace(row, bundle_id=row.root_id), ground, excess="30", confirmed="200")
    assert done.excess is not None and done.excess.bundle_id is None
    assert {piece.bundle_id for piece in done.step.added if piece.root_id == row.root_id} == {row.root_id}


def test_what_came_may_pass_the_cap_and_makes_no_room():
    row, ground = held("200", requested="200")
    done = correct(row, ground, excess="30", confirmed="200")
    assert done.excess is not None
    assert (done.excess.state, done.excess.qty, done.excess.root_id) == (
        CONFIRMED, 30, done.excess.allocation_id,
    )  # fmt: skip
    assert (done.excess.root_supply_qty, done.excess.pack.factor * done.excess.pack.count) == (30, 30)
    assert (done.balance.good, done.balance.carried_excess, done.balance.room) == (230, 30, 0)
    assert (done.raised, len(done.entries)) == (30, 3)
    assert done.balance == terms_after(need_after(ground.balance, done.entries), done.terms).told()


def test_what_is_met_elsewhere_makes_a_surplus_without_an_excess():
    row, ground = ended(State.SHORT, free="0")
    balance = replace(ground.balance, elsewhere=Decimal(900))
    done = correct(row, replace(ground, balance=balance), confirmed="200")
    assert (done.balance.surplus, done.balance.carried_excess) == (100, 0)
    assert done.terms.carried_excess > 0, "the posting routine lets it pass"


def test_more_than_was_sent_needs_something_that_came():
    row, ground = held()
    with pytest.raises(ExcessWithoutArrival):
        correct(row, ground, excess="5", short="200")


def test_a_hold_takes_no_more_than_the_room():
    row, ground = ended(State.WITHDRAWN)
    full = replace(ground, balance=replace(ground.balance, held=Decimal(900)))
    with pytest.raises(GapExceeded) as refused:
        correct(row, full, held="150", released="50")
    assert (refused.value.facts["room"], refused.value.facts["gap"]) == ("100", "100")
    assert correct(row, full, held="100", released="100").balance.room == 0


def test_a_hold_above_the_cap_may_shrink():
    row, ground = held()
    above = replace(
        ground, balance=replace(ground.balance, requested=Decimal(100), carried_excess=Decimal(100))
    )
    done = correct(row, above, held="150", released="50")
    assert (done.balance.held, done.balance.carried_excess) == (150, 50)


def test_goods_that_came_were_there_whatever_the_offer_said():
    row, ground = ended(State.EXPIRED, free="50")
    assert correct(row, ground, confirmed="200").raised == 150
    with pytest.raises(SupplyExceeded) as refused:
        correct(row, ground, held="200")
    assert refused.value.facts["free"] == "50"


def test_goods_that_did_not_come_after_all_are_taken_off_the_offer_as_far_as_it_was_raised_for_them():
    row, ground = held()
    raised = replace(ground, raised=Decimal(150))
    assert correct(row, raised, confirmed="100", released="100").raised == -100
    assert correct(row, raised, released="200").raised == -150
    assert correct(row, ground, released="200").raised == 0, "what was promised before is free again"
    assert correct(row, raised, held="150", released="50").raised == -50
    assert correct(row, raised, confirmed="150", short="50").raised == 0, "lost goods were there"
    both = correct(row, raised, excess="30", confirmed="100", released="100")
    assert both.raised == -70


def test_goods_that_only_were_there_because_they_came_cannot_be_held():
    row, ground = held()
    came = row.now_in(CONFIRMED, NOW, "secretariat", reason="other")
    balance = ground.balance.moved(BUCKETS[HELD][0], BUCKETS[CONFIRMED][0], row.qty)
    all_consumed = replace(ground.supply, committed=Decimal(0), consumed=Decimal(200))
    stands = replace(ground, balance=balance, supply=all_consumed)
    assert correct(came, stands, held="200").raised == 0, "its owner had them"
    with pytest.raises(SupplyExceeded) as refused:
        correct(came, replace(stands, raised=Decimal(50)), held="200")
    assert (refused.value.facts["quantity"], refused.value.facts["free"]) == ("50", "0")
    more = replace(all_consumed, qty=Decimal(250))
    assert correct(came, replace(stands, supply=more, raised=Decimal(50)), held="200").raised == -50


def test_a_new_hold_asks_what_a_promise_asks():
    row, ground = ended(State.RELEASED)
    closed = replace(ground, line=replace(ground.line, need_state="closed", close_reason="met"))
    suspended = replace(ground, offer=replace(ground.offer, state=OfferState.SUSPENDED))
    winding_down = replace(ground, crisis=a_crisis(state="stood_down"))
    for where, why in ((closed, NeedClosed), (suspended, OfferNotInState), (winding_down, CrisisNotOpen)):
        with pytest.raises(why):
            correct(row, where, held="200")
        assert correct(row, where, confirmed="200").balance.good == 200


def test_the_record_of_a_closed_crisis_stays():
    row, ground = held()
    with pytest.raises(CrisisNotOpen):
        correct(row, replace(ground, crisis=a_crisis(state="closed")), released="200")


def test_earmarked_goods_count_outside_their_earmark_only_with_a_waiver():
    row, ground = held()
    row = replace(row, earmark=Earmark(places=frozenset({"TUR046"})))
    with pytest.raises(EarmarkMismatch):
        correct(row, ground, confirmed="200")
    assert correct(row, ground, released="200").balance.held == 0
    assert correct(row, replace(ground, is_waived=True), confirmed="200").balance.good == 200


def test_parts_are_exact_on_both_sides():
    row, ground = held("300")
    stands_in = replace(
        row, ratio_num=3, ratio_den=2, supply_qty=Decimal(200), root_supply_qty=Decimal(200),
        given_item="SHL-TENT-6P", substitute_of="SHL-TENT-4P",
    )  # fmt: skip
    with pytest.raises(RatioInexact):
        correct(stands_in, ground, confirmed="299", short="1")
    done = correct(stands_in, ground, excess="3", confirmed="297", short="3")
    assert [piece.supply_qty for piece in done.step.added] == [198, 2]
    assert done.excess is not None and done.excess.supply_qty == 2


def test_a_line_counts_only_so_much():
    row, ground = held()
    full = NeedBalance(
        ground.line.need_line_id, Decimal(1000), held=Decimal(200), lost=Decimal(999999999999700)
    )
    with pytest.raises(LineFull):
        correct(row, replace(ground, balance=full), confirmed="200")
