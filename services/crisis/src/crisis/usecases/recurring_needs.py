"""RepeatNeed, StopRepeating and what the clock does in between: state the next need as the template says."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crisis import events
from crisis.domain.crises import Crisis, must_be_open, must_cover
from crisis.domain.duplicates import for_all
from crisis.domain.needs import Need, drafted, stated
from crisis.domain.refusals import NotFound, Refusal, RoleMissing
from crisis.domain.templates import Recurring, RecurringState, Template, must_lie_ahead
from crisis.events import Story
from crisis.store import command_log, crises, ledger, needs, templates
from crisis.usecases.authority import DESKS, SYSTEM, acting_role
from crisis.usecases.duplicate_hints import hint_at_duplicates
from crisis.usecases.need_authority import REPORTERS
from crisis.usecases.need_tasks import ask_to_verify
from crisis.usecases.offer_step import must_be_active
from crisis.usecases.submit_need import crisis_of
from crisis.usecases.templates import own_template
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_chassis.deadlines import fire
from imece_reference.refusals import ReferenceRefusal

RECUR = templates.RECUR
"""Kind of the deadline that states the next need."""


@dataclass(frozen=True, slots=True)
class RepeatNeed:
    """`first_at` None is now; `is_draft` leaves submitting each one to people; `recurring_id` None has one
    minted."""

    crisis_id: UUID
    template_id: UUID
    every_days: int
    until: datetime
    first_at: datetime | None = None
    district: str | None = None
    is_draft: bool = False
    recurring_id: UUID | None = None


async def repeat_need(tx: Transaction, command: RepeatNeed, caller: Caller, tools: Tools) -> Recurring:
    """A recurring need that states its first when its clock says so.

    Raises NotFound, RoleMissing, TemplateRetired, CrisisNotOpen, UnknownPlace, PlaceOutsideArea, UntilPast.
    """
    template = await own_template(tx, command.template_id, caller)
    template.must_be_in_use()
    crisis = await crisis_of(tx, command.crisis_id)
    district = command.district or template.district
    role = acting_role(caller, REPORTERS, place=district, crisis_id=crisis.crisis_id)
    must_be_open(crisis)
    must_cover(crisis, district)
    now = tools.clock.now()
    first_at = max(now, command.first_at or now)
    must_lie_ahead(command.until, first_at)
    recurring = Recurring(
        recurring_id=command.recurring_id or tools.new_id(),
        crisis_id=crisis.crisis_id,
        is_drill=crisis.is_drill,
        template_id=template.template_id,
        org_id=caller.organisation_id,
        district=district,
        every_days=command.every_days,
        is_draft=command.is_draft,
        next_at=first_at,
        until=command.until,
        state=RecurringState.RUNNING,
        deadline_id=tools.new_id(),
    )
    await templates.insert_recurring(tx, recurring)
    story = story_of(caller, role, tools.new_id(), crisis.crisis_id, crisis.is_drill, now)
    await _log(tx, story, caller, "repeat_need", (0, 1), recurring)
    return recurring


async def stop_repeating(tx: Transaction, recurring_id: UUID, caller: Caller, tools: Tools) -> Recurring:
    """No further needs, by its own organisation or a desk of the place.

    Raises NotFound, also for everybody else, RoleMissing, RecurringEnded.
    """
    known = await templates.read_recurring(tx, recurring_id)
    if known is None:
        raise NotFound(kind="recurring need", id=str(recurring_id))
    role = _stopping_role(known, caller)
    await crises.lock_shared(tx, [known.crisis_id])
    before = await templates.read_recurring(tx, recurring_id, is_locked=True)
    assert before is not None
    before.must_run()
    after = before.ended(RecurringState.STOPPED, "stopped")
    await templates.update_recurring(tx, before, after)
    story = story_of(caller, role, tools.new_id(), before.crisis_id, before.is_drill, tools.clock.now())
    await _log(tx, story, caller, "stop_repeating", (before.version, after.version), after)
    return after


async def own_series(
    tx: Transaction, recurring_id: UUID, caller: Caller, crisis_id: UUID | None = None
) -> Recurring:
    """A recurring need of the caller's organisation, in this crisis if one is named; raises NotFound."""
    known = await templates.read_recurring(tx, recurring_id)
    is_own = known is not None and known.org_id == caller.organisation_id
    if known is None or not is_own or crisis_id not in (None, known.crisis_id):
        raise NotFound(kind="recurring need", id=str(recurring_id))
    return known


