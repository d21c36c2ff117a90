"""One crisis with a million allocations and all else in proportion, as copies of one real example each.

300 organisations in 81 provinces; one need line is hot and has every fiftieth allocation. States are spread
as in the middle of a response: most is over, a tenth waits, and some hold one row in a thousand or just one.
"""

from datetime import datetime

from tests.bench.copies import Copies, id_of, id_sql
from tests.db.crisis.listing import Asked
from tests.db.crisis.one_of_each import Examples

ORGANISATIONS, DESKS, CRISES = 300, 300, 300
NEED, LINE, OFFER, OFFER_LINE, ALLOCATION, ORGANISATION, DESK, ROW, CLOCK = range(1, 10)
CLOSED = "n % 100 < 60"
PLACE = "'TUR0' || lpad((n % 81 + 1)::text, 2, '0') || lpad((n % 9 + 1)::text, 3, '0')"
URGENCY = "CASE WHEN {0} % 10 = 0 THEN 'life_saving' WHEN {0} % 10 < 5 THEN 'urgent' ELSE 'normal' END"
GROUP = "CASE WHEN {0} % 12 = 0 THEN 'barinma' ELSE 'group-' || {0} % 12 END"
ORG = id_sql(ORGANISATION, f"n % {ORGANISATIONS}")
LATELY = "now() - n % 43200 * interval '1 minute'"
AN_ID = id_sql(ROW, "n")
KEPT_CLOCK = "CASE WHEN {} THEN NULL ELSE example.deadline_id END"


def copies(of: Examples, allocations: int) -> list[Copies]:
    """What to fill, in an order in which each finds its example untouched."""
    needs, offers = allocations // 20, allocations // 5
    lines = 2 * needs
    hot, cold = id_sql(LINE, "0"), id_sql(LINE, f"n % {lines}")
    line = f"CASE WHEN n < {allocations // 50} THEN {hot} ELSE {cold} END"
    row = id_sql(ALLOCATION, "n")
    is_waiting = "n % 100 >= 85 AND n <> 7"
    return [
        Copies("command_log", allocations, {
            "command_id": AN_ID, "command": "'propose_allocation'", "subject_type": "'allocation'",
            "subject_id": row, "actor_org_id": ORG, "at": LATELY,
        }, "command = 'propose_allocation'"),
        Copies("allocations", allocations, {
            "allocation_id": row, "root_id": row, "need_line_id": line,
            "offer_line_id": id_sql(OFFER_LINE, f"n % {offers}"), "pledger_org_id": ORG,
            "state": "CASE WHEN n = 7 THEN 'damaged' WHEN n % 100 < 40 THEN 'confirmed'"
                     " WHEN n % 100 < 60 THEN 'withdrawn' WHEN n % 100 < 75 THEN 'expired'"
                     " WHEN n % 100 < 85 THEN 'hold_expired' WHEN n % 100 < 95 THEN 'held'"
                     " WHEN n % 100 < 99 THEN 'proposed' ELSE 'waitlisted' END",
            "state_since": LATELY, "changed_at": LATELY,
            "deadline_id": f"CASE WHEN {is_waiting} THEN {id_sql(CLOCK, 'n')} END",
            "awaiting": "CASE WHEN n % 100 BETWEEN 95 AND 98 THEN 'asker_side' END",
            "waitlisted_at": "CASE WHEN n % 100 = 99 THEN now() END",
            "reason": "CASE WHEN n % 100 BETWEEN 40 AND 59 THEN 'transport_lost' END",
        }, "state = 'proposed'"),
        Copies("deadlines", allocations, {
            "deadline_id": id_sql(CLOCK, "n"), "subject_type": "'allocation'", "subject_id": row,
            "due_at": "now() + n % 4320 * interval '1 minute'",
            "state": f"CASE WHEN {is_waiting} THEN 'pending' ELSE 'fired' END",
            "settled_at": f"CASE WHEN NOT ({is_waiting}) THEN now() END",
        }, "subject_type = 'allocation' AND state = 'pending'"),
        Copies("needs", needs, {
            "need_id": id_sql(NEED, "n"), "need_no": "1000 + n", "asker_org_id": ORG, "district": PLACE,
            "state": f"CASE WHEN n % 1000 = 999 THEN 'returned' WHEN {CLOSED} THEN 'closed'"
                     " WHEN n % 100 < 95 THEN 'open' WHEN n % 100 < 98 THEN 'on_hold'"
                     " ELSE 'submitted' END",
            "close_reason": f"CASE WHEN {CLOSED} THEN 'met' END", "deadline_id": KEPT_CLOCK.format(CLOSED),
            "urgency": URGENCY.format("n"),
            "is_stale": "n % 50 = 0", "changed_at": LATELY,
        }, "state = 'open'"),
        Copies("need_lines", lines, {
            "need_line_id": id_sql(LINE, "n"), "need_id": id_sql(NEED, "n / 2"), "position": "n % 2",
            "item_code": "CASE WHEN n % 60 = 0 THEN example.item_code ELSE 'item-' || n % 60 END",
            "tamp_group": GROUP.format("n"),
            "sector": "CASE WHEN n % 11 = 0 THEN 'shelter' ELSE 'sector-' || n % 11 END",
            "needed_by": "now() + (n % 20000 - 10000) * interval '1 minute'",
        }),
        Copies("need_line_balances", lines, {
            "need_line_id": id_sql(LINE, "n"), "requested": "1000", "elsewhere": "0", "changed_at": LATELY,
            "held": "CASE WHEN n % 3 = 0 THEN 1000 ELSE 400 END",
        }),
        Copies("need_line_revisions", 1000, {"need_line_id": id_sql(LINE, "0"), "version": "n + 1"}),
        Copies("elsewhere_statements", 1000, {"statement_id": AN_ID, "need_line_id": id_sql(LINE, "0")}),
        Copies("offers", offers, {
            "offer_id": id_sql(OFFER, "n"), "offer_no": "1000 + n", "org_id": ORG,
            "is_unsolicited": "n % 10 = 9",
            "state": f"CASE WHEN n % 1000 = 999 THEN 'suspended' WHEN {CLOSED} THEN 'closed' ELSE 'open' END",
            "suspension_cause": "CASE WHEN n % 1000 = 999 THEN 'desk' END", "reason": "'ended'",
            "available": "tstzrange(now() - interval '1 day', now() + (1 + n % 60) * interval '1 day')",
            "origin": PLACE, "changed_at": LATELY,
            "deadline_id": KEPT_CLOCK.format(CLOSED),
        }, "state = 'open'"),
        Copies("offer_lines", offers, {
            "offer_line_id": id_sql(OFFER_LINE, "n"), "offer_id": id_sql(OFFER, "n"),
            "item_code": "CASE WHEN n % 60 = 0 THEN example.item_code ELSE 'item-' || n % 60 END",
        }),
        Copies("offer_line_balances", offers, {
            "offer_line_id": id_sql(OFFER_LINE, "n"), "qty": "10", "reserved": "0", "consumed": "0",
            "committed": "CASE WHEN n % 3 = 0 THEN 5 ELSE 10 END",
        }),
        *_of_desks(needs),
        *_questions(),
        Copies("crises", CRISES, {"crisis_id": AN_ID, "crisis_no": "'KRZ-2030-' || n"}, "state = 'open'"),
        Copies("crisis_settings", CRISES, {"crisis_id": AN_ID, "version": "1"}),
    ]  # fmt: skip


