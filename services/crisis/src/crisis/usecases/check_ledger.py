"""CheckLedger: prove I1–I6 on the live database, in one snapshot, and name every row that breaks one."""

from dataclasses import dataclass

from crisis.store import checks
from imece_chassis.database import Database, Transaction


@dataclass(frozen=True, slots=True)
class Finding:
    """One row that breaks an invariant: which check, which row, what was found."""

    check: str
    subject: str
    found: str


async def check_ledger(database: Database) -> dict[str, list[Finding]]:
    """Findings by check; every list is empty on a sound ledger."""

    async def work(tx: Transaction) -> dict[str, list[Finding]]:
        return {
            name: [
                Finding(name, row["subject"], row["found"]) for row in await tx.fetch(checks.statement(name))
            ]
            for name in checks.NAMES
        }

    return await database.snapshot(work)
