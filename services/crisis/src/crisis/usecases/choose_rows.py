"""ApplyImport and UndoImport: rows of an import are chosen, and a worker works them off one by one.

Choosing the same rows again changes nothing: a row that was applied is not applied twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from crisis.domain.imports import Import, ImportRow, ImportState, Outcome, Status
from crisis.domain.reasons import REVISE, known_reason
from crisis.domain.refusals import NotFound, RowNotApplied, RowNotChoosable
from crisis.store import command_log, import_rows, imports
from crisis.usecases.tools import Tools, audit, story_of
from crisis.usecases.upload_import import writer_role
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction

TAKEN_BACK = "entered_by_mistake"
"""Why a line is revised when an import is undone."""

_APPLIED = (Outcome.APPLIED, Outcome.KEPT)
_AGAIN = (None, Outcome.REFUSED, Outcome.UNDONE)


@dataclass(frozen=True, slots=True)
class ApplyImport:
    """`overwrite` names conflicts in which the file counts, `rows` others; with neither it is every new and
    changed row nothing came of yet. `reason` is a code of domain.reasons.REVISE."""

    import_id: UUID
    reason: str
    rows: tuple[int, ...] = ()
    overwrite: tuple[int, ...] = ()

    @property
    def is_for_all(self) -> bool:
        """Whether no row is named."""
        return not self.rows and not self.overwrite


@dataclass(frozen=True, slots=True)
class UndoImport:
    """`rows` None means every row that was applied."""

    import_id: UUID
    rows: tuple[int, ...] | None = None


async def own_import(
    tx: Transaction, import_id: UUID, organisation_id: UUID, *, is_locked: bool = False
) -> Import:
    """An import of the organisation; raises NotFound, also for those of others."""
    found = await imports.read(tx, import_id, is_locked=is_locked)
    if found is None or found.org_id != organisation_id:
        raise NotFound(kind="import", id=str(import_id))
    return found


async def apply_import(tx: Transaction, command: ApplyImport, caller: Caller, tools: Tools) -> Import:
    """The import with its rows chosen; as it was when there is nothing to do.

    Raises NotFound, RoleMissing, ReasonUnknown, ImportNotOpen, RowNotChoosable.
    """
    reason = known_reason(command.reason, REVISE, "revise")
    before = await own_import(tx, command.import_id, caller.organisation_id, is_locked=True)
    role = writer_role(caller, before.crisis_id)
    before.must_be_open()
    await _must_fit(tx, before, command)
    ordinary = (Status.NEW, Status.CHANGED)
    numbers, come_from = (None, (None,)) if command.is_for_all else (command.rows, _AGAIN)
    many = await import_rows.choose(tx, before.import_id, numbers, ordinary, come_from, Outcome.CHOSEN)
    many += await import_rows.choose(
        tx, before.import_id, command.overwrite, (Status.CONFLICT,), _AGAIN, Outcome.CHOSEN
    )
    return await _begin(tx, before, many, ImportState.APPLYING, "apply_import", role, reason, caller, tools)


async def undo_import(tx: Transaction, command: UndoImport, caller: Caller, tools: Tools) -> Import:
    """The import with its applied rows chosen to be taken back; as it was when there are none.

    Raises NotFound, RoleMissing, ImportNotOpen, RowNotApplied.
    """
    before = await own_import(tx, command.import_id, caller.organisation_id, is_locked=True)
    role = writer_role(caller, before.crisis_id)
    before.must_be_open()
    if command.rows is not None:
        known = await import_rows.standing(tx, before.import_id, command.rows)
        may_be = {*_APPLIED, Outcome.UNDONE}
        for number in command.rows:
            if number not in known or known[number].outcome not in may_be:
                raise RowNotApplied(row=str(number), status=_standing(number, known))
    differing = (Status.NEW, Status.CHANGED, Status.CONFLICT)
    many = await import_rows.choose(tx, before.import_id, command.rows, differing, _APPLIED, Outcome.UNDOING)
    return await _begin(tx, before, many, ImportState.UNDOING, "undo_import", role, TAKEN_BACK, caller, tools)


async def _must_fit(tx: Transaction, imported: Import, command: ApplyImport) -> None:
    """Raise RowNotChoosable naming the first row that is no difference of the asked kind."""
    await _must_be(tx, imported, command.rows, (Status.NEW, Status.CHANGED))
    await _must_be(tx, imported, command.overwrite, (Status.CONFLICT,))


async def _must_be(
    tx: Transaction, imported: Import, numbers: Sequence[int], statuses: Sequence[Status]
) -> None:
    known = await import_rows.standing(tx, imported.import_id, numbers)
    for number in numbers:
        if number not in known or known[number].status not in statuses:
            raise RowNotChoosable(row=str(number), status=_standing(number, known))


def _standing(number: int, known: dict[int, ImportRow]) -> str:
    """Where a row stands; `unknown` when the file has no such row."""
    row = known.get(number)
    return "unknown" if row is None else row.outcome or row.status


async def _begin(
    tx: Transaction,
    before: Import,
    many: int,
    state: ImportState,
    named: str,
    role: str,
    reason: str,
    caller: Caller,
    tools: Tools,
) -> Import:
    if not many:
        return before
    now = tools.clock.now()
    after = before.now(state, run_deadline_id=tools.new_id(), run_key_id=caller.key_id, run_reason=reason)
    await imports.update(tx, before, after, run_at=now)
    story = story_of(caller, role, tools.new_id(), before.crisis_id, before.is_drill, now)
    versions = (before.version, after.version)
    logged = audit(story, caller, named, imports.SUBJECT, before.import_id, versions, reason=reason)
    await command_log.record(tx, [logged])
    return after
