"""The mutation list: every guard of the ledger, how it is taken away, and the test that must then turn red.

`file` is a source of the product, `find` a text that stands in it once, `instead` what takes its place.
test_guards runs each in a process of its own, on a copy of the package with this one guard gone.
"""

from dataclasses import dataclass

DB = "tests/db/crisis/"
UNIT = "tests/unit/crisis/"
CRISIS = "services/crisis/src/crisis/"
CHASSIS = "shared/chassis/src/imece_chassis/"
LINES = CRISIS + "store/lines.py"
NEEDS_SQL = CRISIS + "store/queries/move_need_balances.sql"
OFFERS_SQL = CRISIS + "store/queries/move_offer_balances.sql"
STEP = CRISIS + "usecases/allocation_step.py"
POSTING = DB + "test_posting.py::"
BUCKET = POSTING + "test_every_bucket_is_posted_on_both_sides"
A10 = (
    DB + "test_orders.py::"
    "test_a10_a_pledge_is_refused_with_three_real_gaps_and_earlier_promises_are_turned_away"
)
CONSTRAINT = DB + "test_constraints.py::test_a_constraint_refuses_the_row_it_is_there_for"


@dataclass(frozen=True)
class Guard:
    """One guard. `kind` groups guards of a sort; the first of each kind is tried in every run."""

    name: str
    kind: str
    file: str
    find: str
    instead: str
    test: str


def _posting(bucket: str, state: str, file: str = NEEDS_SQL) -> Guard:
    stays = f"balance.{bucket} + change.{bucket},"
    return Guard(f"posting of {bucket}", "posting", file, stays, f"balance.{bucket},", f"{BUCKET}[{state}]")


def _constraint(name: str, file: str, check: str, case: str | None = None) -> Guard:
    return Guard(
        f"CHECK {case or name}",
        "CHECK",
        f"{CRISIS}migrations/{file}",
        f"CONSTRAINT {name} CHECK {check}",
        f"CONSTRAINT {name} CHECK (true OR {check[1:]}",
        f"{CONSTRAINT}[{case or name}]",
    )


