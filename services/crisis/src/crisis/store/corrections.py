"""Corrections of the record: what rows were, what they became, and which two keys agreed."""

from typing import Any
from uuid import UUID

from crisis.domain.corrections import Corrected, Piece
from crisis.domain.states import State
from crisis.store.queries import query
from imece_chassis.database import Transaction

MOST_OF_ROOT = 100


async def insert(tx: Transaction, done: Corrected) -> None:
    """Write a correction, after its rows and entries: what the row became stands there."""
    await tx.execute(
        query("insert_correction"),
        done.command_id,
        done.two_key_id,
        done.crisis_id,
        done.is_drill,
        done.before.allocation_id,
        done.root_id,
        done.need_line_id,
        done.line_version,
        done.before.state,
        done.before.qty,
        done.excess.qty if done.excess else 0,
        done.excess.allocation_id if done.excess else None,
        done.reason,
        done.first_org_id,
        done.second_org_id,
        done.corrected_at,
    )


async def of_line(
    tx: Transaction, need_line_id: UUID, after: int, limit: int, *, pledges_of: UUID | None
) -> list[Corrected]:
    """Corrections on a line after one of its events, oldest first; `pledges_of` leaves out others' rows."""
    rows = await tx.fetch(query("read_corrections"), need_line_id, None, pledges_of, after, limit)
    return [_corrected(row) for row in rows]


async def of_root(tx: Transaction, root_id: UUID) -> list[Corrected]:
    """Corrections under a root, oldest first; of what came in excess, the one that counts it."""
    rows = await tx.fetch(query("read_corrections"), None, root_id, None, 0, MOST_OF_ROOT)
    return [_corrected(row) for row in rows]


def _corrected(row: Any) -> Corrected:
    pieces = zip(row["piece_ids"], row["piece_states"], row["piece_qtys"], strict=True)
    excess_id = row["excess_allocation_id"]
    return Corrected(
        command_id=row["command_id"],
        two_key_id=row["two_key_id"],
        crisis_id=row["crisis_id"],
        is_drill=row["is_drill"],
        need_line_id=row["need_line_id"],
        line_version=row["line_version"],
        root_id=row["root_id"],
        pledger_org_id=row["pledger_org_id"],
        before=Piece(row["allocation_id"], State(row["from_state"]), row["qty"]),
        after=tuple(Piece(piece_id, State(state), qty) for piece_id, state, qty in pieces),
        excess=Piece(excess_id, State.CONFIRMED, row["excess"]) if excess_id else None,
        reason=row["reason"],
        first_org_id=row["first_org_id"],
        second_org_id=row["second_org_id"],
        corrected_at=row["corrected_at"],
    )
