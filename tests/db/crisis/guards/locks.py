"""What makes commands on one row come one after the other."""

from tests.db.crisis.guards.forms import DB, STEP, STORE, Guard

GUARDS = (
    Guard(
        "row lock of the need line",
        "lock",
        STORE + "lines.py",
        'WHERE need_line_id = ANY ($1::uuid[]) ORDER BY need_line_id FOR UPDATE"',
        'WHERE need_line_id = ANY ($1::uuid[]) ORDER BY need_line_id"',
        DB + "test_races.py::test_a1_fifty_accepts_at_once_hold_exactly_what_is_needed_and_queue_the_rest",
    ),
    Guard(
        "row lock of the offer line",
        "lock",
        STORE + "lines.py",
        'WHERE offer_line_id = ANY ($1::uuid[]) ORDER BY offer_line_id FOR UPDATE"',
        'WHERE offer_line_id = ANY ($1::uuid[]) ORDER BY offer_line_id"',
        DB + "test_calls.py::test_a2_two_desks_calling_the_same_stock_share_what_there_is",
    ),
    Guard(
        "lock of the allocation's own lines before it is read again",
        "lock",
        STEP,
        "    rows = await allocations.lock_many(tx, [row.allocation_id for row in seen_rows])\n",
        "    rows = {row.allocation_id: row for row in seen_rows}\n",
        DB + "test_races.py::test_answers_to_one_row_from_every_side_at_once_leave_one_ending",
    ),
)
