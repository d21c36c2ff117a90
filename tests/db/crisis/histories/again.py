"""`play_again([...])`: a written history once more, on a database of its own. Scripts of failures call it."""

import asyncio
import os
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from imece_chassis.database import Database
from tests.db.crisis.histories import catalogue  # noqa: F401 - enters every command
from tests.db.crisis.histories.ground import Ground
from tests.db.crisis.histories.play import Told, Wave, replay
from tests.platform.databases import Databases
from tests.platform.postgres import running_postgres


def play_again(waves: Sequence[Wave]) -> None:
    """Play it and print what came of it; raises HistoryBroken when it breaks again."""
    given = os.environ.get("DATABASE_URL_TEST")
    with (
        tempfile.TemporaryDirectory() as folder,
        running_postgres(Path(folder) / "cluster", given) as server,
        closing(Databases(server)) as databases,
    ):
        told = asyncio.run(_play(databases.create("crisis"), waves))
    print(f"held: {sum(told.done.values())} done, {dict(told.refused)} refused")


async def _play(url: str, waves: Sequence[Wave]) -> Told:
    told = Told()
    database = await Database.connect(url, application="histories", statement_timeout_ms=30_000)
    try:
        await replay(Ground(database, database), waves, told)
    finally:
        await database.close()
    return told
