"""Corrections of the record: a fact of crisis.lines.v1."""

from typing import ClassVar
from uuid import UUID

from imece_contracts.crisis.allocations import AllocationEvent
from imece_contracts.crisis.parts import Part
from imece_contracts.quantities import Qty


class CorrectedPart(Part):
    """A row with its state and its quantity in the line's unit."""

    allocation: UUID
    state: str
    qty: Qty


class AllocationCorrected(AllocationEvent):
    """What the record said was wrong: `before` is what it said, `after` what is true, agreed by two keys.

    The rows of `after` carry the whole of `before`, which carries nothing any more. `excess` came beyond what
    was sent and is a row of its own.
    """

    type: ClassVar[str] = "crisis.allocation.corrected"

    reason: str
    before: CorrectedPart
    after: tuple[CorrectedPart, ...]
    excess: CorrectedPart | None = None