def asked(of: Examples, now: datetime) -> Asked:
    """What the lists are asked about: an ordinary organisation and the hot line."""
    return Asked(
        crisis_id=of.crisis_id,
        need_id=id_of(NEED, 0),
        line_id=id_of(LINE, 0),
        org_id=id_of(ORGANISATION, 11),
        desk_id=id_of(DESK, 11),
        after=id_of(ROW, 2_000),
        now=now,
    )


def _of_desks(tasks: int) -> list[Copies]:
    desk = id_sql(DESK, f"n % {DESKS}")
    seat = f"(ARRAY['primary', 'deputy', 'officer'])[1 + n / {DESKS} % 3]"
    since = f"now() - interval '5 days' + n / {3 * DESKS} * interval '8 hours'"
    done = "n % 20 > 0"
    return [
        Copies("desks", DESKS, {"desk_id": id_sql(DESK, "n"), "host_org_id": ORG}),
        Copies("watches", 30 * 3 * DESKS, {
            "watch_id": AN_ID, "desk_id": desk, "seat": seat,
            "person_ref": "'person_' || lpad(n::text, 6, '0')",
            "period": f"tstzrange({since}, {since} + interval '8 hours')",
        }),
        Copies("tasks", tasks, {
            "task_id": AN_ID, "desk_id": desk, "subject_id": AN_ID, "place": PLACE, "due_at": LATELY,
            "item_group": GROUP.format("n"), "urgency": URGENCY.format("n"),
            "state": f"CASE WHEN {done} THEN 'done' ELSE 'open' END", "deadline_id": KEPT_CLOCK.format(done),
            "outcome": f"CASE WHEN {done} THEN 'handled' END", "done_at": f"CASE WHEN {done} THEN now() END",
        }, "state <> 'done'"),
        Copies("hazard_reports", 5_000, {"report_id": AN_ID, "external_id": "'copy-' || n"}),
    ]  # fmt: skip


def _questions() -> list[Copies]:
    other = id_sql(ORGANISATION, f"(n + 1) % {ORGANISATIONS}")
    return [
        Copies("saturation_orders", 2_000, {
            "order_id": AN_ID, "state": "'lapsed'", "lapse_reason": "'ended'", "deadline_id": "NULL",
        }),
        Copies("release_requests", 20_000, {
            "request_id": AN_ID, "holder_org": ORG, "asked_by_org": other, "state": "'lapsed'",
            "deadline_id": "NULL",
        }),
        Copies("waivers", 20_000, {
            "waiver_id": AN_ID, "asked_of_org": ORG, "asked_by_org": other, "state": "'refused'",
            "deadline_id": "NULL",
        }),
        Copies("two_keys", 2_000, {"two_key_id": AN_ID, "subject_id": AN_ID, "first_org_id": ORG}),
        Copies("packages", 20_000, {
            "package_id": AN_ID, "org_id": ORG, "verified_at": "now()",
            "verify_due_at": "now() + interval '20 days'",
        }),
        Copies("package_lines", 20_000, {
            "package_line_id": AN_ID, "package_id": AN_ID,
            "item_code": "CASE WHEN n % 60 = 0 THEN example.item_code ELSE 'item-' || n % 60 END",
        }),
        Copies("need_templates", 3_000, {"template_id": AN_ID, "org_id": ORG}),
        Copies("recurring_needs", 3_000, {
            "recurring_id": AN_ID, "org_id": ORG, "state": "'stopped'", "end_reason": "'stopped'",
            "deadline_id": "NULL",
        }),
    ]  # fmt: skip
