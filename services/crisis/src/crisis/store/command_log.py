"""The audit trail: one row per command that had an effect, written in the command's own transaction.

Each row also waits to be sealed into the hash chain; see store.command_seals.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from crisis.store.queries import query
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class Command:
    """Who did what to which row, and from which version to which; `counterparty_org_id` is the other side.

    `at` is the server's time. `device_at` is what the sender's device said it was: a claim, kept beside it.
    """

    command_id: UUID
    command: str
    crisis_id: UUID | None
    is_drill: bool
    subject_type: str
    subject_id: UUID
    actor_org_id: UUID | None
    actor_key_id: UUID | None
    actor_role: str
    counterparty_org_id: UUID | None
    reason: str | None
    before_version: int
    after_version: int
    at: datetime
    device_at: datetime | None = None


async def record(tx: Transaction, commands: Sequence[Command]) -> None:
    """Write the rows. If this fails the whole command fails."""
    await tx.execute(
        query("insert_commands"),
        [command.command_id for command in commands],
        [command.command for command in commands],
        [command.crisis_id for command in commands],
        [command.is_drill for command in commands],
        [command.subject_type for command in commands],
        [command.subject_id for command in commands],
        [command.actor_org_id for command in commands],
        [command.actor_key_id for command in commands],
        [command.actor_role for command in commands],
        [command.counterparty_org_id for command in commands],
        [command.reason for command in commands],
        [command.before_version for command in commands],
        [command.after_version for command in commands],
        [command.at for command in commands],
    )
    await tx.execute(
        "INSERT INTO commands_to_seal (command_id)"
        " SELECT command_id FROM unnest($1::uuid[]) AS new (command_id)",
        [command.command_id for command in commands],
    )
    claims = {command.command_id: command.device_at for command in commands if command.device_at is not None}
    if claims:
        await tx.execute(
            "INSERT INTO device_times (command_id, device_at)"
            " SELECT command_id, device_at FROM unnest($1::uuid[], $2::timestamptz[])"
            " AS claim (command_id, device_at)",
            list(claims),
            list(claims.values()),
        )


async def device_times(tx: Transaction, command_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When it was by the clocks of the senders' devices, by command; absent for those that claim nothing."""
    rows = await tx.fetch(
        "SELECT command_id, device_at FROM device_times WHERE command_id = ANY ($1::uuid[])",
        list(command_ids),
    )
    return {row["command_id"]: row["device_at"] for row in rows}


async def version_before(tx: Transaction, subject_id: UUID) -> int | None:
    """The version the subject had before what this transaction did to it; None if it did nothing."""
    return await tx.fetchval(
        "SELECT min(before_version) FROM command_log"
        " WHERE subject_id = $1 AND xmin = pg_current_xact_id()::xid",
        subject_id,
    )
