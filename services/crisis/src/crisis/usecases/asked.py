"""Commands on allocations as they were given: what, by whom, in which trace. Each stands for itself."""

from collections.abc import Callable, Mapping, Sequence
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
W = TypeVar("W")
D = TypeVar("D")


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


def each_for_itself(
    wanted: Mapping[int, W], decide: Callable[[int, W], D], refused: dict[int, Exception]
) -> dict[int, D]:
    """By position what was decided, in order; what raised goes to `refused` and spoils no neighbour."""
    decided: dict[int, D] = {}
    for at, each in wanted.items():
        try:
            decided[at] = decide(at, each)
        except Exception as refusal:  # noqa: BLE001 - becomes this command's own outcome
            refused[at] = refusal
    return decided
