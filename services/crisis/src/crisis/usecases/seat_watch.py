"""SeatWatch and EndWatch: who sits at a desk, when; a person is an opaque reference, on one seat at once."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from crisis import events
from crisis.domain.desks import Desk, Watch
from crisis.domain.refusals import NotFound, WatchIdTaken, WatchOverlaps
from crisis.domain.tasks import Seat
from crisis.store import command_log, desks
from crisis.usecases.authority import DESKS, SECRETARIAT, acting_role
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Restart, Transaction

SUBJECT = "watch"
HOST = "desk_host"


@dataclass(frozen=True, slots=True)
class SeatWatch:
    """`since` until just before `until`; `watch_id` is the caller's own choice, or None."""

    desk_id: UUID
    seat: Seat
    person_ref: str
    since: datetime
    until: datetime
    watch_id: UUID | None = None


async def seat_watch(tx: Transaction, command: SeatWatch, caller: Caller, tools: Tools) -> Watch:
    """The watch; the same one with the same id is returned as it is.

    Raises NotFound, RoleMissing, DeskClosed, PeriodInvalid, WatchIdTaken, WatchOverlaps.
    """
    desk = await desks.read(tx, command.desk_id)
    if desk is None:
        raise NotFound(kind="desk", id=str(command.desk_id))
    role = host_role(caller, desk)
    watch = Watch(
        watch_id=command.watch_id or tools.new_id(),
        desk_id=desk.desk_id,
        is_drill=desk.is_drill,
        seat=command.seat,
        person_ref=command.person_ref,
        since=command.since,
        until=command.until,
    )
    await desks.take_turn(tx, watch)
    if command.watch_id is not None and (known := await desks.read_watch(tx, command.watch_id)) is not None:
        if replace(known, version=watch.version) != watch:
            raise WatchIdTaken(watch_id=str(watch.watch_id))
        return known
    desk.must_be_active()
    other = await desks.overlapping(tx, watch)
    if other is not None:
        raise WatchOverlaps(
            watch=str(other.watch_id),
            since=other.since.isoformat(),
            until=other.until.isoformat(),
            same="person" if other.person_ref == watch.person_ref else "seat",
        )
    if not await desks.seat_watch(tx, watch):
        raise Restart
    story = story_of(caller, role, tools.new_id(), desk.crisis_id, desk.is_drill, tools.clock.now())
    await command_log.record(tx, [audit(story, caller, "seat_watch", SUBJECT, watch.watch_id, (0, 1))])
    await outbox.append(tx, events.watch_changed(watch, desk, "seated", story))
    return watch


async def end_watch(tx: Transaction, watch_id: UUID, caller: Caller, tools: Tools) -> Watch | None:
    """The watch as kept until now; None when it had not begun and is gone.

    Raises NotFound, RoleMissing, WatchEnded.
    """
    watch = await desks.read_watch(tx, watch_id, is_locked=True)
    desk = None if watch is None else await desks.read(tx, watch.desk_id)
    if watch is None or desk is None:
        raise NotFound(kind="watch", id=str(watch_id))
    role = host_role(caller, desk)
    now = tools.clock.now()
    after = watch.ended(now)
    if after is None:
        await desks.forget_watch(tx, watch_id)
    else:
        await desks.shorten_watch(tx, after)
    story = story_of(caller, role, tools.new_id(), desk.crisis_id, desk.is_drill, now)
    versions = (watch.version, watch.version + 1)
    await command_log.record(tx, [audit(story, caller, "end_watch", SUBJECT, watch_id, versions)])
    await outbox.append(tx, events.watch_changed(after or watch.cancelled(), desk, "ended", story))
    return after


async def duty(
    tx: Transaction,
    caller: Caller,
    at: datetime,
    desk_id: UUID | None,
    after: tuple[UUID, str] | None,
    limit: int,
) -> list[tuple[Desk, Watch]]:
    """Who sits where at a moment, after (desk, seat): everywhere for desks, at their own for others."""
    is_desk = any(caller.has_role(role) for role in DESKS)
    host = None if is_desk else caller.organisation_id
    return await desks.on_duty(tx, at, desk_id, host, after, limit)


def host_role(caller: Caller, desk: Desk) -> str:
    """The secretariat's role, or that of the organisation that hosts the desk. Raises RoleMissing."""
    if desk.host_org_id == caller.organisation_id:
        return HOST
    return acting_role(caller, (SECRETARIAT,), crisis_id=desk.crisis_id)
