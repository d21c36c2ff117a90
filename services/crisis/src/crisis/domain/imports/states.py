"""The life of an import and of its rows.

An import is open for some days: rows may be applied and taken back. Then what was uploaded goes; numbers,
ids and outcomes stay.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from crisis.domain.needs import Statement
from crisis.domain.refusals import ImportNotOpen

from .differences import Change, Status
from .issues import Issue

KEPT = timedelta(days=7)
"""How long an upload is kept: long enough to correct and undo, no longer."""

RUN = "import.run"
SWEEP = "import.sweep"


class ImportState(StrEnum):
    """Values as stored."""

    OPEN = "open"
    APPLYING = "applying"
    UNDOING = "undoing"
    SWEPT = "swept"


IMPORT_WAITING = {
    ImportState.OPEN: (SWEEP,),
    ImportState.APPLYING: (RUN, SWEEP),
    ImportState.UNDOING: (RUN, SWEEP),
}
"""What comes of an import nobody looks at; its rows are worked off by `import.run`."""


class Outcome(StrEnum):
    """What became of a row; None: nothing yet. `kept` could not be taken back."""

    CHOSEN = "chosen"
    APPLIED = "applied"
    REFUSED = "refused"
    UNDOING = "undoing"
    UNDONE = "undone"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Import:
    """One upload. `run_key_id` is the key whose rights the rows being worked off have, `run_reason` the code
    their revisions give."""

    import_id: UUID
    crisis_id: UUID
    is_drill: bool
    org_id: UUID
    state: ImportState
    file_kind: str
    digest: bytes
    rows: int
    unknown_columns: int
    created_at: datetime
    keep_until: datetime
    sweep_deadline_id: UUID | None
    run_deadline_id: UUID | None = None
    run_key_id: UUID | None = None
    run_reason: str | None = None
    version: int = 1

    def must_be_open(self) -> None:
        """Raise ImportNotOpen while rows are worked off, and after the upload is gone."""
        if self.state is not ImportState.OPEN:
            raise ImportNotOpen(state=self.state.value)

    def now(self, state: ImportState, **changes: Any) -> "Import":
        """The import in its next state, one version later."""
        return replace(self, state=state, version=self.version + 1, **changes)


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A row as stored; `problem` is why its last command was refused."""

    number: int
    status: Status
    need_line_id: UUID | None = None
    need_id: UUID | None = None
    changes: tuple[Change, ...] = ()
    statement: Statement | None = None
    issues: tuple[Issue, ...] = ()
    outcome: Outcome | None = None
    problem: Issue | None = None
    settled_at: datetime | None = None

    def settled(self, outcome: Outcome, at: datetime, **changes: Any) -> "ImportRow":
        """The row after its command."""
        return replace(self, outcome=outcome, settled_at=at, **changes)

    def changed_to(self, column: str) -> str | None:
        """What the file wants of a column; None for no change."""
        return next((change.file for change in self.changes if change.column == column), None)

    def stood_at(self, column: str) -> str | None:
        """What the ledger said of a column the file changes."""
        return next((change.now for change in self.changes if change.column == column), None)
