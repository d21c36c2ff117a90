"""The deadline row of every wait: where each is written, and what is missed without it."""

from tests.db.crisis.guards.forms import DB, STORE, USECASES, Guard

_LIFE = DB + "test_crisis_life.py::"
_PROPOSALS = DB + "test_crisis_proposals.py::"
_ENDINGS = DB + "test_crisis_endings.py::"
_NEED_ENDINGS = DB + "test_need_endings.py::"
_CLOCKS = DB + "test_clocks.py::"
_ORDERS = DB + "test_orders.py::"
_SILENT = DB + "test_silent_desks.py::"
_TASKS = DB + "test_tasks.py::"
_TIME = DB + "test_needs_over_time.py::"
_USE = DB + "test_terms_of_use.py::"
_PROMOTION = DB + "test_promotion.py::"
_PROMOTION_RUNS = DB + "test_promotion_runs.py::"
_PACKAGE = DB + "test_packages.py::test_a_package_nobody_checks_is_stale_and_after_a_year_more_given_up"
_POOLS = DB + "test_pooled_offers.py::"
_IMPORTS = DB + "test_imports.py::"


def _wait(name: str, file: str, find: str, test: str, instead: str = "") -> Guard:
    return Guard(f"deadline row of {name}", "clock", file, find, instead, test)


def _asked(name: str, file: str, find: str, test: str) -> Guard:
    """Where somebody asks another module to write the row."""
    return Guard(name, "clock", file, find, "", test)


