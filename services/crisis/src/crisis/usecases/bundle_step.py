"""What all commands on a bundle have in common: whose rows they move, locked, and what is left alone.

A caller is shown, and moves, only those rows it may see one by one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from crisis.domain.allocations import Allocation, Side
from crisis.domain.alternatives import Alternative
from crisis.domain.bundles import Bundle, left_alone, waiting_for
from crisis.domain.lines import Line
from crisis.domain.refusals import BundleSettled, NotFound, RoleMissing
from crisis.store import allocations, bundles, lines
from crisis.usecases.allocation_step import Ground, lock_all
from crisis.usecases.authority import answering_role, must_see
from imece_chassis.access.caller import Caller
from imece_chassis.database import Restart, Transaction


@dataclass(frozen=True, slots=True)
class Seen:
    """A bundle with the rows a caller may see, parents of cuts among them, and their lines by id.

    `every` are all its rows, of whoever they are.
    """

    bundle: Bundle
    rows: Sequence[Allocation]
    lines: Mapping[UUID, Line]
    every: Sequence[Allocation]


@dataclass(frozen=True, slots=True)
class Answered:
    """What a command left alone, and by row where else the goods are missing, for rows that were declined."""

    bundle_id: UUID
    skipped: tuple[Allocation, ...]
    alternatives: Mapping[UUID, Sequence[Alternative]] = field(
        default_factory=dict[UUID, Sequence[Alternative]]
    )


async def seen(tx: Transaction, bundle_id: UUID, caller: Caller) -> Seen:
    """Without lock, oldest row first. Raises NotFound, also where the caller may see none of the rows."""
    bundle = await bundles.read(tx, bundle_id)
    ids = await bundles.row_ids(tx, bundle_id)
    rows = await allocations.read_many(tx, ids)
    known = await lines.read(tx, sorted({row.need_line_id for row in rows}))
    visible = [row for row in rows if _is_seen(caller, row, known[row.need_line_id])]
    if bundle is None or not visible:
        raise NotFound(kind="bundle", id=str(bundle_id))
    return Seen(bundle, visible, known, rows)


async def lock(tx: Transaction, asked: Seen) -> Ground:
    """Lock all rows, in the order of every command on allocations: the bundle's version is of those the
    caller may not see as well.

    Raises Restart when a row was cut or went to another line meanwhile.
    """
    asked_of = {row.need_line_id: asked.lines[row.need_line_id] for row in asked.rows}
    ground = await lock_all(tx, asked.every, asked_of)
    if set(await bundles.row_ids(tx, asked.bundle.bundle_id)) != ground.rows.keys():
        raise Restart
    return ground


def answerable(
    caller: Caller, rows: Sequence[Allocation], side: Side, lines: Mapping[UUID, Line], now: datetime
) -> tuple[list[Allocation], str]:
    """Those of the rows that wait for the side and whose answer the caller may give, and its role in them;
    no row and no role where none waits.

    Raises RoleMissing where the caller may answer none of those that wait.
    """
    found: dict[UUID, str] = {}
    missing: RoleMissing | None = None
    waiting = waiting_for(rows, side)
    for row in waiting:
        try:
            _, found[row.allocation_id] = answering_role(caller, row, lines[row.need_line_id], now)
        except RoleMissing as refusal:
            missing = refusal
    if missing is not None and not found:
        raise missing
    return [row for row in waiting if row.allocation_id in found], next(iter(found.values()), "")


def settled(rows: Sequence[Allocation]) -> BundleSettled:
    """The refusal where no row can be moved."""
    return BundleSettled(states=", ".join(sorted({row.state.value for row in left_alone(rows, ())})))


def _is_seen(caller: Caller, row: Allocation, line: Line) -> bool:
    try:
        must_see(caller, row, line)
    except NotFound:
        return False
    return True
