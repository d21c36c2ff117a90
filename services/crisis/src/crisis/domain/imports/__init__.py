"""Files of need lines: what their rows say, how that differs from the ledger, and what became of each row.

Nothing here changes a need. A row that is chosen becomes an ordinary command.
"""

from .columns import Header, header_of
from .differences import Asked, Change, Compared, Known, Status, Writer, compared
from .issues import CellRefused, Issue, of_refusal
from .reading import Odd, Raw, Said, is_blank, said_of
from .states import (
    IMPORT_WAITING,
    KEPT,
    RUN,
    SWEEP,
    Import,
    ImportRow,
    ImportState,
    Outcome,
)

__all__ = [
    "IMPORT_WAITING",
    "KEPT",
    "RUN",
    "SWEEP",
    "Asked",
    "CellRefused",
    "Change",
    "Compared",
    "Header",
    "Import",
    "ImportRow",
    "ImportState",
    "Issue",
    "Known",
    "Odd",
    "Outcome",
    "Raw",
    "Said",
    "Status",
    "Writer",
    "compared",
    "header_of",
    "is_blank",
    "of_refusal",
    "said_of",
]
