"""If-Match: a command takes effect only on the version its sender had read."""

from uuid import UUID

from crisis.store import command_log
from imece_chassis.database import Transaction
from imece_chassis.http.etags import PreconditionFailed


async def must_have_started_from(tx: Transaction, subject_id: UUID | None, versions: frozenset[str]) -> None:
    """To be asked after the command's work, which holds the locks and left its audit row.

    Raises PreconditionFailed, and so takes the work back, unless the subject was at one of the versions
    before; also when the command is about nothing that had a version.
    """
    began_at = None if subject_id is None else await command_log.version_before(tx, subject_id)
    if began_at is None or str(began_at) not in versions:
        raise PreconditionFailed
