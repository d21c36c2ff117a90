"""ProposeBundle: several need lines are promised what they miss as one; all rows are made or none is.

Each row is decided as a pledge by itself, against the figures the rows before it left; the goods of all come
from one offer, made here or open already.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from crisis import events
from crisis.domain.bundles import Bundle, due_together, version_of
from crisis.domain.crises import must_be_open
from crisis.domain.offers import Offer
from crisis.domain.pledges import PledgeRequest
from crisis.domain.refusals import BundleDoesNotFit, NotFound, RoleMissing
from crisis.domain.refusals.bundles import ROW_REFUSALS, RowRefusal
from crisis.store import bundles, command_log, ledger, offers
from crisis.usecases.bundle_offer import made, named
from crisis.usecases.pledge_ground import read_ground
from crisis.usecases.propose_allocations import Promised, decide, for_desks, logged, write
from crisis.usecases.silent_desk import watch_desk
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class ProposeBundle:
    """`rows` are pledges of the caller's organisation.

    With `offer_id` each names a line of that offer; otherwise one offer is made of them.
    """

    bundle_id: UUID
    crisis_id: UUID
    rows: tuple[PledgeRequest, ...]
    caller: Caller
    offer_id: UUID | None = None
    traceparent: str | None = None
    device_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    """One pledge of it, with all that a decision asks for."""

    crisis_id: UUID
    pledge: PledgeRequest
    caller: Caller
    traceparent: str | None = None
    device_at: datetime | None = None


async def propose_bundle(tx: Transaction, command: ProposeBundle, tools: Tools) -> None:
    """Raises NotFound, RoleMissing, CrisisNotOpen, UnknownPlace, AboveOwnThreshold, RowsOfOneOffer, and
    BundleDoesNotFit naming every row that a pledge by itself would be refused for."""
    now = tools.clock.now()
    asked = [replace(row, bundle_id=command.bundle_id) for row in command.rows]
    ground = await read_ground(tx, [(command.crisis_id, row) for row in asked], now)
    crisis = ground.crises.get(command.crisis_id)
    if crisis is None:
        raise NotFound(kind="crisis", id=str(command.crisis_id))
    must_be_open(crisis)
    refused: dict[int, RowRefusal] = {}
    if command.offer_id is None:
        offer = made(asked, crisis, ground, refused, tools)
    else:
        offer = named(asked, command.offer_id, crisis, ground, refused)
    promised: list[Promised] = []
    audits: list[command_log.Command] = []
    for at, row in enumerate(asked):
        if at in refused:
            continue
        wanted = _Row(command.crisis_id, row, command.caller, command.traceparent, command.device_at)
        try:
            done = await decide(tx, wanted, ground, tools)
        except ROW_REFUSALS as refusal:
            refused[at] = refusal
            continue
        ground.take(done.pledge)
        promised.append(done)
        audits += logged(wanted, done)
    if refused:
        raise _refusal(asked, refused)
    together = due_together([done.pledge for done in promised])
    promised = [replace(done, pledge=pledge) for done, pledge in zip(promised, together, strict=True)]
    await _write(tx, command, offer, promised, audits, now, tools)
    await watch_desk(tx, for_desks(promised, ground), now)


def _refusal(asked: Sequence[PledgeRequest], refused: dict[int, RowRefusal]) -> Exception:
    """Who may not pledge there at all hears that; otherwise every row is named."""
    if len(refused) == len(asked) and all(isinstance(each, RoleMissing) for each in refused.values()):
        return refused[0]
    return BundleDoesNotFit(
        [
            ({"row": at, "need_line_id": str(asked[at].need_line_id)}, refusal)
            for at, refusal in sorted(refused.items())
        ]
    )


async def _write(
    tx: Transaction,
    command: ProposeBundle,
    offer: Offer,
    promised: Sequence[Promised],
    audits: Sequence[command_log.Command],
    now: datetime,
    tools: Tools,
) -> None:
    caller, role = command.caller, promised[0].story.actor_role
    story = story_of(caller, role, tools.new_id(), offer.crisis_id, offer.is_drill, now)
    if command.offer_id is None:
        await offers.insert(tx, [offer])
        opened = {(line.offer_line_id, offer.is_drill): line.qty for line in offer.lines}
        await ledger.post(tx, [], opened_supply=opened)
        await outbox.append(tx, events.offer_opened(offer, story))
    bundle = Bundle(
        bundle_id=command.bundle_id,
        crisis_id=offer.crisis_id,
        is_drill=offer.is_drill,
        org_id=offer.org_id,
        offer_id=offer.offer_id,
        row_count=len(promised),
        made_at=now,
    )
    await bundles.insert(tx, bundle)
    versions = (0, version_of(done.pledge.row for done in promised))
    whole = audit(
        story,
        caller,
        "propose_bundle",
        bundles.SUBJECT,
        bundle.bundle_id,
        versions,
        device_at=command.device_at,
    )
    await write(tx, promised, [whole, *audits])
