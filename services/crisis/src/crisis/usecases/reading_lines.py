"""What was asked of a line and stated about it; every member may read it, a draft only its own asker."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from crisis.domain.line_terms import ElsewhereStatement
from crisis.store import line_terms
from crisis.usecases.line_step import seen_line
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class TermsTold:
    """Revisions and statements of a line, oldest first."""

    revisions: list[dict[str, Any]]
    statements: list[ElsewhereStatement]


async def terms(tx: Transaction, need_line_id: UUID, caller: Caller) -> TermsTold:
    """The history of a line's terms; raises NotFound."""
    await seen_line(tx, need_line_id, caller)
    return TermsTold(
        await line_terms.revisions(tx, need_line_id), await line_terms.statements(tx, [need_line_id])
    )