GUARDS = (
    _wait(
        "a need's state",
        STORE + "needs.py",
        "await schedule(tx, Deadline(clock.deadline_id",
        _TIME + "test_a_hold_ends_by_itself",
        "(Deadline(clock.deadline_id",
    ),
    _wait(
        "a closed need's text",
        STORE + "needs.py",
        "        await schedule_once(tx, Deadline(uuid7(), SUBJECT, after.need_id, SWEEP_TEXT, sweep_at))\n",
        _NEED_ENDINGS + "test_free_text_goes_half_a_year_after_closing",
    ),
    _wait(
        "a text swept too early",
        USECASES + "sweep_text.py",
        "await schedule_once(tx, Deadline(tools.new_id()",
        _NEED_ENDINGS + "test_free_text_goes_half_a_year_after_closing",
        "(Deadline(tools.new_id()",
    ),
    _wait(
        "a need that may be met",
        USECASES + "close_met.py",
        "    await schedule_once(\n        tx, *(Deadline(",
        _NEED_ENDINGS + "test_a_need_closes_by_itself_when_every_line_is_met",
        "    list(\n        (Deadline(",
    ),
    _wait(
        "a recurring need",
        STORE + "templates.py",
        "    if recurring.deadline_id is not None:\n        await schedule(",
        DB + "test_repeated_needs.py::test_a_need_recurs_until_its_last_day",
        "    if False:\n        await schedule(",
    ),
    _wait(
        "an upload and its run",
        STORE + "imports.py",
        "    await schedule(tx, Deadline(deadline_id, SUBJECT, imported.import_id, kind, at))\n",
        _IMPORTS + "test_what_was_uploaded_goes_and_what_was_done_stays",
        "    pass\n",
    ),
    _wait(
        "an upload in use",
        USECASES + "sweep_import.py",
        "        await schedule(tx, due)\n",
        _IMPORTS + "test_what_was_uploaded_goes_and_what_was_done_stays",
    ),
    _wait(
        "a row after its step",
        STORE + "allocations.py",
        "        await schedule_once(tx, *deadlines_of(changed))\n",
        DB + "test_silence.py::test_a_hold_without_dispatch_ends_and_the_gap_is_open_again",
        "        pass\n",
    ),
    _wait(
        "what a posting lets come due",
        STORE + "ledger.py",
        "    await schedule_anew(tx, *due)\n",
        _PROMOTION + "test_a19_room_calls_the_fittest_and_its_silence_passes_the_call_on",
    ),
    _wait(
        "a promotion on a line that goes on",
        STORE + "ledger.py",
        "            for balance in balances\n            if balance.waitlisted and balance.room\n",
        _PROMOTION_RUNS + "test_a_need_that_was_held_back_calls_who_waits_once_it_goes_on",
        "            for balance in balances\n            if False\n",
    ),
    _wait(
        "a promotion in a crisis that goes on",
        USECASES + "stand_down.py",
        '            Deadline(tools.new_id(), "need_line", line, Timer.PROMOTE, now)\n'
        "            for line in await winding_down.lines_to_call(tx, after.crisis_id)\n",
        _PROMOTION_RUNS + "test_a_crisis_that_goes_on_calls_who_waits_for_room_made_meanwhile",
        '            Deadline(tools.new_id(), "need_line", line, Timer.PROMOTE, now)\n'
        "            for line in (await winding_down.lines_to_call(tx, after.crisis_id))[:0]\n",
    ),
    _wait(
        "the second reminder of a holder",
        USECASES + "remind_holder.py",
        "        await schedule_once(tx, late)\n",
        _CLOCKS + "test_a_holder_is_reminded_at_half_and_at_four_fifths_of_the_lease",
        "        pass\n",
    ),
    _wait(
        "a reminder of a longer lease",
        USECASES + "remind_holder.py",
        "        await schedule_once(tx, again)\n",
        _CLOCKS + "test_a_lease_that_became_longer_is_reminded_of_at_its_new_half",
    ),
    _wait(
        "a request to let go",
        STORE + "release_requests.py",
        "await schedule(tx, Deadline(request.deadline_id",
        DB + "test_holding.py::test_a24_silence_releases_and_who_asked_is_called_first",
        "(Deadline(request.deadline_id",
    ),
    _wait(
        "a condition",
        STORE + "conditions.py",
        "    await schedule(tx, *deadlines)\n",
        _USE + "test_a22_an_open_condition_stands_against_the_accept_and_its_date_ends_the_row",
    ),
    _wait(
        "a question about an earmark",
        STORE + "waivers.py",
        "await schedule(tx, Deadline(waiver.deadline_id",
        _USE + "test_a9_earmarked_goods_are_never_matched_outside_and_silence_is_no",
        "(Deadline(waiver.deadline_id",
    ),
    _wait(
        "a second key",
        STORE + "two_keys.py",
        "await schedule(tx, Deadline(request.deadline_id",
        DB + "test_two_keys.py::test_no_second_key_in_time_voids_it",
        "(Deadline(request.deadline_id",
    ),
    _wait(
        "a new offer",
        STORE + "offers.py",
        "    await schedule(tx, *deadlines_of(offers))\n",
        DB + "test_offer_approval.py::test_a_second_key_of_the_organisation_opens_it_and_no_other",
    ),
    _wait(
        "an offer after its step",
        STORE + "offers.py",
        "        await schedule(tx, *deadlines_of([after]))\n",
        DB
        + "test_suspended_offers.py::test_a_suspended_offer_nobody_decides_on_is_closed_after_fourteen_days",
        "        pass\n",
    ),
    _wait(
        "the walk over offers of an organisation",
        USECASES + "follow_standing.py",
        "        await schedule_once(tx, Deadline(tools.new_id(), SUBJECT, org_id, FOLLOW, now))\n",
        DB + "test_suspended_offers.py::"
        "test_offers_follow_the_standing_of_their_organisation_and_holds_must_be_decided",
    ),
    _wait(
        "a new package",
        STORE + "packages.py",
        "    await schedule(tx, _deadline(package, package.clock))\n",
        _PACKAGE,
    ),
    _wait(
        "a package after its step",
        STORE + "packages.py",
        "        await schedule(tx, _deadline(after, after.clock))\n",
        _PACKAGE,
        "        pass\n",
    ),
    _wait(
        "a new order",
        STORE + "orders.py",
        "    await schedule(tx, *_deadlines(order))\n\n\nasync def update",
        _ORDERS + "test_a43_without_a_second_key_pledging_is_open_again_and_the_lapse_is_told",
        "\n\nasync def update",
    ),
    _wait(
        "an order after its step",
        STORE + "orders.py",
        "    await schedule(tx, *_deadlines(order))\n\n\nasync def read",
        _ORDERS + "test_a_second_key_of_the_secretariat_keeps_it_until_its_own_end",
        "\n\nasync def read",
    ),
    _wait(
        "the walk of an order",
        USECASES + "issue_order.py",
        "    await schedule(tx, Deadline(tools.new_id(), SUBJECT, order.order_id, WALK, now))\n",
        _ORDERS + "test_a10_a_pledge_is_refused_with_three_real_gaps_and_earlier_promises_are_turned_away",
    ),
    _wait(
        "the walk of an order once more",
        STORE + "orders.py",
        "    await schedule(tx, walk)\n",
        DB + "test_orders_over.py::test_an_order_that_is_lifted_or_at_its_end_takes_back_what_it_asked",
    ),
    _wait(
        "the second walk of an order",
        USECASES + "walk_order.py",
        "        await schedule(tx, Deadline(tools.new_id(), SUBJECT, order_id, WALK, again_at))\n",
        _ORDERS + "test_a_second_walk_catches_what_was_being_committed",
        "        pass\n",
    ),
    _wait(
        "an opened crisis",
        USECASES + "open_crisis.py",
        "    await schedule(tx, clock_of(crisis, CrisisTimer.REVIEW, now + REVIEW_EVERY))\n",
        _LIFE + "test_c2_a_week_without_review_is_a_task_of_the_secretariat_again_and_again",
    ),
    _wait(
        "a proposed crisis",
        USECASES + "propose_crisis.py",
        "    await schedule(tx, clock_of(crisis, CrisisTimer.NO_DECISION, now + UNDECIDED_LIFE))\n",
        _PROPOSALS + "test_c1_a_proposal_nobody_decides_is_dismissed_after_three_days",
    ),
    _wait(
        "a crisis after its step",
        USECASES + "crisis_step.py",
        "        await schedule(tx, clock_of(after, *clock))\n",
        _ENDINGS + "test_c6_reactivating_settles_the_wind_down",
        "        pass\n",
    ),
    _wait(
        "a crisis nobody reviewed",
        USECASES + "crisis_clocks.py",
        "    await schedule(tx, clock_of(waiting, kind, tools.clock.now() + every))\n",
        _LIFE + "test_c2_a_week_without_review_is_a_task_of_the_secretariat_again_and_again",
    ),
    _wait(
        "the holds beyond the first hundred",
        USECASES + "crisis_clocks.py",
        "    if len(held) == HOLDS_AT_ONCE:\n",
        DB + "test_many_holds.py::test_the_hundred_and_first_hold_is_decided_too",
        "    if False:\n",
    ),
    _wait(
        "the holds of a crisis stood down",
        USECASES + "stand_down.py",
        "HOLDS, at) for crisis_id, at in due.items())",
        _ENDINGS + "test_c5_what_is_held_is_decided_one_by_one",
        "HOLDS, at) for crisis_id, at in ())",
    ),
    _wait(
        "what a closed crisis leaves behind",
        USECASES + "close_crisis.py",
        "    await schedule_once(tx, Deadline(tools.new_id(), crises.SUBJECT, crisis_id, REMAINS, now))\n",
        DB + "test_closed_crises.py::test_offers_and_tasks_of_a_closed_crisis_end",
    ),
    _wait(
        "a task about what stays held of its subject",
        USECASES + "tasks.py",
        "        await schedule(tx, clock_of(heir, due_at))\n",
        DB + "test_cut_holds.py::test_a_decision_is_asked_for_on_at_the_seat_that_has_it",
        "        pass\n",
    ),
    _wait(
        "a task",
        USECASES + "tasks.py",
        "    await schedule(tx, clock_of(task, due_at))\n",
        _TASKS + "test_an_unanswered_task_climbs_to_the_officer_and_is_told_again_and_again",
    ),
    _wait(
        "an overdue task",
        USECASES + "overdue_task.py",
        "        await schedule(tx, clock_of(after, now + after.every))\n",
        _TASKS + "test_an_unanswered_task_climbs_to_the_officer_and_is_told_again_and_again",
    ),
    _wait(
        "a desk with a proposal",
        USECASES + "silent_desk.py",
        "    await schedule_once(\n        tx, *(Deadline(uuid7(), SUBJECT, line_id, DESK_SILENT, at)"
        " for line_id, at in due.items())\n    )\n",
        _SILENT + "test_the_deputy_is_called_then_the_officer_and_again_until_it_is_answered",
    ),
    _wait(
        "a desk with a newer proposal",
        USECASES + "silent_desk.py",
        "        await schedule_once(tx, again)\n",
        _SILENT + "test_a_newer_proposal_gives_the_desk_its_own_time",
    ),
    _wait(
        "a look whom goods help with others",
        USECASES + "pool_offers.py",
        "        await schedule_anew(tx, Deadline(uuid7(), offers.SUBJECT, offer.offer_id, OF_OFFER, at))\n",
        _POOLS + "test_two_that_are_put_up_together_are_seen_by_whoever_looks_later",
        "        pass\n",
    ),
    _wait(
        "a look for offers to pool for a need",
        USECASES + "pool_offers.py",
        "        await schedule_anew(tx, Deadline(uuid7(), needs.SUBJECT, need_id, OF_NEED, at))\n",
        _POOLS + "test_a_need_that_opens_finds_offers_that_wait",
        "        pass\n",
    ),
    _asked(
        "a look for a line that takes calls again",
        USECASES + "revise_need_line.py",
        "    await look_for_need(tx, seen.need_id, [seen], now)\n",
        _POOLS + "test_a_line_that_takes_calls_again_is_looked_at",
    ),
    _asked(
        "a look for a need that comes apart again",
        USECASES + "unmerge_need.py",
        "    await look_for_need(tx, need_id, after.lines, now)\n",
        _POOLS + "test_a_need_that_comes_apart_again_is_looked_at",
    ),
    _asked(
        "a look with an offer a desk resumes",
        USECASES + "suspend_offer.py",
        "    await look_with_offer(tx, after, now)\n",
        _POOLS + "test_an_offer_that_goes_on_is_looked_at_again",
    ),
    _asked(
        "a look with offers of who may act again",
        USECASES + "follow_standing.py",
        "        await look_with_offer(tx, after, now)\n",
        _POOLS + "test_offers_of_who_may_act_again_are_looked_at_again",
    ),
)