GUARDS = (
    Guard(
        "row lock of the need line",
        "lock",
        LINES,
        'WHERE need_line_id = ANY ($1::uuid[]) ORDER BY need_line_id FOR UPDATE"',
        'WHERE need_line_id = ANY ($1::uuid[]) ORDER BY need_line_id"',
        DB + "test_races.py::test_a1_fifty_accepts_at_once_hold_exactly_what_is_needed_and_queue_the_rest",
    ),
    Guard(
        "row lock of the offer line",
        "lock",
        LINES,
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
    Guard(
        "version in the guarded update",
        "condition",
        NEEDS_SQL,
        "   AND balance.version = change.old_version\n",
        "",
        POSTING + "test_an_entry_decided_on_an_old_balance_is_refused",
    ),
    Guard(
        "cap in the guarded update",
        "condition",
        NEEDS_SQL,
        "(change.held + change.in_transit + change.arrived + change.good <= 0\n",
        "(true\n",
        POSTING + "test_an_accept_above_the_cap_is_refused_before_the_tables_own_check",
    ),
    Guard(
        "supply in the guarded update",
        "condition",
        OFFERS_SQL,
        "+ change.reserved + change.committed + change.consumed <= balance.qty + change.qty",
        "+ change.reserved + change.committed + change.consumed <= balance.qty + change.qty + 1000",
        POSTING + "test_more_than_the_offer_has_is_refused_before_the_tables_own_check",
    ),
    Guard(
        "every balance was moved",
        "condition",
        CRISIS + "store/ledger.py",
        "    if moved != wanted:\n",
        "    if False:\n",
        POSTING + "test_an_entry_decided_on_an_old_balance_is_refused",
    ),
    _constraint(
        "cap",
        "0001_crises_and_needs.sql",
        "(held + in_transit + arrived + good <= requested + over_cap + carried_excess)",
    ),
    _constraint("supply", "0002_offers_and_allocations.sql", "(reserved + committed + consumed <= qty)"),
    _constraint(
        "split_carries_nothing",
        "0002_offers_and_allocations.sql",
        "((state = 'split') = (qty = 0) AND (qty = 0) = (supply_qty = 0))",
    ),
    _constraint("never_more_than_root", "0002_offers_and_allocations.sql", "(supply_qty <= root_supply_qty)"),
    _constraint(
        "ratio_exact",
        "0002_offers_and_allocations.sql",
        "(ratio_num > 0 AND ratio_den > 0 AND qty * ratio_den = supply_qty * ratio_num)",
    ),
    _constraint(
        "proposal_awaits_a_side",
        "0002_offers_and_allocations.sql",
        "((state IN ('proposed', 'countered')) = (awaiting IS NOT NULL))",
    ),
    _constraint(
        "root_is_its_own",
        "0002_offers_and_allocations.sql",
        "((parent_id IS NULL) = (root_id = allocation_id))",
    ),
    Guard(
        "CHECK silence_has_a_rule",
        "CHECK",
        CRISIS + "migrations/0002_offers_and_allocations.sql",
        "CONSTRAINT silence_has_a_rule CHECK ((deadline_id IS NOT NULL) =",
        "CONSTRAINT silence_has_a_rule CHECK (true OR (deadline_id IS NOT NULL) =",
        f"{CONSTRAINT}[silence_has_a_rule]",
    ),
    Guard(
        "CHECK two_parties on the audit row",
        "CHECK",
        CRISIS + "migrations/0003_command_log.sql",
        "CONSTRAINT two_parties CHECK (command NOT IN",
        "CONSTRAINT two_parties CHECK (true OR command NOT IN",
        DB + "test_constraints.py::test_the_audit_row_refuses_one_organisation_on_both_sides",
    ),
    Guard(
        "insert-only history",
        "CHECK",
        CRISIS + "migrations/0002_offers_and_allocations.sql",
        "BEFORE UPDATE OR DELETE OR TRUNCATE ON allocation_entries",
        "BEFORE TRUNCATE ON allocation_entries",
        DB + "test_constraints.py::test_history_is_insert_only",
    ),
    _posting("held", "held"),
    _posting("proposed", "proposed"),
    _posting("waitlisted", "waitlisted"),
    _posting("in_transit", "dispatched"),
    _posting("arrived", "arrived"),
    _posting("good", "confirmed"),
    _posting("lost", "short"),
    _posting("reserved", "held", OFFERS_SQL),
    _posting("committed", "held", OFFERS_SQL),
    _posting("consumed", "confirmed", OFFERS_SQL),
    Guard(
        "carried excess shrinks",
        "posting",
        NEEDS_SQL,
        "carried_excess = least(balance.carried_excess + change.carried_excess,",
        "carried_excess = greatest(balance.carried_excess + change.carried_excess,",
        POSTING + "test_a_carried_excess_leaves_with_the_surplus_it_stands_for",
    ),
    Guard(
        "promotion when room grows",
        "posting",
        CRISIS + "store/ledger.py",
        'if row["may_promote"]',
        "if False",
        DB + "test_promotion.py::test_a19_room_calls_the_fittest_and_its_silence_passes_the_call_on",
    ),
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
    Guard(
        "deadline row of new rows",
        "clock",
        CRISIS + "store/allocations.py",
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
        "acceptor is not proposer",
        "two parties",
        CRISIS + "domain/answers.py",
        "    if doing.actor_org_id == row.proposer_org_id:\n",
        "    if False:\n",
        DB + "test_one_pledge.py::test_the_proposer_cannot_accept_even_as_secretariat",
    ),
    Guard(
        "verifier is not asker",
        "two parties",
        CRISIS + "domain/needs/judging.py",
        '    _must_be_submitted(need)\n    need.must_be_of_another(verifier_org_id, "verify")\n',
        "    _must_be_submitted(need)\n",
        DB + "test_one_pledge.py::test_a_verifier_of_the_askers_organisation_is_refused",
    ),
    Guard(
        "two keys are two keys",
        "two parties",
        CRISIS + "domain/two_keys.py",
        "        if key_id == self.first_key_id:\n",
        "        if False:\n",
        UNIT + "test_two_keys.py",
    ),
    Guard(
        "nobody corrects the record of its own promise",
        "two parties",
        CRISIS + "domain/corrections.py",
        "    if org_id == row.pledger_org_id:\n",
        "    if False:\n",
        UNIT + "test_corrections.py",
    ),
    Guard(
        "a correction is the whole row",
        "conservation",
        CRISIS + "domain/corrections.py",
        "    if named != row.qty:\n",
        "    if False:\n",
        UNIT + "test_corrections.py",
    ),
    Guard(
        "same key, other body",
        "key",
        CHASSIS + "idempotency.py",
        "return Replay(answer) if known_hash == request.body_hash else Reused()",
        "return Replay(answer)",
        DB + "test_races.py::test_a7_one_key_ten_times_has_one_effect_and_ten_equal_answers",
    ),
    Guard(
        "a cut keeps the whole quantity",
        "conservation",
        CRISIS + "domain/answers.py",
        "    left = row.piece(doing.new_id(), row.qty - take)\n",
        "    left = row.piece(doing.new_id(), row.qty - take + 1)\n",
        UNIT + "test_conservation.py",
    ),
    Guard(
        "the parent of a cut carries nothing",
        "conservation",
        CRISIS + "domain/allocations.py",
        "self.now_in(State.SPLIT, now, actor), qty=ZERO, supply_qty=ZERO)",
        "self.now_in(State.SPLIT, now, actor))",
        UNIT + "test_conservation.py",
    ),
    Guard(
        "audit row of every step",
        "audit",
        STEP,
        "    await command_log.record(tx, [audit])\n",
        "",
        DB + "test_one_pledge.py::test_the_ledger_proves_itself_after_every_kind_of_step",
    ),
    Guard(
        "queue of the audit chain",
        "audit",
        CRISIS + "store/command_log.py",
        " SELECT command_id FROM unnest($1::uuid[]) AS new (command_id)",
        " SELECT command_id FROM unnest($1::uuid[]) AS new (command_id) WHERE false",
        DB + "test_audit_chain.py::test_every_command_is_sealed_once_and_the_chain_holds",
    ),
    Guard(
        "one sealer at a time",
        "audit",
        CRISIS + "store/command_seals.py",
        '    if not await tx.fetchval("SELECT pg_try_advisory_xact_lock($1)", LOCK):\n        return 0\n',
        "",
        DB + "test_audit_chain.py::test_a_second_sealer_does_nothing_while_one_is_at_work",
    ),
    Guard(
        "event of every step",
        "event",
        STEP,
        "    await outbox.append(tx, told)\n",
        "",
        DB
        + "test_one_pledge.py::test_events_of_a_line_are_numbered_without_a_gap_and_carry_the_whole_vector",
    ),
    Guard(
        "saturation order against pledges",
        "order",
        CRISIS + "usecases/propose_allocations.py",
        "    order = stopping(in_force, item, line.district, line.urgency)\n",
        "    order = None\n",
        A10,
    ),
    Guard(
        "saturation order against offers",
        "order",
        CRISIS + "usecases/orders.py",
        "    if order is not None:\n",
        "    if False:\n",
        DB + "test_offer_approval.py",
    ),
    Guard(
        "open condition",
        "terms",
        CRISIS + "usecases/accept_allocation.py",
        "    met = must_allow(held, piece.qty) if piece.state is State.HELD else ()\n",
        "    met = ()\n",
        DB + "test_terms_of_use.py",
    ),
)
