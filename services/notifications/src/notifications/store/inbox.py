"""An organisation's inbox: its notices, newest first, and which of them were read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from imece_chassis.database import Transaction
from imece_chassis.ids import BEYOND_ALL


@dataclass(frozen=True, slots=True)
class Entry:
    """One notice with what its text needs."""

    notice_id: UUID
    event_id: UUID
    kind: str
    event_type: str
    notice_class: str
    crisis_id: UUID | None
    crisis_no: str | None
    crisis_title: Mapping[str, str]
    params: Mapping[str, object]
    sequence: int
    is_drill: bool
    occurred_at: datetime
    created_at: datetime
    read_at: datetime | None


async def page(
    tx: Transaction, recipient_id: UUID, *, is_unread_only: bool, before: UUID | None, limit: int
) -> list[Entry]:
    """Notices delivered into the inbox, older than `before`."""
    rows = await tx.fetch(
        """SELECT n.notice_id, n.event_id, n.kind, n.event_type, n.class, n.crisis_id, k.crisis_no,
                  k.title::text AS crisis_title, n.params::text AS params, n.sequence, n.is_drill,
                  n.occurred_at, n.created_at, n.read_at
             FROM notify.notices n
             LEFT JOIN notify.crises k USING (crisis_id)
            WHERE n.recipient_id = $1 AND n.notice_id < $2
              AND (NOT $3 OR n.read_at IS NULL)
            ORDER BY n.notice_id DESC LIMIT $4""",
        recipient_id,
        before or BEYOND_ALL,
        is_unread_only,
        limit,
    )
    return [
        Entry(
            notice_id=row["notice_id"],
            event_id=row["event_id"],
            kind=row["kind"],
            event_type=row["event_type"],
            notice_class=row["class"],
            crisis_id=row["crisis_id"],
            crisis_no=row["crisis_no"],
            crisis_title=json.loads(row["crisis_title"]) if row["crisis_title"] else {},
            params=json.loads(row["params"]),
            sequence=row["sequence"],
            is_drill=row["is_drill"],
            occurred_at=row["occurred_at"],
            created_at=row["created_at"],
            read_at=row["read_at"],
        )
        for row in rows
    ]


async def unread(tx: Transaction, recipient_id: UUID) -> int:
    """How many notices nobody has read; counted up to 1,000."""
    return await tx.fetchval(
        """SELECT count(*) FROM (SELECT FROM notify.notices
                                  WHERE recipient_id = $1 AND read_at IS NULL LIMIT 1000) AS n""",
        recipient_id,
    )


async def mark_read(tx: Transaction, recipient_id: UUID, notice_id: UUID) -> datetime | None:
    """Remember the first reading, move the inbox delivery to read; its time, or None for no such notice."""
    read_at = await tx.fetchval(
        """UPDATE notify.notices SET read_at = coalesce(read_at, now())
            WHERE recipient_id = $1 AND notice_id = $2 RETURNING read_at""",
        recipient_id,
        notice_id,
    )
    if read_at is not None:
        await tx.execute(
            """UPDATE notify.deliveries SET state = 'read'
                WHERE notice_id = $1 AND channel = 'inbox' AND state = 'delivered'""",
            notice_id,
        )
    return read_at
