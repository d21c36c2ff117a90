"""What was asked of a line and stated about it; every member may read it, a draft only its own asker."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from crisis.domain.line_terms import ElsewhereStatement
from crisis.store import line_terms
from crisis.usecases.line_step import seen_line
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class TermsTold:
    """Revisions and statements of a line, oldest first; `following` is where they go on, None at the end."""

    revisions: list[dict[str, Any]]
    statements: list[ElsewhereStatement]
    following: tuple[int, UUID | None] | None


async def terms(
    tx: Transaction, need_line_id: UUID, caller: Caller, after: tuple[int, UUID | None], limit: int
) -> TermsTold:
    """The history of a line's terms after a revision and a statement, so many of each; raises NotFound."""
    await seen_line(tx, need_line_id, caller)
    version, statement_id = after
    revisions = await line_terms.revisions(tx, need_line_id, version, limit + 1)
    statements = await line_terms.statements_after(tx, need_line_id, statement_id, limit + 1)
    has_more = max(len(revisions), len(statements)) > limit
    told = TermsTold(revisions[:limit], statements[:limit], None)
    if told.revisions:
        version = int(told.revisions[-1]["version"])
    if told.statements:
        statement_id = told.statements[-1].statement_id
    return replace(told, following=(version, statement_id) if has_more else None)
