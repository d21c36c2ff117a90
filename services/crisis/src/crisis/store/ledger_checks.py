"""When the ledger was last proved and when it is due again, for all processes together."""

from datetime import timedelta

from imece_chassis.database import Transaction


async def claim(tx: Transaction, scope: str, period: timedelta) -> bool:
    """Take the check that is due now; the next is due one period later. False: not due, or taken."""
    tag = await tx.execute(
        "UPDATE ledger_checks SET next_at = now() + $2 WHERE scope = $1 AND next_at <= now()", scope, period
    )
    return tag == "UPDATE 1"


async def note(tx: Transaction, scope: str, mismatches: int) -> None:
    """Write down that the check was run, and how many rows it found."""
    await tx.execute(
        "UPDATE ledger_checks SET checked_at = now(), mismatches = $2 WHERE scope = $1", scope, mismatches
    )


async def ages(tx: Transaction) -> dict[str, float]:
    """Seconds since each scope was last proved; a scope that never was counts from when it was due."""
    rows = await tx.fetch(
        "SELECT scope, extract(epoch FROM now() - coalesce(checked_at, next_at))::float8 AS age"
        " FROM ledger_checks"
    )
    return {row["scope"]: row["age"] for row in rows}
