"""Clocks of another service and the notices that tell of them. Changed only under the lock of their clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from imece_chassis.database import Transaction
from imece_chassis.ids import uuid7
from notifications.domain.audience import Addressee, Fact
from notifications.domain.clocks import ClockNotice
from notifications.domain.kinds import Channel
from notifications.domain.lifecycle import State
from notifications.domain.reach import Contact, Reach
from notifications.store.statements import statement


@dataclass(slots=True)
class Locked:
    """Versions of locked clocks, and the database's time after the locks were taken."""

    versions: dict[UUID, int]
    at: datetime


async def write(tx: Transaction, pairs: Sequence[tuple[Fact, Addressee]]) -> None:
    """Remember that organisations are told of clocks that wait for them; repeats change nothing."""
    told = {
        (fact.event_id, addressee.organisation_id): (
            uuid7(),
            fact.clock.deadline_ref,
            fact.event_id,
            addressee.organisation_id,
            fact.kind,
            fact.crisis_id,
            fact.subject,
            fact.clock.milestone,
            fact.is_drill,
            fact.occurred_at,
        )
        for fact, addressee in pairs
        if fact.clock is not None and addressee.is_awaited
    }
    if told:
        columns = (list(column) for column in zip(*told.values(), strict=True))
        await tx.execute(statement("insert_clock_notices"), *columns)


async def lock(tx: Transaction, notice_ids: Sequence[UUID]) -> Locked | None:
    """The clocks behind these notices, locked; None when they speak of none."""
    rows = await tx.fetch(statement("lock_clocks"), list(notice_ids))
    if not rows:
        return None
    return Locked({row["deadline_ref"]: row["version"] for row in rows}, max(row["at"] for row in rows))


async def notices_of(
    tx: Transaction, notice_ids: Sequence[UUID]
) -> list[tuple[ClockNotice, tuple[Contact, ...]]]:
    """What these notices tell of clocks, each with all its contacts; read it under the clocks' locks."""
    contacts: dict[UUID, list[Contact]] = {}
    found: dict[UUID, ClockNotice] = {}
    for row in await tx.fetch(statement("clock_notices_of"), list(notice_ids)):
        key = row["clock_notice_id"]
        found.setdefault(key, _notice(row))
        contacts.setdefault(key, []).append(
            Contact(
                channel=Channel(row["channel"]),
                state=State(row["state"]),
                has_failed=row["has_failed"],
                due_at=row["due_at"],
                exhausted_by=row["exhausted_by"],
            )
        )
    return [(notice, tuple(contacts[key])) for key, notice in found.items()]


async def move(tx: Transaction, reached: dict[UUID, Reach], versions: dict[UUID, int], at: datetime) -> None:
    """Bring notices of locked clocks to where they are now, and the clocks to their new versions."""
    await tx.execute(
        """UPDATE notify.clock_notices t SET reach = moved.reach, reach_since = $3
             FROM unnest($1::uuid[], $2::text[]) AS moved (clock_notice_id, reach)
            WHERE t.clock_notice_id = moved.clock_notice_id""",
        list(reached),
        [reach.value for reach in reached.values()],
        at,
    )
    await tx.execute(
        """UPDATE notify.clocks c SET version = counted.version
             FROM unnest($1::uuid[], $2::bigint[]) AS counted (deadline_ref, version)
            WHERE c.deadline_ref = counted.deadline_ref""",
        list(versions),
        list(versions.values()),
    )


def _notice(row: Any) -> ClockNotice:
    return ClockNotice(
        clock_notice_id=row["clock_notice_id"],
        deadline_ref=row["deadline_ref"],
        event_id=row["event_id"],
        organisation_id=row["organisation_id"],
        kind=row["kind"],
        crisis_id=row["crisis_id"],
        subject=row["subject"],
        milestone=row["milestone"],
        is_drill=row["is_drill"],
        reach=Reach(row["reach"]),
        is_superseded=row["is_superseded"],
    )