async def own_recurring(
    tx: Transaction, crisis_id: UUID, caller: Caller, after: UUID | None, limit: int
) -> list[Recurring]:
    """Recurring needs of the caller's organisation in a crisis, newest first; raises NotFound."""
    if await crises.read(tx, crisis_id) is None:
        raise NotFound(kind="crisis", id=str(crisis_id))
    return await templates.recurring_of(tx, crisis_id, caller.organisation_id, after, limit)


def _stopping_role(known: Recurring, caller: Caller) -> str:
    is_own = known.org_id == caller.organisation_id
    try:
        return acting_role(
            caller, REPORTERS if is_own else DESKS, place=known.district, crisis_id=known.crisis_id
        )
    except RoleMissing:
        if is_own:
            raise
        raise NotFound(kind="recurring need", id=str(known.recurring_id)) from None


async def state_next(tx: Transaction, deadline_id: UUID, recurring_id: UUID, tools: Tools) -> bool:
    """State the next need; False when somebody was quicker.

    What can no longer be stated, or by an organisation that may not act, ends the series.
    """
    known = await templates.read_recurring(tx, recurring_id)
    if known is None:
        return False
    crisis = (await crises.lock_shared(tx, [known.crisis_id]))[known.crisis_id]
    before = await templates.read_recurring(tx, recurring_id, is_locked=True)
    if before is None or before.deadline_id != deadline_id or not await fire(tx, deadline_id):
        return False
    template = await templates.read(tx, before.template_id)
    assert template is not None
    now = tools.clock.now()
    story = Story(tools.new_id(), before.crisis_id, before.is_drill, None, SYSTEM, now)
    try:
        await must_be_active(tx, before.org_id)
        need = _next(before, template, crisis, now, tools)
    except (Refusal, ReferenceRefusal) as refused:
        after = before.ended(RecurringState.ENDED, refused.code)
    else:
        await _write(tx, need, story, tools)
        after = before.made_one(need.need_id, now, tools.new_id)
    await templates.update_recurring(tx, before, after)
    await _log(tx, story, None, "state_next_need", (before.version, after.version), after)
    return True


def _next(recurring: Recurring, template: Template, crisis: Crisis, now: datetime, tools: Tools) -> Need:
    template.must_be_in_use()
    said = template.said(now, recurring.district)
    if recurring.is_draft:
        return drafted(crisis, recurring.org_id, said, now, tools.new_id)
    return stated(crisis, recurring.org_id, said, now, tools.new_id)


async def _write(tx: Transaction, need: Need, story: Story, tools: Tools) -> None:
    await needs.insert(tx, need, story.command_id)
    if need.is_private:
        return
    await ledger.open_need_lines(tx, need.lines, is_drill=need.is_drill)
    hints = await hint_at_duplicates(tx, need, story)
    await outbox.append(tx, events.need_submitted(need, story, for_all(hints)))
    assert need.clock is not None
    await ask_to_verify(tx, need, need.clock.due_at, story, tools)


async def _log(
    tx: Transaction,
    story: Story,
    caller: Caller | None,
    command: str,
    versions: tuple[int, int],
    recurring: Recurring,
) -> None:
    logged = audit(
        story,
        caller,
        command,
        templates.SUBJECT,
        recurring.recurring_id,
        versions,
        reason=recurring.end_reason,
    )
    await command_log.record(tx, [logged])
