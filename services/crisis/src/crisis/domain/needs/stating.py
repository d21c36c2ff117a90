"""Stating a need: a private draft, its changes, and its submission with goods lines in base units.

A draft may be incomplete; what is submitted has lines, a place inside the crisis area, and waits for somebody
of another organisation to verify it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from crisis.domain.clocks import Silence
from crisis.domain.crises import Crisis, must_be_open, must_cover
from crisis.domain.masking import looks_like
from crisis.domain.refusals import (
    ContactNotReference,
    MinUsefulAboveRequested,
    NeededByPast,
    NeedWithoutLines,
)
from crisis.domain.units import entered, goods, plain

from .handling import USUAL
from .need import LineRequest, Need, NeedClock, NeedLine, NewId, Statement
from .states import DRAFT_LIFE, NeedState, NeedTimer


def drafted(
    crisis: Crisis,
    asker_org_id: UUID,
    said: Statement,
    now: datetime,
    new_id: NewId,
    need_id: UUID | None = None,
) -> Need:
    """A private draft that expires by itself. Raises CrisisNotOpen, UnknownPlace, PlaceOutsideArea,
    ContactNotReference."""
    must_be_open(crisis)
    _must_be_placed(crisis, said)
    return Need(
        need_id=need_id or new_id(),
        crisis_id=crisis.crisis_id,
        is_drill=crisis.is_drill,
        asker_org_id=asker_org_id,
        district=said.district,
        urgency=said.urgency,
        state=NeedState.DRAFT,
        verification=0,
        close_reason=None,
        version=1,
        lines=(),
        state_since=now,
        clock=NeedClock(new_id(), NeedTimer.DRAFT, now + DRAFT_LIFE),
        contact_ref=said.contact_ref,
        title=said.title,
        description=said.description,
        draft_lines=said.lines,
        handling=said.handling.on(USUAL),
    )


def edited(need: Need, crisis: Crisis, said: Statement) -> Need:
    """A draft or returned need said anew, its clock kept; what others know of a returned one stays until it
    is submitted. Raises what `drafted` does, NeedNotInState, NeedClosed."""
    need.must_be(NeedState.DRAFT, NeedState.RETURNED)
    must_be_open(crisis)
    _must_be_placed(crisis, said)
    if need.state is NeedState.RETURNED:
        facts = replace(said, lines=())
        return need.noted(is_told=False, draft_facts=facts, draft_lines=said.lines)
    return need.noted(
        is_told=False,
        district=said.district,
        urgency=said.urgency,
        contact_ref=said.contact_ref,
        title=said.title,
        description=said.description,
        draft_lines=said.lines,
        handling=need.handled(said),
    )


def submitted(need: Need, crisis: Crisis, now: datetime, new_id: NewId) -> Need:
    """A draft or returned need to be verified, its lines checked again at this moment.

    Raises CrisisNotOpen, PlaceOutsideArea, NeedNotInState, NeedClosed, NeedWithoutLines and what `line_of`
    does.
    """
    need.must_be(NeedState.DRAFT, NeedState.RETURNED)
    must_be_open(crisis)
    need = need.as_edited
    must_cover(crisis, need.district)
    lines = need.lines if need.draft_lines is None else lines_of(need.draft_lines, now, new_id)
    if not lines:
        raise NeedWithoutLines(need_id=str(need.need_id))
    return need.now_in(
        NeedState.SUBMITTED, now, verify_clock(need, crisis, now, new_id), lines=lines, draft_lines=None
    )


def stated(crisis: Crisis, asker_org_id: UUID, said: Statement, now: datetime, new_id: NewId) -> Need:
    """A need drafted and submitted in one step. Raises what `drafted` and `submitted` do."""
    draft = drafted(crisis, asker_org_id, said, now, new_id)
    return replace(submitted(draft, crisis, now, new_id), version=1)


def verify_clock(need: Need, crisis: Crisis, now: datetime, new_id: NewId) -> NeedClock:
    """When nobody has looked at a submitted need for too long."""
    due_at = now + crisis.timers.period(Silence.VERIFY, need.urgency)
    return NeedClock(new_id(), NeedTimer.VERIFY, due_at)


def lines_of(requests: Sequence[LineRequest], now: datetime, new_id: NewId) -> tuple[NeedLine, ...]:
    """Checked lines in the order written; raises what `line_of` does."""
    return tuple(line_of(request, now, new_id) for request in requests)


def line_of(request: LineRequest, now: datetime, new_id: NewId) -> NeedLine:
    """One checked line; raises what `goods` and `entered` do, NeededByPast, MinUsefulAboveRequested."""
    item = goods(request.item_code)
    requested, pack = entered(request.item_code, request.quantity, request.unit)
    if request.needed_by <= now:
        raise NeededByPast(needed_by=request.needed_by.isoformat(), now=now.isoformat())
    min_useful = Decimal(0)
    if request.min_useful_quantity is not None:
        min_useful, _ = entered(request.item_code, request.min_useful_quantity, request.unit)
    if min_useful > requested:
        raise MinUsefulAboveRequested(
            min_useful=plain(min_useful), requested=plain(requested), unit=item.base_unit
        )
    return NeedLine(
        need_line_id=new_id(),
        item_code=item.code,
        unit=item.base_unit,
        requested=requested,
        min_useful=min_useful,
        needed_by=request.needed_by,
        pack=pack,
        sector=item.sector,
        tamp_group=item.tamp_group,
        note=request.note,
        substitution=request.substitution,
        is_loan_ok=request.is_loan_ok,
        is_earmark_welcome=request.is_earmark_welcome,
        populations=tuple(dict.fromkeys(request.populations)),
    )


def _must_be_placed(crisis: Crisis, said: Statement) -> None:
    must_cover(crisis, said.district)
    kind = looks_like(said.contact_ref) if said.contact_ref else None
    if kind is not None:
        raise ContactNotReference(looks_like=kind)
