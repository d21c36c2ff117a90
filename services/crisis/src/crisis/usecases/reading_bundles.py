"""What may be read of bundles: of each, the rows the reader may see one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from crisis.domain.allocations import Allocation
from crisis.domain.balances import NeedBalance
from crisis.domain.bundles import Bundle
from crisis.domain.lines import Line
from crisis.store import bundles, lines
from crisis.usecases.bundle_step import seen
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class BundleRead:
    """A bundle, its version, and its rows with their lines and figures as they are, oldest first."""

    bundle: Bundle
    version: int
    rows: Sequence[Allocation]
    lines: Mapping[UUID, Line]
    balances: Mapping[UUID, NeedBalance]


async def bundle(tx: Transaction, bundle_id: UUID, caller: Caller) -> BundleRead:
    """One bundle; raises NotFound, also where the reader may see none of its rows."""
    found = await seen(tx, bundle_id, caller)
    balances = await lines.read_balances(tx, sorted({row.need_line_id for row in found.rows}))
    version = await bundles.version(tx, bundle_id)
    return BundleRead(found.bundle, version, found.rows, found.lines, balances)
