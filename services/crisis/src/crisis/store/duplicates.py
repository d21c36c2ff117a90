"""Needs that may be the same: where to look, what was hinted, what was chosen."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from crisis.domain.duplicates import MOST_LOOKED_AT, WITHIN, Candidate, Choice, Hint
from crisis.domain.needs import Need
from crisis.store.queries import query
from imece_chassis.database import Transaction


async def remember_submission(tx: Transaction, need: Need, at: datetime) -> None:
    """Write when a need was submitted."""
    await tx.execute(
        "UPDATE needs SET submitted_at = $3 WHERE need_id = $1 AND is_drill = $2",
        need.need_id,
        need.is_drill,
        at,
    )


async def candidates(tx: Transaction, need: Need, plates: Sequence[str], at: datetime) -> list[Candidate]:
    """Needs of the same group near by, submitted within two days, the nearest and latest 200."""
    rows = await tx.fetch(
        query("duplicate_candidates"),
        need.crisis_id,
        need.is_drill,
        need.need_id,
        need.district,
        list(plates),
        sorted({line.tamp_group for line in need.lines}),
        at - WITHIN,
        at + WITHIN,
        MOST_LOOKED_AT,
        need.asker_org_id,
    )
    return [
        Candidate(
            need_id=row["need_id"],
            asker_org_id=row["asker_org_id"],
            district=row["district"],
            state=row["state"],
            submitted_at=row["submitted_at"],
            title=row["title"],
            description=row["description"],
            item_codes=tuple(row["item_codes"]),
            notes=tuple(row["notes"]),
            is_restricted=row["is_restricted"],
        )
        for row in rows
    ]


async def insert(tx: Transaction, need: Need, hints: Sequence[Hint]) -> None:
    """Write what the submitter was shown; a need submitted again keeps what it was shown before."""
    await tx.execute(
        "INSERT INTO duplicate_hints (need_id, is_drill, other_need_id, similarity)"
        " SELECT $1, $2, other_need_id, similarity FROM unnest($3::uuid[], $4::numeric[])"
        " AS hint (other_need_id, similarity) ON CONFLICT (need_id, is_drill, other_need_id) DO NOTHING",
        need.need_id,
        need.is_drill,
        [hint.need_id for hint in hints],
        [hint.similarity for hint in hints],
    )


async def read(tx: Transaction, need_id: UUID) -> list[Hint]:
    """What was hinted about a need, the likeliest first, each with its state now."""
    return [
        Hint(
            need_id=row["need_id"],
            similarity=row["similarity"],
            asker_org_id=row["asker_org_id"],
            district=row["district"],
            state=row["state"],
            submitted_at=row["submitted_at"],
            item_codes=tuple(row["item_codes"]),
            choice=Choice(row["choice"]) if row["choice"] else None,
            chosen_at=row["chosen_at"],
            is_restricted=row["is_restricted"],
        )
        for row in await tx.fetch(query("read_duplicate_hints"), need_id)
    ]


async def choose(tx: Transaction, need_id: UUID, other: UUID, choice: Choice, at: datetime) -> bool:
    """Write the submitter's answer to a hint; False when there was no such hint."""
    written = await tx.execute(
        "UPDATE duplicate_hints SET choice = $3, chosen_at = $4 WHERE need_id = $1 AND other_need_id = $2",
        need_id,
        other,
        choice,
        at,
    )
    return written == "UPDATE 1"
