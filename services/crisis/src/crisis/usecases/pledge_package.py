"""PledgePackage: all of a package that a need asks for is promised with one tap."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from crisis import events
from crisis.domain.allocations import Allocation, entry_of
from crisis.domain.answers import Doing
from crisis.domain.balances import NeedBalance
from crisis.domain.crises import Crisis
from crisis.domain.ledger import Entry, need_after
from crisis.domain.lines import Line
from crisis.domain.offers import Offer, OfferLine
from crisis.domain.packages import Package, matches, offer_from
from crisis.domain.proposals import Terms, must_be_possible, proposed
from crisis.domain.ratios import ratio_between
from crisis.domain.refusals import AboveOwnThreshold, NotFound
from crisis.domain.units import plain
from crisis.events import Story
from crisis.store import allocations, command_log, ledger, lines, needs, offers, organisations, packages
from crisis.usecases.authority import PLEDGERS, acting_role
from crisis.usecases.offer_step import locked_crisis, must_be_active
from crisis.usecases.orders import must_not_be_saturated
from crisis.usecases.package_step import owner_role, seen
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Restart, Transaction
from imece_contracts.envelope import Envelope


@dataclass(frozen=True, slots=True)
class Row:
    """One new allocation with its line and the line's balance after it."""

    allocation: Allocation
    line: Line
    balance: NeedBalance


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
    AboveOwnThreshold, OrganisationMayNotAct, Saturated and what `domain.proposals.must_be_possible` does.
    """
    owner_role(caller, await seen(tx, package_id, caller))
    need = await needs.read(tx, need_id)
    if need is None:
        raise NotFound(kind="need", id=str(need_id))
    role = acting_role(caller, PLEDGERS, place=need.district, crisis_id=need.crisis_id)
    crisis = await locked_crisis(tx, need.crisis_id)
    package = await packages.read(tx, package_id, is_locked=True)
    assert package is not None
    balances = await lines.lock_needs(tx, [line.need_line_id for line in need.lines])
    known = await lines.read(tx, list(balances))
    if any(line.need_id != need_id for line in known.values()):
        raise Restart
    wanted = [known[line.need_line_id] for line in need.lines]
    story = story_of(caller, role, tools.new_id(), crisis.crisis_id, crisis.is_drill, tools.clock.now())
    pairs = matches(package, wanted)
    offer = offer_from(package, [(given, given.qty) for given, _ in pairs], crisis, story.at, tools.new_id)
    await _must_be_allowed(tx, package, offer, pairs)
    rows, entries = _proposed(offer, [line for _, line in pairs], crisis, balances, story, tools)
    await _write(tx, offer, rows, entries, caller, story)
    return PackagePledged(offer, rows)


async def _must_be_allowed(
    tx: Transaction, package: Package, offer: Offer, pairs: Sequence[tuple[OfferLine, Line]]
) -> None:
    await must_be_active(tx, package.org_id)
    thresholds = await organisations.thresholds(tx, package.org_id)
    if thresholds.are_passed_by(offer.lines):
        largest = max(offer.lines, key=lambda line: line.qty)
        raise AboveOwnThreshold(quantity=plain(largest.qty), unit=largest.unit)
    for given, line in pairs:
        await must_not_be_saturated(
            tx, line.crisis_id, given.item_code, line.district, line.urgency, origin=package.origin
        )


def _proposed(
    offer: Offer,
    wanted: Sequence[Line],
    crisis: Crisis,
    balances: dict[UUID, NeedBalance],
    story: Story,
    tools: Tools,
) -> tuple[tuple[Row, ...], list[Entry]]:
    """One proposal per pair; each line of a need appears once, so no balance moves twice."""
    rows: list[Row] = []
    entries: list[Entry] = []
    for given, line in zip(offer.lines, wanted, strict=True):
        balance = balances[line.need_line_id]
        doing = Doing(
            story.command_id,
            story.actor_org_id,
            story.actor_role,
            story.at,
            balance.version + 1,
            tools.new_id,
        )
        terms = Terms(offer, given, given.qty, given.pack, ratio_between(given.item_code, line))
        must_be_possible(terms, crisis, line, balance, doing)
        allocation = proposed(terms, crisis, line, balance, doing)
        entry = entry_of(allocation, None, doing.command_id, doing.line_version)
        rows.append(Row(allocation, line, need_after(balance, [entry]).told()))
        entries.append(entry)
    return tuple(rows), entries


async def _write(
    tx: Transaction, offer: Offer, rows: Sequence[Row], entries: Sequence[Entry], caller: Caller, story: Story
) -> None:
    await offers.insert(tx, [offer])
    await allocations.insert(tx, [row.allocation for row in rows])
    await ledger.post(
        tx,
        entries,
        opened_supply={(line.offer_line_id, offer.is_drill): line.qty for line in offer.lines},
    )
    logged = audit(story, caller, "pledge_package", offers.SUBJECT, offer.offer_id, (0, offer.version))
    await command_log.record(tx, [logged])
    told: list[Envelope] = [events.offer_opened(offer, story)]
    for row in rows:
        vector = events.vector(row.line, row.balance)
        told.append(events.pledge_made(row.allocation, row.line, row.balance, vector, story))
    await outbox.append(tx, *told)
