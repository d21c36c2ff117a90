"""What all commands on a bundle have in common: whose rows they move, locked, and what is left alone.

A caller is shown, and moves, only those rows it may see one by one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from crisis.domain.allocations import Allocation
from crisis.domain.alternatives import Alternative
from crisis.domain.bundles import Bundle, left_alone
from crisis.domain.lines import Line
from crisis.domain.refusals import BundleSettled, NotFound
from crisis.store import allocations, bundles, lines
from crisis.usecases.allocation_step import Ground, lock_all
from crisis.usecases.authority import must_see
from imece_chassis.access.caller import Caller
from imece_chassis.database import Restart, Transaction


@dataclass(frozen=True, slots=True)
class Seen:
    """A bundle with the rows a caller may see, parents of cuts among them, and their lines by id.

    `ids` are those of all its rows.
    """

    bundle: Bundle
    rows: Sequence[Allocation]
    lines: Mapping[UUID, Line]
    ids: Sequence[UUID]


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
    return Seen(bundle, visible, known, ids)


async def lock(tx: Transaction, asked: Seen) -> Ground:
    """Lock what the caller saw, in the order of every command on allocations.

    Raises Restart when a row was cut or went to another line meanwhile.
    """
    asked_of = {row.need_line_id: asked.lines[row.need_line_id] for row in asked.rows}
    ground = await lock_all(tx, asked.rows, asked_of)
    if await bundles.row_ids(tx, asked.bundle.bundle_id) != asked.ids:
        raise Restart
    return ground


def settled(rows: Sequence[Allocation]) -> BundleSettled:
    """The refusal where no row can be moved."""
    return BundleSettled(states=", ".join(sorted({row.state.value for row in left_alone(rows, ())})))


def _is_seen(caller: Caller, row: Allocation, line: Line) -> bool:
    try:
        must_see(caller, row, line)
    except NotFound:
        return False
    return True
