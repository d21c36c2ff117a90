"""Reports of hazards, found again by source or by time."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from crisis.domain.hazards import Position, Report, apart_at_most
from imece_chassis.database import Transaction
from imece_chassis.ids import BEFORE_ALL

_READ = """
SELECT report.report_id, report.crisis_id, report.source, report.external_id, report.external_ids,
       report.episode, report.hazard, report.magnitude, report.alert, report.area, report.lat, report.lon,
       report.observed_at, report.by_org_id
FROM hazard_reports AS report
"""
_MARGIN = timedelta(seconds=1)
_COMPARED = 500


async def take_turn(tx: Transaction, hazard: str) -> None:
    """Let reports of one kind of hazard be decided one after another, so that two never both propose."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"reports of {hazard}")


async def crisis_heard_of(tx: Transaction, source: str, external_id: str) -> UUID | None:
    """The crisis a message already belongs to."""
    return await tx.fetchval(
        "SELECT crisis_id FROM hazard_reports WHERE source = $1 AND external_id = $2 AND NOT is_drill",
        source,
        external_id,
    )


async def around(tx: Transaction, report: Report) -> list[tuple[UUID, Report]]:
    """Reports of the same hazard about that time whose crisis still lives, oldest crisis first.

    However many there are, only those nearest in time are compared.
    """
    apart = apart_at_most(report.hazard) + _MARGIN
    rows = await tx.fetch(
        _READ + "JOIN crises AS crisis ON crisis.crisis_id = report.crisis_id"
        " WHERE report.hazard = $1 AND report.observed_at BETWEEN $2 AND $3 AND NOT report.is_drill"
        " AND crisis.state IN ('proposed', 'open', 'stood_down')"
        " ORDER BY abs(extract(epoch FROM report.observed_at - $4)), report.report_id LIMIT $5",
        report.hazard,
        report.observed_at - apart,
        report.observed_at + apart,
        report.observed_at,
        _COMPARED,
    )
    found = sorted(rows, key=lambda row: (row["crisis_id"], row["report_id"]))
    return [(row["crisis_id"], _report(row)) for row in found]


async def of_crisis(tx: Transaction, crisis_id: UUID, after: UUID | None, limit: int) -> list[Report]:
    """What was heard of a crisis, in the order it was heard."""
    rows = await tx.fetch(
        _READ + "WHERE report.crisis_id = $1 AND report.report_id > $2 ORDER BY report.report_id LIMIT $3",
        crisis_id,
        after or BEFORE_ALL,
        limit,
    )
    return [_report(row) for row in rows]


async def insert(tx: Transaction, report: Report, crisis_id: UUID, *, is_drill: bool) -> None:
    """Attach a report to its crisis."""
    position = report.position
    await tx.execute(
        "INSERT INTO hazard_reports (report_id, crisis_id, is_drill, source, external_id, external_ids,"
        " episode, hazard, magnitude, alert, area, lat, lon, observed_at, by_org_id)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        report.report_id,
        crisis_id,
        is_drill,
        report.source,
        report.external_id,
        list(report.external_ids),
        report.episode,
        report.hazard,
        report.magnitude,
        report.alert,
        list(report.area),
        None if position is None else Decimal(str(position.lat)),
        None if position is None else Decimal(str(position.lon)),
        report.observed_at,
        report.by_org_id,
    )


def _report(row: Any) -> Report:
    position = None if row["lat"] is None else Position(float(row["lat"]), float(row["lon"]))
    return Report(
        report_id=row["report_id"],
        source=row["source"],
        external_id=row["external_id"],
        hazard=row["hazard"],
        alert=row["alert"],
        area=tuple(row["area"]),
        observed_at=row["observed_at"],
        by_org_id=row["by_org_id"],
        magnitude=row["magnitude"],
        position=position,
        external_ids=tuple(row["external_ids"]),
        episode=row["episode"],
    )
