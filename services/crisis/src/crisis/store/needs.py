"""Needs and their lines as stated."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from crisis.domain.clocks import Urgency
from crisis.domain.needs import Need, NeedLine
from crisis.store.packs import pack_json, pack_of
from crisis.store.queries import narrowed, query
from imece_chassis.database import Transaction
from imece_chassis.ids import BEYOND_ALL
from imece_reference.items import TAMP_EDITION

_READ = """
SELECT need_id, crisis_id, is_drill, asker_org_id, district, urgency, state, verification, close_reason,
       version
FROM needs WHERE need_id = ANY ($1::uuid[])
"""
_READ_LOCKED = _READ + "FOR UPDATE"


async def insert(tx: Transaction, need: Need, command_id: UUID) -> None:
    """Write a submitted need, its lines and their first revisions. Balances are opened by the ledger."""
    await tx.execute(
        "INSERT INTO needs (need_id, crisis_id, is_drill, asker_org_id, district, state, urgency, version)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        need.need_id,
        need.crisis_id,
        need.is_drill,
        need.asker_org_id,
        need.district,
        need.state,
        need.urgency,
        need.version,
    )
    await tx.execute(
        query("insert_need_lines"),
        need.need_id,
        need.crisis_id,
        need.is_drill,
        TAMP_EDITION,
        [line.need_line_id for line in need.lines],
        [line.item_code for line in need.lines],
        [line.unit for line in need.lines],
        [pack_json(line.pack) for line in need.lines],
        [line.min_useful for line in need.lines],
        [line.needed_by for line in need.lines],
        [line.tamp_group for line in need.lines],
        [line.sector for line in need.lines],
    )
    await tx.execute(
        "INSERT INTO need_line_revisions (need_line_id, is_drill, version, requested, needed_by, by_org_id,"
        " command_id, line_version) SELECT need_line_id, $1, 1, requested, needed_by, $2, $3, 0"
        " FROM unnest($4::uuid[], $5::numeric[], $6::timestamptz[])"
        " AS line (need_line_id, requested, needed_by)",
        need.is_drill,
        need.asker_org_id,
        command_id,
        [line.need_line_id for line in need.lines],
        [line.requested for line in need.lines],
        [line.needed_by for line in need.lines],
    )


async def read(tx: Transaction, need_id: UUID, *, is_locked: bool = False) -> Need | None:
    """The need with its lines; `is_locked` locks its row, to be asked for only after its lines are locked."""
    found = await _with_lines(tx, await tx.fetch(_READ_LOCKED if is_locked else _READ, [need_id]))
    return found[0] if found else None


async def page(
    tx: Transaction,
    crisis_id: UUID,
    *,
    state: str | None,
    asker_org_id: UUID | None,
    after: UUID | None,
    limit: int,
) -> list[Need]:
    """Needs of a crisis, newest first."""
    statement, values = narrowed("list_needs", 4, {"state": state, "asker_org_id": asker_org_id})
    rows = await tx.fetch(statement, crisis_id, after or BEYOND_ALL, limit, *values)
    found = await _with_lines(tx, await tx.fetch(_READ, [row["need_id"] for row in rows]))
    return sorted(found, key=lambda need: need.need_id, reverse=True)


async def _with_lines(tx: Transaction, rows: Sequence[Any]) -> list[Need]:
    lines: dict[UUID, list[NeedLine]] = {row["need_id"]: [] for row in rows}
    for line in await tx.fetch(query("read_need_lines"), list(lines)):
        lines[line["need_id"]].append(_line(line))
    return [_need(row, tuple(lines[row["need_id"]])) for row in rows]


async def set_opened(tx: Transaction, need: Need, verification: int, at: datetime) -> None:
    """Open a locked need."""
    await tx.execute(
        "UPDATE needs SET state = 'open', verification = $3, opened_at = $4, version = version + 1"
        " WHERE need_id = $1 AND is_drill = $2",
        need.need_id,
        need.is_drill,
        verification,
        at,
    )


def _need(row: Any, lines: tuple[NeedLine, ...]) -> Need:
    return Need(
        need_id=row["need_id"],
        crisis_id=row["crisis_id"],
        is_drill=row["is_drill"],
        asker_org_id=row["asker_org_id"],
        district=row["district"],
        urgency=Urgency(row["urgency"]),
        state=row["state"],
        verification=row["verification"],
        close_reason=row["close_reason"],
        version=row["version"],
        lines=lines,
    )


def _line(row: Any) -> NeedLine:
    return NeedLine(
        need_line_id=row["need_line_id"],
        item_code=row["item_code"],
        unit=row["unit"],
        requested=row["requested"],
        min_useful=row["min_useful_qty"],
        needed_by=row["needed_by"],
        pack=pack_of(row["pack_snapshot"]),
        sector=row["sector"],
        tamp_group=row["tamp_group"],
    )
