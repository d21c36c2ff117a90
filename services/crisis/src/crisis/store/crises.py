"""Crises: numbers without holes, settings by version, levels as history, the lock every command takes first.

Commands share the lock; only steps of the crisis itself take it alone.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from crisis.domain.clocks import timers_of
from crisis.domain.crises import Crisis, CrisisFacts, CrisisState
from crisis.domain.lifecycle import WIND_DOWN
from crisis.domain.settings import document_of, settings_of
from crisis.store.queries import query
from crisis.store.walks import in_order_of
from imece_chassis.database import Transaction
from imece_chassis.selection import Selection

SUBJECT = "crisis"

_READ = """
SELECT crisis.crisis_id, crisis.is_drill, crisis.state, crisis.area, crisis.supporting_provinces,
       crisis.stood_down_at, crisis.settings_version, settings.settings
FROM crises AS crisis
JOIN crisis_settings AS settings ON settings.crisis_id = crisis.crisis_id
 AND settings.is_drill = crisis.is_drill AND settings.version = crisis.settings_version
WHERE crisis.crisis_id = ANY ($1::uuid[])
"""
_LOCK_SHARED = "SELECT 1 FROM crises WHERE crisis_id = ANY ($1::uuid[]) ORDER BY crisis_id FOR SHARE"


async def next_ordinal(tx: Transaction, series: str, year: int) -> int:
    """The next number of a series in a year; the row lock is held until commit, so no number is lost."""
    return await tx.fetchval(
        "INSERT INTO crisis_counters AS counter (series, year, last) VALUES ($1, $2, 1)"
        " ON CONFLICT (series, year) DO UPDATE SET last = counter.last + 1 RETURNING last",
        series,
        year,
    )


async def claim_id(tx: Transaction, crisis_id: UUID) -> None:
    """Make everybody else who wants to open a crisis under this id wait until the end of the transaction."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"crisis {crisis_id}")


async def insert(tx: Transaction, crisis: CrisisFacts) -> None:
    """Write a crisis as it begins, with its first settings; its clock and level are the caller's."""
    await tx.execute(
        "INSERT INTO crises (crisis_id, is_drill, crisis_no, title, hazard, state, level, severity, area,"
        " supporting_provinces, glide, parent_id, proposed_at, opened_at, settings_version, deadline_id,"
        " version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        crisis.crisis_id,
        crisis.is_drill,
        crisis.crisis_no,
        json.dumps(dict(crisis.title), ensure_ascii=False),
        crisis.hazard,
        crisis.state,
        crisis.level,
        crisis.severity,
        list(crisis.area),
        list(crisis.supporting_provinces),
        list(crisis.glide),
        crisis.parent_id,
        crisis.proposed_at,
        crisis.opened_at,
        crisis.timers.version,
        crisis.deadline_id,
        crisis.version,
    )
    await add_settings(tx, crisis)


async def update(tx: Transaction, crisis: CrisisFacts) -> None:
    """Save a crisis locked by `lock`."""
    await tx.execute(
        query("update_crisis"),
        crisis.crisis_id,
        crisis.is_drill,
        crisis.crisis_no,
        json.dumps(dict(crisis.title), ensure_ascii=False),
        crisis.state,
        crisis.level,
        crisis.severity,
        list(crisis.area),
        list(crisis.supporting_provinces),
        list(crisis.glide),
        crisis.opened_at,
        crisis.stood_down_at,
        crisis.closed_at,
        crisis.reason,
        crisis.timers.version,
        crisis.deadline_id,
        crisis.version,
    )


async def add_settings(tx: Transaction, crisis: CrisisFacts) -> None:
    """Write the settings of the crisis as their own version."""
    await tx.execute(
        "INSERT INTO crisis_settings (crisis_id, is_drill, version, settings) VALUES ($1, $2, $3, $4)",
        crisis.crisis_id,
        crisis.is_drill,
        crisis.timers.version,
        json.dumps(document_of(crisis.timers, crisis.settings)),
    )


async def add_level(
    tx: Transaction,
    crisis: CrisisFacts,
    *,
    declared_by: str,
    declared_at: datetime,
    source_ref: str | None = None,
) -> None:
    """Write level and severity of the crisis as declared with its present version."""
    await tx.execute(
        "INSERT INTO crisis_levels (crisis_id, is_drill, version, level, severity, declared_by, declared_at,"
        " source_ref) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        crisis.crisis_id,
        crisis.is_drill,
        crisis.version,
        crisis.level,
        crisis.severity,
        declared_by,
        declared_at,
        source_ref,
    )


