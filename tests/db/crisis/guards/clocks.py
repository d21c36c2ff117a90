"""What makes every wait end, once and not early."""

from tests.db.crisis.guards.forms import CHASSIS, DB, STEP, STORE, USECASES, Guard

_FREE = DB + "test_free_again.py::"
_PROMOTION = DB + "test_promotion.py::"

GUARDS = (
    Guard(
        "a settled deadline fires no more",
        "clock",
        CHASSIS + "deadlines.py",
        "settled_at = now()\nWHERE deadline_id = $1 AND state = 'pending' AND paused_since IS NULL",
        "settled_at = now()\nWHERE deadline_id = $1 AND paused_since IS NULL",
        "tests/db/chassis/test_deadlines.py::test_due_deadlines_fire_and_others_wait",
    ),
    Guard(
        "a deadline never fires early",
        "clock",
        CHASSIS + "deadlines.py",
        "paused_since IS NULL\n  AND due_at <= clock_timestamp()\nRETURNING deadline_id",
        "paused_since IS NULL\nRETURNING deadline_id",
        DB + "test_silence.py::test_a_timer_never_fires_early",
    ),
    *(
        Guard(
            f"no {what} ends early",
            "clock",
            CHASSIS + "deadlines.py",
            'state = \'pending\' AND paused_since IS NULL AND due_at <= clock_timestamp()\n"""',
            'state = \'pending\' AND paused_since IS NULL\n"""',
            DB + f"test_terms_not_early.py::{test}",
        )
        for what, test in (
            ("condition", "test_a22_a_condition_does_not_fail_before_its_date"),
            ("request to let go", "test_a24_a_hold_is_not_let_go_before_its_holder_had_its_time"),
            ("question about an earmark", "test_a9_silence_is_no_answer_before_its_time"),
        )
    ),
    Guard(
        "deadline row of new rows",
        "clock",
        STORE + "allocations.py",
        "    await schedule_once(tx, *deadlines_of(rows))\n",
        "",
        DB + "test_one_pledge.py::test_a_pledge_becomes_offer_allocation_entry_deadline_and_two_events",
    ),
    Guard(
        "the clock of a row that moved on is stopped",
        "clock",
        STEP,
        "    await allocations.stop_clock(tx, step.stopped)\n",
        "",
        DB + "test_one_pledge.py::test_the_ledger_proves_itself_after_every_kind_of_step",
    ),
    Guard(
        "clocks of rows that moved on together are stopped",
        "clock",
        STEP,
        "    await deadlines.cancel(tx, *(step.stopped for step in steps if step.stopped is not None))\n",
        "",
        DB + "test_one_pledge.py::test_the_ledger_proves_itself_after_every_kind_of_step",
    ),
    Guard(
        "a promotion where room grew",
        "clock",
        STORE + "ledger.py",
        'if row["may_promote"]',
        "if False",
        _PROMOTION + "test_a19_room_calls_the_fittest_and_its_silence_passes_the_call_on",
    ),
    Guard(
        "a promotion where goods are free again",
        "clock",
        STORE + "ledger.py",
        'for line_id in row["waited_on"] or ()',
        "for line_id in ()",
        _FREE + "test_what_is_free_again_is_called_where_it_waits",
    ),
    Guard(
        "a look at a waiting list keeps others from scheduling it anew",
        "clock",
        USECASES + "promote_waiting.py",
        "    await hold(tx, deadline_id)\n",
        "",
        _FREE + "test_goods_that_become_free_during_a_look_are_seen_by_it",
    ),
    Guard(
        "what is scheduled anew is not swallowed",
        "clock",
        CHASSIS + "deadlines.py",
        "DO UPDATE SET due_at = least(deadlines.due_at, excluded.due_at)",
        "DO NOTHING",
        _FREE + "test_goods_that_become_free_during_a_look_are_seen_by_it",
    ),
    Guard(
        "an offer whose stock may be gone",
        "clock",
        STORE + "ledger.py",
        'if row["may_end"]',
        "if False",
        DB + "test_offer_ends.py::test_an_offer_whose_stock_is_gone_is_closed_as_used_up",
    ),
    Guard(
        "an offer nothing waits on any more",
        "clock",
        STORE + "ledger.py",
        "for line_id, at in ended.items()]",
        "for line_id, at in ()]",
        DB + "test_left_over_offers.py::test_goods_that_waited_in_vain_wait_to_be_matched_or_are_taken_back",
    ),
    Guard(
        "a hold taken after a stand-down is decided too",
        "clock",
        USECASES + "accept_allocation.py",
        "is_decided = piece.state is State.HELD and",
        "is_decided = False and",
        DB + "test_stood_down_answers.py::"
        "test_c5_a_promise_made_before_is_accepted_and_a_desk_decides_about_the_hold",
    ),
)
