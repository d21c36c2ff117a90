"""A command on an allocation as it was given: what, by whom, and in which trace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from crisis.domain.allocations import Allocation
from crisis.domain.lines import Line
from imece_chassis.access.caller import Caller


class OnAllocation(Protocol):
    """A command about one row."""

    @property
    def allocation_id(self) -> UUID: ...


C = TypeVar("C", bound=OnAllocation)


@dataclass(frozen=True, slots=True)
class Asked(Generic[C]):
    """One command and who gives it; its events continue the trace of the request it came with."""

    command: C
    caller: Caller
    traceparent: str | None = None


def about_known(
    asked: Sequence[Asked[C]], rows: Mapping[UUID, Allocation], lines: Mapping[UUID, Line]
) -> dict[int, tuple[Caller, Allocation, Line]]:
    """By position who speaks about which row on which line; without those about rows nobody knows."""
    found = ((at, each.caller, rows.get(each.command.allocation_id)) for at, each in enumerate(asked))
    return {at: (caller, row, lines[row.need_line_id]) for at, caller, row in found if row is not None}
