"""What a command must look at and leave behind."""

from tests.db.crisis.guards.forms import CHASSIS, CRISIS, DB, STEP, STORE, UNIT, USECASES, Guard

_A10 = (
    DB + "test_orders.py::"
    "test_a10_a_pledge_is_refused_with_three_real_gaps_and_earlier_promises_are_turned_away"
)

GUARDS = (
    Guard(
        "acceptor is not proposer",
        "two parties",
        CRISIS + "domain/answers.py",
        "    if doing.actor_org_id == row.proposer_org_id:\n",
        "    if False:\n",
        DB + "test_one_pledge.py::test_the_proposer_cannot_accept_even_as_secretariat",
    ),
    Guard(
        "the pledger's desk lets nobody answer its pledge",
        "two parties",
        USECASES + "authority.py",
        " and line.delegated_by_org_id != row.pledger_org_id\n",
        "\n",
        DB + "test_delegated_answers.py::test_a_desk_of_the_pledger_lets_nobody_answer_its_pledge",
    ),
    Guard(
        "a delegation is asked for again under lock",
        "two parties",
        USECASES + "accept_allocation.py",
        "    must_still_answer(each.side, each.role, locked.row, locked.line, now)\n",
        "",
        DB + "test_delegated_answers.py::test_an_answer_that_waited_beyond_the_delegation_is_refused",
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
        "same key, other body",
        "key",
        CHASSIS + "idempotency.py",
        "return Replay(answer) if known_hash == request.body_hash else Reused()",
        "return Replay(answer)",
        DB + "test_races.py::test_a7_one_key_ten_times_has_one_effect_and_ten_equal_answers",
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
        STORE + "command_log.py",
        " SELECT command_id FROM unnest($1::uuid[]) AS new (command_id)",
        " SELECT command_id FROM unnest($1::uuid[]) AS new (command_id) WHERE false",
        DB + "test_audit_chain.py::test_every_command_is_sealed_once_and_the_chain_holds",
    ),
    Guard(
        "one sealer at a time",
        "audit",
        STORE + "command_seals.py",
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
        USECASES + "propose_allocations.py",
        "    order = stopping(in_force, item, line.district, line.urgency)\n",
        "    order = None\n",
        _A10,
    ),
    Guard(
        "saturation order against offers",
        "order",
        USECASES + "orders.py",
        "    if order is not None:\n",
        "    if False:\n",
        DB + "test_offer_approval.py",
    ),
    Guard(
        "open condition",
        "terms",
        USECASES + "accept_allocation.py",
        "    met = must_allow(held, piece.qty) if piece.state is State.HELD else ()\n",
        "    met = ()\n",
        DB + "test_terms_of_use.py",
    ),
)
