"""Defects on purpose, so that the checker can be seen red. Never imported by the service."""

from collections.abc import Mapping
from uuid import UUID

from imece_chassis.database import Database, Transaction

ALL_CHECKS = """
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS statement
  FROM pg_constraint
 WHERE contype IN ('c', 'x') AND connamespace = 'public'::regnamespace
"""
ALL_REFERENCES = ALL_CHECKS.replace("('c', 'x')", "('f')")
ALL_TRIGGERS = """
SELECT format('ALTER TABLE %s DISABLE TRIGGER %I', tgrelid::regclass, tgname) AS statement
  FROM pg_trigger AS shield JOIN pg_class AS class ON class.oid = shield.tgrelid
 WHERE NOT tgisinternal AND class.relnamespace = 'public'::regnamespace
"""

LOWERED_BEYOND = """
INSERT INTO need_line_revisions
SELECT need_line_id, is_drill, version + 1, 5, 0, needed_by, reason, by_org_id, command_id, 999
  FROM need_line_revisions
"""
LOWERED_BELOW_ELSEWHERE = """
WITH stated AS (
  INSERT INTO elsewhere_statements (statement_id, need_line_id, crisis_id, is_drill, qty, stated_by_org,
                                    evidence_ref, stated_at, command_id, line_version)
  SELECT gen_random_uuid(), need_line_id, crisis_id, is_drill, 10, crisis_id, 'doc:1', now(),
         gen_random_uuid(), 1
    FROM need_lines
)
INSERT INTO need_line_revisions
SELECT need_line_id, is_drill, version + 1, 20, 0, needed_by, reason, by_org_id, command_id, 999
  FROM need_line_revisions
"""
LOWERED_WHEN_MERGED = f"""
WITH merged AS (
  INSERT INTO need_line_merges (merge_id, is_drill, need_line_id, into_line_id, requested_before, revision)
  SELECT gen_random_uuid(), is_drill, gen_random_uuid(), need_line_id, requested, 1 FROM need_line_revisions
)
{LOWERED_BEYOND}
"""
LOWERED_BELOW_BROUGHT = """
WITH merge AS (
  INSERT INTO need_merges (merge_id, crisis_id, is_drill, need_id, into_need_id, mode, by_org_id, command_id,
                           merged_at, undo_until)
  SELECT need_id, crisis_id, is_drill, need_id, need_id, 'max', asker_org_id, gen_random_uuid(), now(), now()
    FROM needs
  RETURNING merge_id, is_drill, crisis_id
), pair AS (
  INSERT INTO need_line_merges (merge_id, is_drill, need_line_id, into_line_id, requested_before, revision)
  SELECT merge_id, is_drill, merge_id, need_line_id, requested, 1 FROM merge CROSS JOIN LATERAL (
    SELECT need_line_id, requested FROM need_line_revisions) AS line
  RETURNING merge_id, is_drill, need_line_id, into_line_id
), stated AS (
  INSERT INTO elsewhere_statements (statement_id, need_line_id, crisis_id, is_drill, qty, stated_by_org,
                                    evidence_ref, stated_at, command_id, line_version)
  SELECT merge_id, into_line_id, crisis_id, pair.is_drill, 10, crisis_id, 'doc:1', now(), gen_random_uuid(),
         5000
    FROM pair JOIN merge USING (merge_id)
  RETURNING statement_id, is_drill
), brought AS (
  INSERT INTO merged_statements (merge_id, is_drill, statement_id, need_line_id)
  SELECT statement_id, is_drill, statement_id, statement_id FROM stated
)
INSERT INTO need_line_revisions
SELECT need_line_id, is_drill, version + 1, 20, 0, needed_by, reason, by_org_id, command_id, 999
  FROM need_line_revisions
"""
ANOTHERS_CLOCK = """
UPDATE offers SET deadline_id = clock.deadline_id FROM deadlines AS clock WHERE kind = 'allocation.hold'
"""
ORDER_WITHOUT_CLOCK = """
INSERT INTO saturation_orders (order_id, crisis_id, is_drill, item_code, area, issued_at, until, reason,
                               state, state_since, first_org_id, first_key_id, first_role, version)
SELECT gen_random_uuid(), crisis_id, is_drill, 'SHL-TENT-FAM', area, now(), now() + interval '1 day', 'roads',
       'provisional', now(), crisis_id, crisis_id, 'provincial_desk', 1
  FROM crises
"""
ACCEPT_CALLED_A_MERGE = """
INSERT INTO need_merges (merge_id, crisis_id, is_drill, need_id, into_need_id, mode, by_org_id, command_id,
                         merged_at, undo_until)
SELECT need_id, crisis_id, is_drill, need_id, need_id, 'max', asker_org_id,
       (SELECT command_id FROM allocation_entries WHERE from_state = 'proposed' LIMIT 1), now(), now()
  FROM needs
"""

