"""Templates: kept from a need of one's own, stated again in any crisis, retired. Others do not see them."""

from dataclasses import dataclass, replace
from uuid import UUID

from crisis.domain.needs import Need
from crisis.domain.refusals import NotFound
from crisis.domain.templates import Template, template_of
from crisis.store import command_log, templates
from crisis.usecases.authority import acting_role
from crisis.usecases.draft_need import DraftNeed, draft_need
from crisis.usecases.need_authority import REPORTERS, own_role
from crisis.usecases.need_step import seen
from crisis.usecases.submit_need import SubmitNeed, submit_need
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class KeepTemplate:
    """`title` is free text and masked; stated again, the lines are needed within so many hours.

    `template_id` None has one minted.
    """

    need_id: UUID
    title: str
    needed_within_hours: int
    template_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class StateTemplate:
    """`district` None is the template's own place."""

    crisis_id: UUID
    template_id: UUID
    district: str | None = None
    is_draft: bool = False


async def keep_template(tx: Transaction, command: KeepTemplate, caller: Caller, tools: Tools) -> Template:
    """A template from an own need. Raises NotFound, RoleMissing, NeedWithoutLines."""
    need = await seen(tx, command.need_id, caller)
    role = own_role(caller, need)
    now = tools.clock.now()
    template_id = command.template_id or tools.new_id()
    template = template_of(need, command.title, command.needed_within_hours, now, template_id)
    await templates.insert(tx, template)
    story = story_of(caller, role, tools.new_id(), need.crisis_id, need.is_drill, now)
    logged = audit(story, caller, "keep_template", "template", template.template_id, (0, template.version))
    await command_log.record(tx, [logged])
    return template


async def retire_template(tx: Transaction, template_id: UUID, caller: Caller, tools: Tools) -> Template:
    """The template out of use. Raises NotFound, RoleMissing, TemplateRetired."""
    template = await own_template(tx, template_id, caller)
    role = acting_role(caller, REPORTERS, place=template.district)
    template.must_be_in_use()
    now = tools.clock.now()
    await templates.retire(tx, template_id, now)
    story = story_of(caller, role, tools.new_id(), None, False, now)
    logged = audit(story, caller, "retire_template", "template", template_id, (1, 2))
    await command_log.record(tx, [logged])
    return replace(template, retired_at=now)


async def state_template(tx: Transaction, command: StateTemplate, caller: Caller, tools: Tools) -> Need:
    """A new need as the template says. Raises NotFound, TemplateRetired, and what submitting it does."""
    template = await own_template(tx, command.template_id, caller)
    template.must_be_in_use()
    said = template.said(tools.clock.now(), command.district)
    if command.is_draft:
        drafted = await draft_need(tx, DraftNeed(command.crisis_id, said), caller, tools)
        return drafted.need
    wanted = SubmitNeed(
        crisis_id=command.crisis_id,
        district=said.district,
        urgency=said.urgency,
        lines=said.lines,
        contact_ref=said.contact_ref,
        title=said.title,
    )
    return await submit_need(tx, wanted, caller, tools)


async def own_templates(tx: Transaction, caller: Caller, after: UUID | None, limit: int) -> list[Template]:
    """Templates in use of the caller's organisation, newest first."""
    return await templates.page(tx, caller.organisation_id, after, limit)


async def own_template(tx: Transaction, template_id: UUID, caller: Caller) -> Template:
    """A template of the caller's organisation; raises NotFound."""
    template = await templates.read(tx, template_id)
    if template is None or template.org_id != caller.organisation_id:
        raise NotFound(kind="template", id=str(template_id))
    return template
