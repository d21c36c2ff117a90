"""FollowReach: what became of deliveries decides whether an organisation was reached; others are told.

Runs in the transaction that changed the deliveries, after them: deliveries are locked before clocks. What is
published about one clock has one order, however many notices speak of it.
"""

from collections.abc import Sequence
from uuid import UUID

from imece_chassis import outbox
from imece_chassis.database import Transaction
from imece_contracts.envelope import Envelope
from notifications import events, metrics
from notifications.domain.reach import Reach, judge
from notifications.store import clocks


async def follow_reach(tx: Transaction, notice_ids: Sequence[UUID]) -> int:
    """Publish what is new about the clocks these notices speak of; how many notices moved on."""
    locked = await clocks.lock(tx, notice_ids) if notice_ids else None
    if locked is None:
        return 0
    moved: dict[UUID, Reach] = {}
    told: list[Envelope] = []
    for notice, contacts in await clocks.notices_of(tx, notice_ids):
        judged = judge(contacts)
        is_late_failure = notice.is_superseded and judged.reach is not Reach.DELIVERED
        if judged.reach.rank <= notice.reach.rank or is_late_failure:
            continue
        moved[notice.clock_notice_id] = judged.reach
        locked.versions[notice.deadline_ref] += 1
        version = locked.versions[notice.deadline_ref]
        told.append(events.told(notice, judged, version=version, at=locked.at))
    if told:
        await clocks.move(tx, moved, locked.versions, locked.at)
        await outbox.append(tx, *told)
        tx.after_commit(lambda: _count(moved))
    return len(told)


def _count(moved: dict[UUID, Reach]) -> None:
    for reach in moved.values():
        metrics.reach_total.labels(reach.value).inc()
