"""Looking for needs that may be the same when one is submitted, and what its submitter says of them."""

from dataclasses import dataclass
from uuid import UUID

from crisis.domain.duplicates import Choice, Hint, hints_for, near_plates
from crisis.domain.needs import Need
from crisis.domain.refusals import NotFound
from crisis.events import Story
from crisis.store import command_log, duplicates
from crisis.usecases.authority import DESKS
from crisis.usecases.need_authority import asker_or_desk_role
from crisis.usecases.need_step import lock, seen
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class AnswerHint:
    """What a hinted need is to the one submitted."""

    need_id: UUID
    other_need_id: UUID
    choice: Choice


async def hint_at_duplicates(tx: Transaction, need: Need, story: Story) -> tuple[Hint, ...]:
    """Needs that may be the same as one submitted just now, remembered with it; never a reason to refuse."""
    await duplicates.remember_submission(tx, need, story.at)
    found = await duplicates.candidates(tx, need, near_plates(need.district[4:6]), story.at)
    hints = hints_for(need, found)
    if hints:
        await duplicates.insert(tx, need, hints)
    return hints


async def hints_of(tx: Transaction, need_id: UUID, caller: Caller) -> list[Hint]:
    """What was hinted about a need, without restricted needs of others; raises NotFound."""
    need = await seen(tx, need_id, caller)
    return await _shown(tx, need, caller)


async def answer_hint(tx: Transaction, command: AnswerHint, caller: Caller, tools: Tools) -> list[Hint]:
    """The need's hints with the answer, which changes neither need: a desk merges.

    Raises NotFound, RoleMissing.
    """
    known = await seen(tx, command.need_id, caller)
    role = asker_or_desk_role(caller, known)
    need = (await lock(tx, known)).need
    now = tools.clock.now()
    is_shown = command.other_need_id in {hint.need_id for hint in await _shown(tx, need, caller)}
    if not is_shown or not await duplicates.choose(
        tx, command.need_id, command.other_need_id, command.choice, now
    ):
        raise NotFound(kind="duplicate hint", id=str(command.other_need_id))
    story = story_of(caller, role, tools.new_id(), need.crisis_id, need.is_drill, now)
    logged = audit(
        story,
        caller,
        "answer_duplicate_hint",
        "duplicate_hint",
        command.need_id,
        (0, 1),
        reason=command.choice,
    )
    await command_log.record(tx, [logged])
    return await _shown(tx, need, caller)


async def _shown(tx: Transaction, need: Need, caller: Caller) -> list[Hint]:
    return [
        hint for hint in await duplicates.read(tx, need.need_id) if _may_see(caller, hint, need.crisis_id)
    ]


def _may_see(caller: Caller, hint: Hint, crisis_id: UUID) -> bool:
    """A restricted need is named to its asker, and to desks of its place."""
    if not hint.is_restricted or caller.organisation_id == hint.asker_org_id:
        return True
    return any(caller.may(role, province=hint.district[4:6], crisis_id=crisis_id) for role in DESKS)
