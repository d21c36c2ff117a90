"""What a batch of pledges is decided on: read and locked once, in lock order, however many they are.

Crises, doors of the need lines, the offer lines some pledges name, then need lines; what no line's lock
protects is read before them, so that nobody waits for it. An order issued meanwhile reaches the pledge by its
second walk. Figures of balances and supplies move on as pledges are decided one after another.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from crisis.domain.allocations import Allocation
from crisis.domain.auto_accept import is_switched_on
from crisis.domain.balances import NeedBalance
from crisis.domain.behalf import Represented, must_be_written_by
from crisis.domain.crises import Crisis
from crisis.domain.hoarding import UNKNOWN, Standing
from crisis.domain.lines import Line
from crisis.domain.offering import by_one_key, must_be_below
from crisis.domain.offers import Offer
from crisis.domain.orders import SaturationOrder
from crisis.domain.pledges import Pledge, PledgeRequest
from crisis.domain.refusals import NotFound
from crisis.domain.states import State
from crisis.domain.supplies import Supply
from crisis.domain.thresholds import NOTHING_OPENED, Thresholds
from crisis.store import crises, lines, offers, orders, organisations, own_limits, standings, waivers
from crisis.store.own_limits import Alone
from imece_chassis.database import Transaction


@dataclass(slots=True)
class Ground:
    """Locked: crises, supplies, balances. Read: lines, orders in force, waivers granted, standings, the
    thresholds organisations set themselves with what their keys put up alone lately, by key and crisis, and
    organisations somebody else writes for.
    """

    crises: dict[UUID, Crisis]
    supplies: dict[UUID, Supply]
    balances: dict[UUID, NeedBalance]
    lines: dict[UUID, Line]
    orders: Sequence[SaturationOrder]
    waived: set[tuple[UUID, UUID]]
    standings: dict[tuple[UUID, UUID], Standing]
    thresholds: dict[UUID, Thresholds]
    opened: Alone
    represented: Mapping[UUID, Represented] = field(default_factory=dict[UUID, Represented])

    def where(self, crisis_id: UUID, need_line_id: UUID) -> tuple[Crisis, Line]:
        """The crisis and the line in it; raises NotFound."""
        crisis = self.crises.get(crisis_id)
        if crisis is None:
            raise NotFound(kind="crisis", id=str(crisis_id))
        line = self.lines.get(need_line_id)
        if line is None or line.crisis_id != crisis.crisis_id:
            raise NotFound(kind="need line", id=str(need_line_id))
        return crisis, line

    def supply_of(self, pledge: PledgeRequest, crisis: Crisis) -> Supply | None:
        """The offer line a pledge names, if it is the pledger's own and in this crisis; raises NotFound.

        What an organisation offers itself, or another desk wrote down for it, is called, and that one agrees:
        whoever writes for it names only goods of an offer it wrote itself. Raises what `must_be_written_by`
        does.
        """
        if pledge.offer_line_id is None:
            return None
        supply = self.supplies.get(pledge.offer_line_id)
        is_own = supply is not None and supply.offer.org_id == pledge.pledger_org_id
        if supply is None or not is_own or supply.offer.crisis_id != crisis.crisis_id:
            raise NotFound(kind="offer line", id=str(pledge.offer_line_id))
        if pledge.written_by_org_id is not None:
            must_be_written_by(pledge.written_by_org_id, supply.offer.behalf, supply.offer.offer_id)
        return supply

    def standing(self, crisis_id: UUID, organisation: UUID) -> Standing:
        """The standing of a pledger; unknown where nothing is taken without a person anyway."""
        return self.standings.get((crisis_id, organisation), UNKNOWN)

    def by_one_key(self, offer: Offer, key_id: UUID) -> Offer:
        """The offer, if one key may put up its goods beside what it put up lately. Raises
        AboveOwnThreshold."""
        limits = self.thresholds.get(offer.org_id)
        must_be_below(limits, offer.lines, self.opened.get((key_id, offer.crisis_id), NOTHING_OPENED))
        return by_one_key(offer, limits, key_id)

    def take(self, pledge: Pledge) -> None:
        """Count a decided pledge in, for those after it."""
        row = pledge.allocation
        self.balances[row.need_line_id] = pledge.after
        if not pledge.is_new and row.waitlisted_at is None:
            self.supplies[row.offer_line_id] = self.supplies[row.offer_line_id].after(row.supply_qty)
        if pledge.row.state is State.HELD:
            self._hold(pledge.row)
        if pledge.is_new and pledge.offer.opened_by_key is not None:
            at = (pledge.offer.opened_by_key, row.crisis_id)
            self.opened[at] = self.opened.get(at, NOTHING_OPENED).and_these(pledge.offer.lines)

    def _hold(self, row: Allocation) -> None:
        """Count a line somebody holds from now on."""
        key = (row.crisis_id, row.pledger_org_id)
        if key in self.standings:
            self.standings[key] = self.standings[key].holding(row.need_line_id)


async def read_ground(
    tx: Transaction,
    wanted: Sequence[tuple[UUID, PledgeRequest]],
    now: datetime,
    keys: Collection[UUID] = (),
) -> Ground:
    """Lock and read for pledges in crises, by `keys`; what is unknown is absent.

    What keys put up lately is asked only where an organisation limits it.
    """
    known = await crises.lock_shared(tx, sorted({crisis_id for crisis_id, _ in wanted}))
    in_force = await orders.in_force(tx, list(known))
    pledgers = sorted({pledge.pledger_org_id for _, pledge in wanted})
    thresholds = await organisations.thresholds_of(tx, pledgers)
    spoken_for = {pledge.pledger_org_id for _, pledge in wanted if pledge.written_by_org_id is not None}
    represented = await organisations.represented(tx, sorted(spoken_for), now) if spoken_for else {}
    opened = await own_limits.opened_alone(tx, keys) if thresholds and keys else {}
    line_ids = sorted({pledge.need_line_id for _, pledge in wanted})
    await lines.enter(tx, line_ids)
    named = sorted({pledge.offer_line_id for _, pledge in wanted if pledge.offer_line_id is not None})
    if named:
        await lines.lock_supplies(tx, named)
    balances = await lines.lock_needs(tx, line_ids)
    facts = await lines.read(tx, line_ids)
    return Ground(
        crises=known,
        supplies=await _supplies(tx, named),
        balances=balances,
        lines=facts,
        orders=in_force,
        waived=await waivers.granted(tx, named, line_ids) if named else set(),
        standings=await _standings(tx, wanted, known, facts, now),
        thresholds=thresholds,
        represented=represented,
        opened=opened,
    )


async def _supplies(tx: Transaction, named: Sequence[UUID]) -> dict[UUID, Supply]:
    if not named:
        return {}
    found = await offers.read_offered(tx, named)
    return {line_id: Supply(each.offer, each.line, each.balance) for line_id, each in found.items()}


async def _standings(
    tx: Transaction,
    wanted: Sequence[tuple[UUID, PledgeRequest]],
    known: dict[UUID, Crisis],
    facts: dict[UUID, Line],
    now: datetime,
) -> dict[tuple[UUID, UUID], Standing]:
    """Only of those whose pledges might be taken without a person."""
    asked: dict[UUID, set[UUID]] = {}
    for crisis_id, pledge in wanted:
        crisis, line = known.get(crisis_id), facts.get(pledge.need_line_id)
        if crisis and line and is_switched_on(crisis, line):
            asked.setdefault(crisis_id, set()).add(pledge.pledger_org_id)
    return {
        (crisis_id, organisation): standing
        for crisis_id, organisations in asked.items()
        for organisation, standing in (
            await standings.read(tx, crisis_id, sorted(organisations), now)
        ).items()
    }
