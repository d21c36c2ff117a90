"""What must hold after every step, in few statements; and what must hold when a history has ended."""

from datetime import datetime

from crisis.store import checks
from crisis.usecases.check_ledger import AUDIT_CHAIN, PERSONAL_DATA, check_ledger
from crisis.usecases.seal_commands import seal_commands
from imece_chassis.database import Database, Transaction
from tests.db.crisis.histories.liveness import LIVENESS

_GAPLESS = """
SELECT key AS subject,
       format('%s events up to sequence %s', count(*), max((headers ->> 'ce_sequence')::bigint)) AS found
  FROM outbox
 GROUP BY topic, key
HAVING count(*) <> max((headers ->> 'ce_sequence')::bigint)
"""

_ROWS_THAT_FAILED = """
SELECT concat_ws('/', import_id, row_no) AS subject, problem ->> 'code' AS found
  FROM import_rows
 WHERE problem ->> 'code' = 'row_failed'
"""


MOST_KEPT = 15_000
"""Characters of the longest statement a connection keeps prepared: planning takes longer than asking."""


def _together() -> list[str]:
    parts = {name: checks.statement(name) for name in checks.NAMES} | {
        "gapless_events": _GAPLESS,
        "no_row_fails": _ROWS_THAT_FAILED,
    }
    groups: list[str] = []
    for name, statement in parts.items():
        asked = f"SELECT '{name}' AS name, subject, found FROM (\n{statement}\n) AS {name}"
        if groups and len(groups[-1]) + len(asked) < MOST_KEPT:
            groups[-1] += f"\nUNION ALL\n{asked}"
        else:
            groups.append(asked)
    return groups


EVERY_CHECK = _together()


async def broken_now(database: Database, now: datetime) -> list[str]:
    """Every row that breaks an invariant at this instant, and whoever waits unheard."""

    async def work(tx: Transaction) -> list[str]:
        rows = [row for statement in EVERY_CHECK for row in await tx.fetch(statement)]
        found = [f"{row['name']}: {row['subject']}: {row['found']}" for row in rows]
        for name, statement in LIVENESS.items():
            found += [f"{name}: {row['subject']}: {row['found']}" for row in await tx.fetch(statement, now)]
        return found

    return await database.snapshot(work)


async def broken_at_the_end(database: Database, *, is_scanned: bool) -> list[str]:
    """What is dear: the audit chain over all that was done, and the scan for personal data if wanted."""
    while await seal_commands(database):
        pass
    found = await check_ledger(database, (AUDIT_CHAIN, PERSONAL_DATA) if is_scanned else (AUDIT_CHAIN,))
    return [f"{row.check}: {row.subject}: {row.found}" for rows in found.values() for row in rows]
