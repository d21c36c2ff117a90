"""Calls on packages ask the pledger's own limits when they are accepted: none of it approved their offers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import UUID

from crisis.domain.offering import must_be_agreed
from crisis.domain.thresholds import NOTHING_OPENED, Opened, Thresholds
from crisis.store import offers, organisations, own_limits
from crisis.store.offers import OfferLineNow
from crisis.store.own_limits import Alone
from imece_chassis.database import Transaction


@dataclass(slots=True)
class OwnLimits:
    """Limits of pledgers, what their keys put up lately, and the locked lines made for calls, by line.

    `alone` collects which key agreed to which offer, for those after it and to be written.
    """

    limits: Mapping[UUID, Thresholds] = field(default_factory=dict[UUID, Thresholds])
    called: Mapping[UUID, OfferLineNow] = field(default_factory=dict[UUID, OfferLineNow])
    opened: Alone = field(default_factory=dict[tuple[UUID, UUID], Opened])
    alone: dict[UUID, UUID] = field(default_factory=dict[UUID, UUID])

    def must_allow(self, offer_line_id: UUID, quantity: Decimal, key_id: UUID) -> None:
        """Count so much of a call in, in the offer's unit. Raises CallAboveOwnThreshold, SameKey."""
        now = self.called.get(offer_line_id)
        if now is None or now.offer.org_id not in self.limits:
            return
        at = (key_id, now.offer.crisis_id)
        given, beside = replace(now.line, qty=quantity), self.opened.get(at, NOTHING_OPENED)
        must_be_agreed(now.offer, given, self.limits[now.offer.org_id], beside, key_id)
        if now.offer.asked_by_key is None:
            self.opened[at] = beside.and_these([given])
            self.alone[now.offer.offer_id] = key_id


async def read_own_limits(tx: Transaction, called: Iterable[tuple[UUID, UUID, UUID]]) -> OwnLimits:
    """For calls to be accepted, each its offer line, pledger and key; reads nothing where there is none."""
    wanted = list(called)
    if not wanted:
        return OwnLimits()
    limits = await organisations.thresholds_of(tx, sorted({org_id for _, org_id, _ in wanted}))
    asked = [(line_id, key_id) for line_id, org_id, key_id in wanted if org_id in limits]
    if not asked:
        return OwnLimits()
    return OwnLimits(
        limits,
        await offers.read_offered(tx, sorted({line_id for line_id, _ in asked})),
        await own_limits.opened_alone(tx, sorted({key_id for _, key_id in asked})),
    )
