"""AcceptBundle: the awaited side takes all rows that wait for it, in one transaction.

Each row is taken as by a command of its own, as much of it as the command says; if one cannot be, none is.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crisis.domain.allocations import Side
from crisis.domain.answers import Rest
from crisis.domain.bundles import left_alone
from crisis.domain.refusals import BundleDoesNotFit, NotFound, RoleMissing
from crisis.domain.refusals.bundles import ROW_REFUSALS, RowRefusal
from crisis.store import bundles, command_log
from crisis.usecases.accept_allocation import AcceptAllocation, accept_each
from crisis.usecases.allocation_step import Moved
from crisis.usecases.asked import Asked
from crisis.usecases.bundle_step import Answered, answerable, lock, seen, settled
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis import context
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_chassis.together import Together


@dataclass(frozen=True, slots=True)
class Part:
    """How much of a row is taken, in the line's unit (None: all), and what becomes of its rest."""

    quantity: str | None = None
    rest: Rest | None = None


@dataclass(frozen=True, slots=True)
class AcceptBundle:
    """`parts` by row; other rows that await the caller's answer are taken whole, their rest as `rest` says.

    `override_reason` is a code of domain.reasons.OVERRIDE and goes for all rows.
    """

    bundle_id: UUID
    parts: dict[UUID, Part]
    rest: Rest | None = None
    override_reason: str | None = None
    device_at: datetime | None = None


async def accept_bundle(tx: Transaction, command: AcceptBundle, caller: Caller, tools: Tools) -> Answered:
    """Raises NotFound, RoleMissing, BundleSettled, and BundleDoesNotFit naming every row that an accept by
    itself would be refused for."""
    asked = await seen(tx, command.bundle_id, caller)
    ground = await lock(tx, asked)
    rows = [ground.rows[row.allocation_id] for row in asked.rows]
    side = Side.PLEDGER if caller.organisation_id == asked.bundle.org_id else Side.ASKER_SIDE
    bundle = asked.bundle
    waiting, role = answerable(caller, rows, side, ground.lines, tools.clock.now())
    if not waiting:
        raise settled(rows)
    wanted = {row.allocation_id: Part(rest=command.rest) for row in waiting} | command.parts
    before = await bundles.version(tx, command.bundle_id)
    strangers = wanted.keys() - {row.allocation_id for row in rows}
    own = {row_id: part for row_id, part in wanted.items() if row_id not in strangers}
    outcomes = await _accepted(tx, command, own, caller, tools)
    _must_all_fit(outcomes | {each: NotFound(kind="allocation", id=str(each)) for each in strangers})
    first, line = waiting[0], ground.lines[waiting[0].need_line_id]
    story = story_of(caller, role, tools.new_id(), bundle.crisis_id, bundle.is_drill, tools.clock.now())
    versions = (before, await bundles.version(tx, bundle.bundle_id))
    logged = audit(
        story,
        caller,
        "accept_bundle",
        bundles.SUBJECT,
        bundle.bundle_id,
        versions,
        counterparty=first.proposer_org_id or line.asker_org_id,
        device_at=command.device_at,
    )
    await command_log.record(tx, [logged])
    return Answered(bundle.bundle_id, left_alone(rows, waiting))


async def _accepted(
    tx: Transaction, command: AcceptBundle, wanted: dict[UUID, Part], caller: Caller, tools: Tools
) -> dict[UUID, Moved | Exception]:
    """What became of each; all of them are locked before, so none is locked out of order."""
    together = Together(tx)
    asked = [
        Asked(
            AcceptAllocation(
                allocation_id, part.quantity, part.rest, command.override_reason, command.device_at
            ),
            caller,
            context.traceparent(),
        )
        for allocation_id, part in wanted.items()
    ]
    outcomes = await accept_each(together, asked, tools)
    await together.run()
    return dict(zip(wanted, outcomes, strict=True))


def _must_all_fit(outcomes: dict[UUID, Moved | Exception]) -> None:
    """Raise what is no refusal as it is; RoleMissing where the caller may take none; else name the rows."""
    refused: list[tuple[UUID, RowRefusal]] = []
    for allocation_id, outcome in outcomes.items():
        if isinstance(outcome, ROW_REFUSALS):
            refused.append((allocation_id, outcome))
        elif isinstance(outcome, Exception):
            raise outcome
    if (
        refused
        and len(refused) == len(outcomes)
        and all(isinstance(each, RoleMissing) for _, each in refused)
    ):
        raise refused[0][1]
    if refused:
        raise BundleDoesNotFit([({"allocation_id": str(row)}, refusal) for row, refusal in refused])
