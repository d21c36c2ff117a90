"""Stored rows as needs and lines, and lines as written as a JSON document."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from crisis.domain.clocks import Urgency
from crisis.domain.needs import (
    CloseReason,
    Delegation,
    Handling,
    HandlingSaid,
    Intake,
    LineRequest,
    Need,
    NeedClock,
    NeedLine,
    NeedState,
    NeedTimer,
    Statement,
    Visibility,
)
from crisis.store.packs import pack_of


def draft_json(lines: tuple[LineRequest, ...] | None) -> str | None:
    """Lines as written, quantities as text."""
    if lines is None:
        return None
    return json.dumps(
        [
            {
                "item_code": line.item_code,
                "quantity": line.quantity,
                "unit": line.unit,
                "needed_by": line.needed_by.isoformat(),
                "min_useful_quantity": line.min_useful_quantity,
                "note": line.note,
                "substitution": line.substitution,
                "is_loan_ok": line.is_loan_ok,
                "is_earmark_welcome": line.is_earmark_welcome,
                "populations": list(line.populations),
            }
            for line in lines
        ],
        ensure_ascii=False,
    )


def facts_json(said: Statement | None) -> str | None:
    """What is said of a need beside its lines; of its handling only if something is said."""
    if said is None:
        return None
    facts: dict[str, Any] = {
        "district": said.district,
        "urgency": said.urgency,
        "contact_ref": said.contact_ref,
        "title": said.title,
        "description": said.description,
    }
    if said.handling != HandlingSaid():
        facts["handling"] = {
            "visibility": said.handling.visibility,
            "sensitivity": said.handling.sensitivity,
            "intake": said.handling.intake,
            "site_id": str(said.handling.site_id) if said.handling.site_id else None,
            "is_without_site": said.handling.is_without_site,
        }
    return json.dumps(facts, ensure_ascii=False)


def need_of_row(row: Any, lines: tuple[NeedLine, ...]) -> Need:
    """A need of `read_needs` with its lines."""
    deadline_id = row["deadline_id"]
    return Need(
        need_id=row["need_id"],
        crisis_id=row["crisis_id"],
        is_drill=row["is_drill"],
        asker_org_id=row["asker_org_id"],
        district=row["district"],
        urgency=Urgency(row["urgency"]),
        state=NeedState(row["state"]),
        verification=row["verification"],
        close_reason=CloseReason(row["close_reason"]) if row["close_reason"] else None,
        version=row["version"],
        lines=lines,
        state_since=row["state_since"],
        clock=NeedClock(deadline_id, NeedTimer(row["deadline_kind"]), row["due_at"]) if deadline_id else None,
        told=row["told"],
        contact_ref=row["contact_ref"],
        title=row["title"],
        description=row["description"],
        draft_lines=draft_of(row["draft_lines"]),
        draft_facts=facts_of(row["draft_facts"]),
        is_stale=row["is_stale"],
        last_heartbeat_at=row["last_heartbeat_at"],
        opened_at=row["opened_at"],
        reason=row["state_reason"],
        missing_fields=tuple(row["missing_fields"]),
        appealed_at=row["appealed_at"],
        merged_into=row["merged_into"],
        handling=Handling(
            Visibility(row["visibility"]), row["sensitivity"], Intake(row["intake"]), row["site_id"]
        ),
        delegation=_delegation_of(row),
    )


def line_of_row(row: Any) -> NeedLine:
    """A line of `read_need_lines`."""
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
        note=row["note"],
        substitution=row["substitution"],
        is_loan_ok=row["is_loan_ok"],
        is_earmark_welcome=row["is_earmark_welcome"],
        populations=tuple(row["populations"]),
    )


def draft_of(document: str | None) -> tuple[LineRequest, ...] | None:
    """Lines as `draft_json` wrote them."""
    if document is None:
        return None
    stored: list[dict[str, Any]] = json.loads(document)
    return tuple(_written(line) for line in stored)


def facts_of(document: str | None) -> Statement | None:
    """What `facts_json` wrote."""
    if document is None:
        return None
    stored: dict[str, Any] = json.loads(document)
    handling = _handling_said(stored.pop("handling", None))
    return Statement(urgency=Urgency(stored.pop("urgency")), handling=handling, **stored)


def _delegation_of(row: Any) -> Delegation | None:
    until = row["delegated_until"]
    return None if until is None else Delegation(until, row["delegated_by_org_id"])


def _written(line: dict[str, Any]) -> LineRequest:
    needed_by = datetime.fromisoformat(line.pop("needed_by"))
    populations = tuple(line.pop("populations", ()))
    return LineRequest(needed_by=needed_by, populations=populations, **line)


def _handling_said(stored: dict[str, Any] | None) -> HandlingSaid:
    if stored is None:
        return HandlingSaid()
    visibility, intake, site_id = stored["visibility"], stored["intake"], stored["site_id"]
    return HandlingSaid(
        Visibility(visibility) if visibility else None,
        stored["sensitivity"],
        Intake(intake) if intake else None,
        UUID(site_id) if site_id else None,
        is_without_site=stored["is_without_site"],
    )
