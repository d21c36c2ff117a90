"""How much an organisation holds in a crisis, and how much of what it promised lately it closed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from crisis.domain.hoarding import LOOKED_BACK, Standing
from crisis.domain.reasons import RELEASE_BY_SILENCE
from crisis.store.queries import query
from imece_chassis.database import Transaction


async def read(
    tx: Transaction, crisis_id: UUID, organisations: Sequence[UUID], now: datetime
) -> dict[UUID, Standing]:
    """Standings by organisation, without lock: a limit may be passed by what commits beside it."""
    rows = await tx.fetch(
        query("read_standings"), crisis_id, organisations, now - LOOKED_BACK, RELEASE_BY_SILENCE
    )
    return {
        row["org_id"]: Standing(
            len(row["held_lines"]), row["closed"], row["concluded"], frozenset(row["held_lines"])
        )
        for row in rows
    }


async def of(tx: Transaction, crisis_id: UUID, organisation: UUID, now: datetime) -> Standing:
    """The standing of one organisation."""
    return (await read(tx, crisis_id, [organisation], now))[organisation]