async def levels(tx: Transaction, crisis_id: UUID) -> list[dict[str, Any]]:
    """Every declared level, oldest first."""
    rows = await tx.fetch(
        "SELECT version, level, severity, declared_by, declared_at, source_ref FROM crisis_levels"
        " WHERE crisis_id = $1 ORDER BY version",
        crisis_id,
    )
    return [dict(row.items()) for row in rows]


async def lock(tx: Transaction, crisis_id: UUID) -> CrisisFacts | None:
    """The whole crisis, locked against every other command on it."""
    await tx.execute("SELECT 1 FROM crises WHERE crisis_id = $1 FOR UPDATE", crisis_id)
    row = await tx.fetchrow(query("read_crisis"), crisis_id)
    return None if row is None else _facts(row)


async def page(
    tx: Transaction,
    *,
    state: str | None = None,
    updated_since: datetime | None = None,
    after: tuple[Any, ...] | None = None,
    limit: int,
) -> list[tuple[dict[str, Any], datetime]]:
    """Crises as documents of JSON values, each with its last change: newest first or, with `updated_since`,
    in the order of their change. `after` is (id,) or, by change, (changed_at, id)."""
    chosen = Selection()
    order = in_order_of(chosen, "crisis", "crisis_id", updated_since, after)
    chosen.where("crisis.state = {}", state)
    rows = await tx.fetch(*chosen.statement(query("list_crises"), limit, order=order))
    return [(_document(row), row["changed_at"]) for row in rows]


async def document(tx: Transaction, crisis_id: UUID) -> dict[str, Any] | None:
    """One crisis as a document of JSON values."""
    chosen = Selection().where("crisis.crisis_id = {}", crisis_id)
    rows = await tx.fetch(*chosen.statement(query("list_crises"), 1, order="crisis.crisis_id"))
    return _document(rows[0]) if rows else None


async def lock_shared(tx: Transaction, crisis_ids: Sequence[UUID]) -> dict[UUID, Crisis]:
    """The crises by id, locked so that their state cannot change meanwhile; unknown ids are absent."""
    rows = await tx.fetch(_READ + " ORDER BY crisis.crisis_id FOR SHARE OF crisis", crisis_ids)
    if len(rows) < len(set(crisis_ids)):
        # Who waited for new settings was shown a crisis without them: with the lock held, look again.
        await tx.execute(_LOCK_SHARED, crisis_ids)
        rows = await tx.fetch(_READ, crisis_ids)
    return {row["crisis_id"]: _crisis(row) for row in rows}


async def read(tx: Transaction, crisis_id: UUID) -> Crisis | None:
    """One crisis without lock: for what a concurrent change of its settings may miss."""
    row = await tx.fetchrow(_READ, [crisis_id])
    return None if row is None else _crisis(row)


def _crisis(row: Any) -> Crisis:
    settings = json.loads(row["settings"])
    timers = timers_of(settings, row["settings_version"])
    if row["state"] == CrisisState.STOOD_DOWN:
        timers = timers.winding_down(row["stood_down_at"] + WIND_DOWN)
    return Crisis(
        crisis_id=row["crisis_id"],
        is_drill=row["is_drill"],
        state=row["state"],
        area=tuple(row["area"]),
        timers=timers,
        supporting_provinces=tuple(row["supporting_provinces"]),
        settings=settings_of(settings),
    )


def _facts(row: Any) -> CrisisFacts:
    settings = json.loads(row["settings"])
    return CrisisFacts(
        crisis_id=row["crisis_id"],
        crisis_no=row["crisis_no"],
        title=json.loads(row["title"]),
        hazard=row["hazard"],
        severity=row["severity"],
        level=row["level"],
        area=tuple(row["area"]),
        supporting_provinces=tuple(row["supporting_provinces"]),
        glide=tuple(row["glide"]),
        opened_at=row["opened_at"],
        timers=timers_of(settings, row["settings_version"]),
        is_drill=row["is_drill"],
        settings=settings_of(settings),
        state=CrisisState(row["state"]),
        proposed_at=row["proposed_at"],
        stood_down_at=row["stood_down_at"],
        closed_at=row["closed_at"],
        parent_id=row["parent_id"],
        reason=row["end_reason"],
        deadline_id=row["deadline_id"],
        version=row["version"],
    )


def _document(row: Any) -> dict[str, Any]:
    document = dict(row.items())
    del document["changed_at"]
    document["title"] = json.loads(row["title"])
    settings = json.loads(row["settings"])
    whole = document_of(timers_of(settings, row["settings_version"]), settings_of(settings))
    document["settings"] = {"version": document.pop("settings_version"), **whole}
    return document
