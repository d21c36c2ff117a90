"""One command on every row of a long list, each in a transaction of its own.

Progress is the state of the rows, so a run that was cut short is simply run again.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from imece_chassis.database import Database, Transaction

ROWS_AT_ONCE = 200
_FIRST = UUID(int=0)
_log = logging.getLogger(__name__)

Page = Callable[[Transaction, UUID, int], Awaitable[Sequence[UUID]]]
"""Ids after one, in order, so many at most; read without locks."""
Command = Callable[[Transaction, UUID], Awaitable[bool]]
"""What is done to a row; False when there was nothing to do any more."""


async def row_by_row(database: Database, page: Page, command: Command) -> int:
    """How many rows it was done to. Raises the last failure after trying all others."""
    reached, failed, after = 0, None, _FIRST
    while rows := await database.snapshot(lambda tx, after=after: page(tx, after, ROWS_AT_ONCE)):
        for row in rows:
            try:
                reached += await database.unit_of_work(lambda tx, row=row: command(tx, row))
            except Exception as error:  # noqa: BLE001 - one row must not keep the others waiting
                _log.exception("row_failed", extra={"fields": {"row": str(row)}})
                failed = error
        after = rows[-1]
    if failed is not None:
        raise failed
    return reached
