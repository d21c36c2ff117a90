"""Crises: numbers without holes, settings by version, the shared lock every command takes first."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from crisis.domain.clocks import timers_of
from crisis.domain.crises import Crisis, CrisisFacts
from crisis.store.queries import narrowed
from imece_chassis.database import Transaction
from imece_chassis.ids import BEYOND_ALL


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
    await tx.execute(
        "INSERT INTO crises (crisis_id, is_drill, crisis_no, title, hazard, state, level, severity, area,"
        " supporting_provinces, glide, opened_at, settings_version, version)"
        " VALUES ($1, $2, $3, $4, $5, 'open', $6, $7, $8, $9, $10, $11, $12, 1)",
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
    statement, values = narrowed("list_crises", 3, {"crisis.state": state, "crisis.crisis_id": only})
    rows = await tx.fetch(statement, after or BEYOND_ALL, limit, *values)
    return [_document(row) for row in rows]


def _document(row: Any) -> dict[str, Any]:
    document = dict(row.items())
    document["title"] = json.loads(row["title"])
    document["settings"] = {"version": document.pop("settings_version"), **json.loads(row["settings"])}
    return document


async def lock_shared(tx: Transaction, crisis_ids: Sequence[UUID]) -> dict[UUID, Crisis]:
    """The crises by id, locked so that their state cannot change meanwhile; unknown ids are absent."""
    rows = await tx.fetch(
        "SELECT crisis.crisis_id, crisis.is_drill, crisis.state, crisis.area, crisis.settings_version,"
        " settings.settings"
        " FROM crises AS crisis JOIN crisis_settings AS settings ON settings.crisis_id = crisis.crisis_id"
        " AND settings.is_drill = crisis.is_drill AND settings.version = crisis.settings_version"
        " WHERE crisis.crisis_id = ANY ($1::uuid[]) ORDER BY crisis.crisis_id FOR SHARE OF crisis",
        crisis_ids,
    )
    return {
        row["crisis_id"]: Crisis(
            crisis_id=row["crisis_id"],
            is_drill=row["is_drill"],
            state=row["state"],
            area=tuple(row["area"]),
            timers=timers_of(json.loads(row["settings"]), row["settings_version"]),
        )
        for row in rows
    }
