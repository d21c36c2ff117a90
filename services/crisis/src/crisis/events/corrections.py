"""The event of a corrected record: what it was, what it became, and the line after it."""

from typing import Any

from crisis.domain.allocations import Allocation
from crisis.domain.balances import NeedBalance
from crisis.domain.corrections import Corrected, Piece
from crisis.domain.lines import Line
from crisis.events.allocations import allocation_facts
from crisis.events.lines import of_line
from crisis.events.story import Story, quantity
from imece_contracts import crisis as contract
from imece_contracts.envelope import Envelope


def allocation_corrected(
    row: Allocation, done: Corrected, line: Line, balance: NeedBalance, story: Story
) -> Envelope:
    """`row` as it stood in the record before."""
    document = allocation_facts(row, line)
    document["reason"] = done.reason
    document["before"] = _piece(done.before)
    document["after"] = [_piece(each) for each in done.after]
    if done.excess is not None:
        document["excess"] = _piece(done.excess)
    subject = f"allocation/{row.allocation_id}"
    return of_line(contract.AllocationCorrected, subject, document, line, balance, None, story)


def _piece(piece: Piece) -> dict[str, Any]:
    return {"allocation": piece.allocation_id, "state": piece.state, "qty": quantity(piece.qty)}
