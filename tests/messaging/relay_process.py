"""A relay in a process of its own, for tests that kill it: `python relay_process.py URL BOOTSTRAP LANES`."""

import asyncio
import os
import sys

from imece_chassis import failpoints
from imece_chassis.database import Database
from imece_chassis.relay import Relay
from imece_chassis.runtime import run_roles
from imece_contracts.topics import CRISIS_PROGRESS


async def main(url: str, bootstrap: str, lanes: int) -> int:
    failpoints.arm(os.environ.get("FP", ""))
    database = await Database.connect(url, application="relay", min_size=1, max_size=2)
    return await run_roles([Relay(database, bootstrap, CRISIS_PROGRESS, lanes=lanes)])


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
