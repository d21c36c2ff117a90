"""What makes every wait end, once and not early."""

from tests.db.crisis.guards.forms import CHASSIS, DB, STEP, STORE, Guard

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
)
