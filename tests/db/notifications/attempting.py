"""Attempts of the deliveries in a test, as they ended."""

from typing import Any

from tests.notifying.service import rows


async def outcomes(db: Any) -> list[tuple[int, str, str]]:
    found = await rows(
        db, "SELECT number, outcome, code FROM notify.attempt_outcomes ORDER BY number, recorded_at"
    )
    return [tuple(row) for row in found]


async def outcomes_exist(db: Any, number: int) -> bool:
    return len(await outcomes(db)) >= number
