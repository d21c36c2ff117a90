"""Domain results as JSON documents of the API. The vector is the one the event carries, byte for byte."""

from datetime import datetime
from typing import Any

import orjson

from crisis.domain.allocations import Allocation
from crisis.domain.behalf import Behalf
from crisis.domain.crises import CrisisFacts
from crisis.domain.hoarding import Standing
from crisis.domain.lines import Line
from crisis.domain.settings import document_of
from crisis.domain.units import PackSnapshot, plain
from crisis.events import json_bytes, moment, vector
from crisis.http.places import place_view
from crisis.usecases.allocation_step import Moved
from crisis.usecases.propose_allocations import Promised
from imece_chassis.answers import Answer, json_answer

Document = dict[str, Any]


def pack_view(pack: PackSnapshot) -> Document:
    """A quantity as entered."""
    return {"pack": pack.pack, "factor": plain(pack.factor), "count": plain(pack.count)}


def crisis_view(crisis: CrisisFacts) -> Document:
    """A crisis after a command."""
    return {
        "crisis_id": crisis.crisis_id,
        "crisis_no": crisis.crisis_no,
        "state": crisis.state,
        "title": dict(crisis.title),
        "hazard": crisis.hazard,
        "level": crisis.level,
        "severity": crisis.severity,
        "area": crisis.area,
        "supporting_provinces": crisis.supporting_provinces,
        "glide": crisis.glide,
        "is_drill": crisis.is_drill,
        "proposed_at": _moment(crisis.proposed_at),
        "opened_at": _moment(crisis.opened_at),
        "stood_down_at": _moment(crisis.stood_down_at),
        "closed_at": _moment(crisis.closed_at),
        "reason": crisis.reason,
        "parent_id": crisis.parent_id,
        "settings": {"version": crisis.timers.version, **document_of(crisis.timers, crisis.settings)},
        "version": crisis.version,
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else moment(at)


def behalf_view(behalf: Behalf | None) -> Document | None:
    """Whose desk wrote it down for another organisation."""
    if behalf is None:
        return None
    return {"by_org_id": behalf.by_org_id, "object_until": moment(behalf.object_until)}


def allocation_view(row: Allocation, line: Line) -> Document:
    """One allocation row."""
    return {
        "allocation_id": row.allocation_id,
        "root_id": row.root_id,
        "parent_id": row.parent_id,
        "bundle_id": row.bundle_id,
        "crisis_id": row.crisis_id,
        "is_drill": row.is_drill,
        "need_id": line.need_id,
        "need_line_id": row.need_line_id,
        "offer_line_id": row.offer_line_id,
        "pledger_org_id": row.pledger_org_id,
        "asker_org_id": line.asker_org_id,
        "item_code": line.item_code,
        "state": row.state.value,
        "state_since": moment(row.state_since),
        "quantity": plain(row.qty),
        "unit": line.unit,
        "proposed_quantity": plain(row.root_supply_qty),
        "entered_as": pack_view(row.pack),
        "initiated_by": row.initiated_by,
        "awaiting": row.awaiting,
        "round": row.round,
        "given_item": row.given_item,
        "earmark": row.earmark.as_document(),
        "leaves_at": moment(row.plan.leaves_at) if row.plan else None,
        "has_conditions": row.has_conditions,
        "deadline_at": moment(row.clock.due_at) if row.clock else None,
        "on_behalf": behalf_view(row.behalf),
        "reason": row.reason,
        "version": row.version,
    }


def standing_view(standing: Standing) -> Document:
    """Why nothing is taken without a person: the limit is open to everybody it concerns."""
    return {
        "open_held": standing.open_held,
        "closed": standing.closed,
        "concluded": standing.concluded,
    }


def moved_answer(moved: Moved, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    """The row a command moved, what was cut off from it, and the line after it."""
    row, *rest = moved.rows
    document = allocation_view(row, moved.line)
    document["rest"] = [allocation_view(piece, moved.line) for piece in rest]
    document["line"] = orjson.Fragment(vector(moved.line, moved.balance))
    if moved.alternatives is not None:
        document["alternatives"] = [each.as_facts() for each in moved.alternatives]
    if moved.standing is not None:
        document["hoarding"] = standing_view(moved.standing)
    if moved.queued is not None:
        document["place"] = place_view(moved.queued)
    return json_answer(json_bytes(document), status, headers)


def promised_answer(promised: Promised) -> Answer:
    """A pledge as taken: 201 with where to find it, its clock, and the line after it."""
    pledge, row = promised.pledge, promised.pledge.row
    document: Document = {
        "allocation_id": row.allocation_id,
        "root_id": row.root_id,
        "offer_id": pledge.offer.offer_id,
        "offer_line_id": row.offer_line_id,
        "need_line_id": row.need_line_id,
        "state": row.state.value,
        "quantity": plain(row.qty),
        "unit": promised.line.unit,
        "entered_as": pack_view(row.pack),
        "deadline_at": moment(pledge.clock.due_at),
        "on_behalf": behalf_view(row.behalf),
        "line": orjson.Fragment(promised.vector_after or promised.vector),
    }
    if promised.queued is not None:
        document["place"] = place_view(promised.queued)
    if promised.standing is not None:
        document["hoarding"] = standing_view(promised.standing)
    return json_answer(json_bytes(document), 201, (("location", f"/allocations/{row.allocation_id}"),))
