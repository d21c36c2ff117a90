"""PledgePackage: all of a package that a need asks for and no other offer holds is promised with one tap.

The package becomes one offer, and each of its lines that fits one proposal: decided as any pledge of goods of
an offer that exists, and held at once where no person is needed for that.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from crisis import events
from crisis.domain.allocations import Side
from crisis.domain.auto_accept import may_be_taken
from crisis.domain.balances import OfferBalance
from crisis.domain.crises import Crisis
from crisis.domain.lines import Line
from crisis.domain.offering import by_one_key, must_be_below
from crisis.domain.offers import Offer, OfferLine
from crisis.domain.packages import Package, matches, offer_from, what_is_left
from crisis.domain.pledges import Pledge, PledgeRequest, pledged, taken_at_once
from crisis.domain.supplies import Supply
from crisis.domain.units import plain
from crisis.events import Story
from crisis.store import allocations, command_log, ledger, offers, organisations, own_limits, packages
from crisis.usecases.allocation_step import doing_on
from crisis.usecases.authority import PLEDGERS, SYSTEM, acting_role
from crisis.usecases.need_step import seen as seen_need
from crisis.usecases.offer_step import locked_crisis, must_be_active
from crisis.usecases.orders import must_not_be_saturated
from crisis.usecases.package_step import owner_role, seen
from crisis.usecases.pledge_ground import Ground, read_ground
from crisis.usecases.silent_desk import watch_desk
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Restart, Transaction
from imece_contracts.envelope import Envelope


@dataclass(frozen=True, slots=True)
class Row:
    """One pledge with its line; `alone` is the story of the accept that followed by itself."""

    pledge: Pledge
    line: Line
    alone: Story | None


@dataclass(frozen=True, slots=True)
class PackagePledged:
    """The offer a package became, and one row per line of the need it goes to."""

    offer: Offer
    rows: tuple[Row, ...]


async def pledge_package(
    tx: Transaction, package_id: UUID, need_id: UUID, caller: Caller, tools: Tools
) -> PackagePledged:
    """The offer and its proposals, waitlisted where a line has no room.

    Raises NotFound, RoleMissing, PackageStale, PackageRetired, PackageDoesNotFit, BestBeforePast,
    SupplyExceeded, AboveOwnThreshold, OrganisationMayNotAct, Saturated and what
    `domain.pledges.pledged` does.
    """
    owner_role(caller, await seen(tx, package_id, caller))
    need = await seen_need(tx, need_id, caller)
    role = acting_role(caller, PLEDGERS, place=need.district, crisis_id=need.crisis_id)
    crisis = await locked_crisis(tx, need.crisis_id)
    package = await packages.read(tx, package_id, is_locked=True)
    assert package is not None
    now = tools.clock.now()
    asked = [PledgeRequest(line.need_line_id, package.org_id, "", "") for line in need.lines]
    ground = await read_ground(tx, [(crisis.crisis_id, request) for request in asked], now)
    if any(line.need_id != need_id for line in ground.lines.values()):
        raise Restart
    story = story_of(caller, role, tools.new_id(), crisis.crisis_id, crisis.is_drill, now)
    pairs = matches(package, [ground.lines[line.need_line_id] for line in need.lines])
    left = what_is_left(pairs, await packages.promised(tx, package, is_drill=crisis.is_drill))
    offer = offer_from(package, [(given, qty) for given, qty, _ in left], crisis, now, tools.new_id)
    offer = await _allowed(tx, package, offer, [line for *_, line in left], caller.key_id)
    rows = tuple(
        _row(offer, given, line, crisis, ground, story, tools)
        for given, (*_, line) in zip(offer.lines, left, strict=True)
    )
    await _write(tx, offer, rows, caller, story)
    waiting = [(crisis, row.line) for row in rows if row.pledge.row.awaiting is Side.ASKER_SIDE]
    await watch_desk(tx, waiting, now)
    return PackagePledged(offer, rows)


async def _allowed(
    tx: Transaction, package: Package, offer: Offer, lines: Sequence[Line], key_id: UUID
) -> Offer:
    """The offer, if one key may put it up and nothing stops its goods."""
    await must_be_active(tx, package.org_id)
    thresholds = await organisations.thresholds_in_force(tx, package.org_id)
    if thresholds.are_stated:
        must_be_below(thresholds, offer.lines, await own_limits.opened_by(tx, key_id, offer.crisis_id))
    for given, line in zip(offer.lines, lines, strict=True):
        await must_not_be_saturated(
            tx, line.crisis_id, given.item_code, line.district, line.urgency, origin=package.origin
        )
    return by_one_key(offer, thresholds, key_id)


def _row(
    offer: Offer, given: OfferLine, line: Line, crisis: Crisis, ground: Ground, story: Story, tools: Tools
) -> Row:
    """One pledge; each line of a need appears once, so no balance moves twice."""
    supply = Supply(offer, given, OfferBalance(given.offer_line_id, given.qty))
    balance = ground.balances[line.need_line_id]
    request = PledgeRequest(line.need_line_id, offer.org_id, plain(given.qty), given.unit, offer.origin)
    pledge = pledged(request, crisis, line, balance, doing_on(balance, story, tools.new_id), supply)
    pledge = replace(pledge, allocation=replace(pledge.allocation, pack=given.pack))
    standing = ground.standing(crisis.crisis_id, offer.org_id)
    if not may_be_taken(pledge.allocation, crisis, line, pledge.balance, standing):
        return Row(pledge, line, None)
    alone = replace(story, command_id=tools.new_id(), actor_org_id=None, actor_role=SYSTEM)
    return Row(
        taken_at_once(pledge, line, crisis, doing_on(pledge.balance, alone, tools.new_id)), line, alone
    )


async def _write(tx: Transaction, offer: Offer, rows: Sequence[Row], caller: Caller, story: Story) -> None:
    await offers.insert(tx, [offer])
    await allocations.insert(tx, [row.pledge.row for row in rows])
    await ledger.post(
        tx,
        [entry for row in rows for entry in row.pledge.entries],
        opened_supply={(line.offer_line_id, offer.is_drill): line.qty for line in offer.lines},
    )
    logged = [audit(story, caller, "pledge_package", offers.SUBJECT, offer.offer_id, (0, offer.version))]
    told: list[Envelope] = [events.offer_opened(offer, story)]
    for row in rows:
        pledge, line, alone = row.pledge, row.line, row.alone
        vector = events.vector(line, pledge.balance)
        told.append(events.pledge_made(pledge.allocation, line, pledge.balance, vector, story))
        if alone is not None:
            taken = [pledge.row]
            told.append(
                events.allocation_moved(pledge.allocation, taken, line, pledge.after, alone, is_auto=True)
            )
            logged.append(audit(alone, None, "auto_accept", "allocation", pledge.allocation.root_id, (1, 2)))
    await command_log.record(tx, logged)
    await outbox.append(tx, *told)
