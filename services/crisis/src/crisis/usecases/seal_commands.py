"""SealCommands: bring audit rows that wait into the hash chain."""

from crisis.store import command_seals
from imece_chassis.database import Database

BATCH = 2000


async def seal_commands(database: Database) -> int:
    """Seal one batch; how many rows it was. Another sealer at work counts as nothing to do."""
    return await database.unit_of_work(lambda tx: command_seals.seal(tx, BATCH))
