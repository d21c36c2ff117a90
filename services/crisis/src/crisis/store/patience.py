"""How long a transaction waits for the locks of others."""

from imece_chassis.database import Transaction

BRIEFLY_MS = 50


async def wait_briefly(tx: Transaction) -> None:
    """From here to its end the transaction waits at most BRIEFLY_MS for each lock."""
    await tx.execute(f"SET LOCAL lock_timeout = {BRIEFLY_MS:d}")
