"""If-Match: a command takes effect only on the version its sender had read."""

from collections.abc import Sequence
from uuid import UUID

from crisis.store import command_log, versions
from imece_chassis.database import Transaction
from imece_chassis.http.etags import PreconditionFailed


async def must_have_started_from(tx: Transaction, subjects: Sequence[UUID], allowed: frozenset[str]) -> None:
    """To be asked after the command's work, which holds the locks and left its audit row.

    The first of the subjects the command changed counts; when it changed none of them (a first of two keys,
    a new need in a crisis), the version the first one has. Raises PreconditionFailed: the work is taken back.
    """
    began_at: int | None = None
    for subject_id in subjects:
        began_at = await command_log.version_before(tx, subject_id)
        if began_at is not None:
            break
    if began_at is None and subjects:
        began_at = await versions.current(tx, subjects[0])
    if str(began_at) not in allowed:
        raise PreconditionFailed if began_at is None else PreconditionFailed.at(began_at)