ACCEPT_CALLED_A_CORRECTION = """
INSERT INTO corrections (command_id, two_key_id, crisis_id, is_drill, allocation_id, root_id, need_line_id,
                         line_version, from_state, qty, reason, first_org_id, second_org_id, corrected_at)
SELECT command_id, gen_random_uuid(), crisis_id, is_drill, allocation_id, root_id, need_line_id, line_version,
       from_state, qty, 'other', crisis_id, crisis_id, at
  FROM allocation_entries WHERE from_state = 'proposed' AND to_state = 'held'
"""

BUNDLE_WITHOUT_ROWS = """
INSERT INTO bundles SELECT gen_random_uuid(), crisis_id, is_drill, org_id, offer_id, 1, now() FROM offers
"""

CORRUPTIONS: Mapping[str, tuple[str, ...]] = {
    "i1_cap": ("UPDATE need_line_balances SET held = 2000",),
    "i1_cap_at_every_accept": ("UPDATE need_line_revisions SET requested = 5",),
    "i2_supply": ("UPDATE offer_line_balances SET qty = 1",),
    "i3_conservation": (
        "UPDATE allocations SET supply_qty = 9, qty = 9",
        "UPDATE allocations SET root_id = gen_random_uuid() WHERE parent_id IS NOT NULL",
        ACCEPT_CALLED_A_CORRECTION,
    ),
    "i4_one_state": (
        "UPDATE allocations SET state = 'dispatched' WHERE state = 'held'",
        "UPDATE deadlines SET state = 'cancelled', settled_at = now()",
        "UPDATE allocations SET qty = 3, supply_qty = 3 WHERE state = 'split'",
    ),
    "i5_need_balances": (
        "UPDATE need_line_balances SET waitlisted = 7",
        "UPDATE need_line_balances SET requested = requested + 1",
        "UPDATE need_line_balances SET elsewhere = elsewhere + 1",
        "UPDATE need_line_balances SET carried_excess = carried_excess + 1",
        "UPDATE need_line_balances SET version = 0",
    ),
    "i5_offer_balances": (
        "UPDATE offer_line_balances SET reserved = 9",
        "UPDATE offer_line_balances SET committed = 0 WHERE committed > 0",
        "UPDATE offer_line_balances SET qty = qty + 1",
    ),
    "i6_units": ("UPDATE allocations SET qty = 8", "UPDATE offer_lines SET unit = 'palet'"),
    "i7_lowering": (
        LOWERED_BEYOND,
        LOWERED_BELOW_ELSEWHERE,
        LOWERED_WHEN_MERGED,
        LOWERED_BELOW_BROUGHT,
    ),
    "i8_two_parties": (
        "UPDATE needs SET asker_org_id = actor_org_id FROM command_log WHERE command = 'verify_need'",
        "UPDATE command_log SET actor_org_id = counterparty_org_id WHERE command = 'accept_allocation'",
        "DELETE FROM command_log WHERE command = 'accept_allocation'",
        "UPDATE command_log SET actor_role = 'asker' WHERE command = 'accept_allocation'",
        "UPDATE allocations SET behalf_org_id = crisis_id, object_until = now() WHERE state = 'held'",
        "UPDATE command_log SET command = 'propose_on_behalf' WHERE command = 'propose_allocation'",
        ACCEPT_CALLED_A_CORRECTION,
    ),
    "i9_allocations": (
        "UPDATE allocations SET deadline_id = NULL",
        "UPDATE deadlines SET subject_id = gen_random_uuid() WHERE subject_type = 'allocation'",
    ),
    "i9_every_wait": (
        "UPDATE needs SET deadline_id = NULL",
        "UPDATE deadlines SET state = 'cancelled', settled_at = now() WHERE subject_type = 'crisis'",
        ANOTHERS_CLOCK,
        ORDER_WITHOUT_CLOCK,
    ),
    "bundles": (
        "UPDATE allocations SET bundle_id = gen_random_uuid() WHERE parent_id IS NULL",
        "UPDATE allocations SET bundle_id = gen_random_uuid() WHERE parent_id IS NOT NULL",
        BUNDLE_WITHOUT_ROWS,
    ),
    "i10_one_effect": (
        "UPDATE idempotency SET body_hash = '\\x00'",
        "UPDATE command_log SET after_version = 1, before_version = 0",
    ),
    "i11_pledges_are_not_coverage": (
        "UPDATE need_line_balances SET version = version + 1",
        "UPDATE need_line_balances SET held = held + 1, proposed = proposed - 1",
    ),
    "i12_merges": (ACCEPT_CALLED_A_MERGE,),
    "i16_server_order": (
        "UPDATE allocation_entries SET at = at + interval '1 hour' WHERE line_version = 2",
        "UPDATE command_log SET at = at - interval '1 minute' WHERE command = 'accept_allocation'",
    ),
    "i17_earmarks": (
        'UPDATE allocations SET earmark = \'{"places": ["TUR046"]}\'',
        'UPDATE allocations SET earmark = \'{"populations": ["women"]}\'',
        'UPDATE allocations SET earmark = \'{"items": ["WAS-WATER"], "places": ["TUR031"]}\'',
    ),
    "i18_personal_data": (
        "UPDATE crises SET title = jsonb_set(title, '{tr}', '\"Ayşe 0532 123 45 67\"')",
        "UPDATE needs SET contact_ref = 'ali@example.org'",
        "UPDATE needs SET contact_ref = '10000000146'",
        "UPDATE needs SET contact_ref = 'TR33 0006 1005 1978 6457 8413 26'",
        "UPDATE allocations SET reason = '31 ABC 123'",
        "UPDATE outbox SET payload = convert_to('{\"note\": \"+90 532 123 45 67\"}', 'UTF8')",
    ),
    "audit_chain": (
        "UPDATE command_log SET reason = 'other'",
        "DELETE FROM command_seals WHERE position = 1",
        "DELETE FROM command_log",
    ),
}
"""Check → what a hand or a defect could do to the rows of `test_the_checker.a_full_ledger`."""


