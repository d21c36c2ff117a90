"""Needs as JSON documents of the API."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from crisis.domain.balances import NeedBalance
from crisis.domain.lines import Line
from crisis.domain.needs import LineRequest, Masked, Need, NeedLine
from crisis.domain.units import plain
from crisis.events import moment, vector
from crisis.http.views import Document, pack_view


def need_view(
    need: Need,
    lines: Sequence[tuple[Line, NeedBalance]] = (),
    masked: Sequence[Masked] = (),
    *,
    is_own: bool = False,
    sees_place: bool = False,
) -> Document:
    """A need; `lines` adds each line's vector, `masked` what was hidden in the texts just sent.

    What is not submitted yet is shown to the asker, `is_own`, and to nobody else; the site of a sensitive
    need to the asker and to who `sees_place`.
    """
    need = need.as_edited if is_own else replace(need, draft_lines=None)
    is_kept = need.handling.keeps_its_place and not (is_own or sees_place)
    vectors = {line.need_line_id: orjson.Fragment(vector(line, balance)) for line, balance in lines}
    return {
        "need_id": need.need_id,
        "crisis_id": need.crisis_id,
        "is_drill": need.is_drill,
        "asker_org_id": need.asker_org_id,
        "district": need.district,
        "contact_ref": need.contact_ref,
        "state": need.state.value,
        "verification": need.verification,
        "urgency": need.urgency.value,
        "visibility": need.handling.visibility.value,
        "sensitivity": need.handling.sensitivity,
        "intake": need.handling.intake.value,
        "site_id": None if is_kept else need.handling.site_id,
        "is_place_kept": is_kept,
        "is_stale": need.is_stale,
        "last_heartbeat_at": moment(need.last_heartbeat_at) if need.last_heartbeat_at else None,
        "opened_at": moment(need.opened_at) if need.opened_at else None,
        "close_reason": need.close_reason,
        "merged_into": need.merged_into,
        "reason": need.reason,
        "missing_fields": need.missing_fields,
        "state_since": moment(need.state_since),
        "due_at": moment(need.clock.due_at) if need.clock else None,
        "appealed_at": moment(need.appealed_at) if need.appealed_at else None,
        "delegation": _delegation_view(need),
        "title": need.title,
        "description": need.description,
        "version": need.version,
        "lines": [_line_view(line, vectors) for line in need.lines],
        "draft_lines": None if need.draft_lines is None else [_draft_view(line) for line in need.draft_lines],
        "masked": [{"pointer": each.pointer, "kinds": each.kinds} for each in masked],
    }


def _line_view(line: NeedLine, vectors: Mapping[Any, orjson.Fragment]) -> Document:
    return {
        "need_line_id": line.need_line_id,
        "item_code": line.item_code,
        "quantity": plain(line.requested),
        "unit": line.unit,
        "entered_as": pack_view(line.pack),
        "min_useful_quantity": plain(line.min_useful),
        "needed_by": moment(line.needed_by),
        "substitution": line.substitution,
        "is_loan_ok": line.is_loan_ok,
        "is_earmark_welcome": line.is_earmark_welcome,
        "populations": line.populations,
        "note": line.note,
        "sector": line.sector,
        "tamp_group": line.tamp_group,
        "line": vectors.get(line.need_line_id),
    }


def _delegation_view(need: Need) -> Document | None:
    given = need.delegation
    return None if given is None else {"until": moment(given.until), "by_org_id": given.by_org_id}


def _draft_view(line: LineRequest) -> Document:
    return {
        "item_code": line.item_code,
        "quantity": line.quantity,
        "unit": line.unit,
        "needed_by": moment(line.needed_by),
        "min_useful_quantity": line.min_useful_quantity,
        "substitution": line.substitution,
        "is_loan_ok": line.is_loan_ok,
        "is_earmark_welcome": line.is_earmark_welcome,
        "populations": line.populations,
        "note": line.note,
    }
