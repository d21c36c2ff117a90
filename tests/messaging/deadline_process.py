"""A deadline worker in a process of its own, for tests that kill it: `python deadline_process.py URL`."""

import asyncio
import os
import sys

from imece_chassis import failpoints
from imece_chassis.database import Database
from imece_chassis.deadlines import Deadline, DeadlineWorker


async def main(url: str) -> None:
    failpoints.arm(os.environ.get("FP", ""))
    database = await Database.connect(url, application="timers", min_size=1)

    async def effect(deadline: Deadline) -> None:
        raise AssertionError(f"{deadline.kind} must not be reached")

    await DeadlineWorker(database, {"expire": effect}).run_once()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