async def without_shields(tx: Transaction) -> None:
    """Take every CHECK, reference and trigger out of the way, as long as the transaction lasts."""
    for catalogue in (ALL_CHECKS, ALL_REFERENCES, ALL_TRIGGERS):
        for row in await tx.fetch(catalogue):
            await tx.execute(row["statement"])


async def tampered(database: Database, statement: str) -> None:
    """Change rows behind the commands' back, with every CHECK out of the way, for good."""

    async def work(tx: Transaction) -> None:
        await without_shields(tx)
        await tx.execute(statement)

    await database.unit_of_work(work)


async def accept_by_reading_then_writing(database: Database, allocation_id: UUID) -> None:
    """The classic: read what is held, decide, write the sum.

    No lock, no guard; the sums overwrite each other.
    """

    async def look(tx: Transaction):
        return await tx.fetchrow(
            "SELECT row.need_line_id, row.offer_line_id, row.qty, balance.held, balance.requested,"
            " balance.proposed, balance.version FROM allocations AS row"
            " JOIN need_line_balances AS balance USING (need_line_id) WHERE row.allocation_id = $1",
            allocation_id,
        )

    seen = await database.snapshot(look)
    if seen["held"] + seen["qty"] > seen["requested"]:
        return

    async def write(tx: Transaction) -> None:
        await tx.execute(
            "UPDATE need_line_balances SET held = $2, proposed = $3, version = version + 1"
            " WHERE need_line_id = $1",
            seen["need_line_id"],
            seen["held"] + seen["qty"],
            seen["proposed"] - seen["qty"],
        )
        await tx.execute(
            "INSERT INTO allocation_entries (need_line_id, line_version, allocation_id, is_drill, command_id,"
            " root_id, offer_line_id, crisis_id, from_state, to_state, supply_qty, qty, at)"
            " SELECT need_line_id, (SELECT version FROM need_line_balances AS balance"
            " WHERE balance.need_line_id = row.need_line_id), allocation_id, is_drill, gen_random_uuid(),"
            " root_id, offer_line_id, crisis_id, 'proposed', 'held', supply_qty, qty, now()"
            " FROM allocations AS row WHERE allocation_id = $1",
            allocation_id,
        )

    await database.unit_of_work(write)
