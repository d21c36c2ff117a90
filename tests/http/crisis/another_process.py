"""A second process of the service on a database in use: what it reads of a row and makes of a new pledge.

Run with the catalogue of items it shall know first on PYTHONPATH; prints one JSON object.
"""

import asyncio
import json
import sys

from tests.http.crisis.conftest import serving


async def answers(url: str, allocation_id: str, crisis_id: str, pledge: str) -> dict[str, object]:
    """The row as read here, and the same pledge made here by somebody else."""
    async with serving(url) as office:
        read = await office.get(f"/allocations/{allocation_id}")
        again = await office.member("pledger").post(f"/crises/{crisis_id}/pledges", json.loads(pledge))
        return {"read": read.json(), "again": again.json()}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(answers(*sys.argv[1:]))))
