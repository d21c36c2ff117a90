"""Crises: numbers without holes, settings by version, the shared lock every command takes first."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from crisis.domain.clocks import timers_of
from crisis.domain.crises import REVIEW_EVERY, Crisis, CrisisFacts, CrisisTimer
from crisis.domain.settings import settings_of
from crisis.store.queries import query
from imece_chassis.database import Transaction
from imece_chassis.deadlines import Deadline, schedule
from imece_chassis.ids import uuid7

SUBJECT = "crisis"


async def next_ordinal(tx: Transaction, series: str, year: int) -> int:
    """The next number of a series in a year; the row lock is held until commit, so no number is lost."""
    return await tx.fetchval(
        "INSERT INTO crisis_counters AS counter (series, year, last) VALUES ($1, $2, 1)"
        " ON CONFLICT (series, year) DO UPDATE SET last = counter.last + 1 RETURNING last",
        series,
        year,
    )


async def insert(tx: Transaction, crisis: CrisisFacts, declared_by: str) -> None:
    """Write an opened crisis with its first settings and its first level."""
    clock = Deadline(uuid7(), SUBJECT, crisis.crisis_id, CrisisTimer.REVIEW, crisis.opened_at + REVIEW_EVERY)
    await schedule(tx, clock)
    await tx.execute(
        "INSERT INTO crises (crisis_id, is_drill, crisis_no, title, hazard, state, level, severity, area,"
        " supporting_provinces, glide, opened_at, settings_version, deadline_id, version)"
        " VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8, $9, $10, $11, $12, $13, 1)",
        crisis.crisis_id,
        crisis.is_drill,
        crisis.crisis_no,
        json.dumps(dict(crisis.title), ensure_ascii=False),
        crisis.hazard,
        crisis.level,
        crisis.severity,
        list(crisis.area),
        list(crisis.supporting_provinces),
        list(crisis.glide),
        crisis.opened_at,
        crisis.timers.version,
        clock.deadline_id,
    )
    await tx.execute(
        "INSERT INTO crisis_settings (crisis_id, is_drill, version, settings) VALUES ($1, $2, $3, $4)",
        crisis.crisis_id,
        crisis.is_drill,
        crisis.timers.version,
        json.dumps(crisis.timers.as_settings()),
    )
    await tx.execute(
        "INSERT INTO crisis_levels (crisis_id, is_drill, version, level, severity, declared_by, declared_at)"
        " VALUES ($1, $2, 1, $3, $4, $5, $6)",
        crisis.crisis_id,
        crisis.is_drill,
        crisis.level,
        crisis.severity,
        declared_by,
        crisis.opened_at,
    )


async def page(
    tx: Transaction,
    *,
    state: str | None = None,
    after: UUID | None = None,
    limit: int = 1,
    only: UUID | None = None,
) -> list[dict[str, Any]]:
    """Crises as documents of JSON values, newest first; `only` one by id."""
    rows = await tx.fetch(query("list_crises"), state, after, limit, only)
    return [_document(row) for row in rows]


def _document(row: Any) -> dict[str, Any]:
    document = dict(row.items())
    document["title"] = json.loads(row["title"])
    document["settings"] = {"version": document.pop("settings_version"), **json.loads(row["settings"])}
    return document


_READ = """
SELECT crisis.crisis_id, crisis.is_drill, crisis.state, crisis.area, crisis.supporting_provinces,
       crisis.settings_version, settings.settings
FROM crises AS crisis
JOIN crisis_settings AS settings ON settings.crisis_id = crisis.crisis_id
 AND settings.is_drill = crisis.is_drill AND settings.version = crisis.settings_version
WHERE crisis.crisis_id = ANY ($1::uuid[])
"""


async def lock_shared(tx: Transaction, crisis_ids: Sequence[UUID]) -> dict[UUID, Crisis]:
    """The crises by id, locked so that their state cannot change meanwhile; unknown ids are absent."""
    rows = await tx.fetch(_READ + " ORDER BY crisis.crisis_id FOR SHARE OF crisis", crisis_ids)
    return {row["crisis_id"]: _crisis(row) for row in rows}


async def read(tx: Transaction, crisis_id: UUID) -> Crisis | None:
    """One crisis without lock: for what a concurrent change of its settings may miss."""
    row = await tx.fetchrow(_READ, [crisis_id])
    return None if row is None else _crisis(row)


def _crisis(row: Any) -> Crisis:
    settings = json.loads(row["settings"])
    return Crisis(
        crisis_id=row["crisis_id"],
        is_drill=row["is_drill"],
        state=row["state"],
        area=tuple(row["area"]),
        timers=timers_of(settings, row["settings_version"]),
        supporting_provinces=tuple(row["supporting_provinces"]),
        settings=settings_of(settings),
    )
