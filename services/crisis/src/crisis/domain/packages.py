"""Packages: goods an organisation keeps ready without a crisis, a template of offers.

Once a month somebody of the organisation says with one tap that they are still there; past that date a
package is stale: nobody is shown it, and nothing is pledged or called from it until it was checked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from .balances import ZERO
from .crises import Crisis
from .lines import Line
from .offers import Offer, OfferClock, OfferLine, OfferState, OfferTimer
from .refusals import PackageDoesNotFit, PackageRetired, PackageStale, SupplyExceeded
from .shelf_life import must_keep
from .units import plain

VERIFIED_FOR = timedelta(days=30)
STALE_FOR = timedelta(days=365)


class PackageState(StrEnum):
    """Values as stored."""

    VERIFIED = "verified"
    STALE = "stale"
    RETIRED = "retired"


class PackageTimer(StrEnum):
    """What ends the silence of a package."""

    VERIFY = "package.verify"
    RETIRE = "package.retire"


PACKAGE_WAITING: Mapping[PackageState, PackageTimer] = MappingProxyType(
    {PackageState.VERIFIED: PackageTimer.VERIFY, PackageState.STALE: PackageTimer.RETIRE}
)
PACKAGE_FINISHED = frozenset({PackageState.RETIRED})


@dataclass(frozen=True, slots=True)
class PackageClock:
    """The deadline that ends a package's silence."""

    deadline_id: UUID
    kind: PackageTimer
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Package:
    """`lines` hold what each offer made of it holds; `told` counts its events."""

    package_id: UUID
    is_drill: bool
    org_id: UUID
    origin: str
    has_transport: bool
    ready_within_minutes: int | None
    lines: tuple[OfferLine, ...]
    state: PackageState
    verified_at: datetime
    verify_due_at: datetime
    clock: PackageClock | None
    told: int = 0
    version: int = 0

    def must_be_ready(self, now: datetime) -> None:
        """Raise PackageRetired or PackageStale unless its goods may be promised now."""
        self.must_not_be_retired()
        if self.state is PackageState.STALE or self.verify_due_at <= now:
            raise PackageStale(verify_due_at=self.verify_due_at.isoformat())

    def must_not_be_retired(self) -> None:
        """Raise PackageRetired."""
        if self.state is PackageState.RETIRED:
            raise PackageRetired


def verified(package: Package, now: datetime, new_id: Callable[[], UUID]) -> Package:
    """The package as just checked. Raises PackageRetired, BestBeforePast."""
    package.must_not_be_retired()
    for line in package.lines:
        must_keep(line.best_before, now)
    due = now + VERIFIED_FOR
    return replace(
        package,
        state=PackageState.VERIFIED,
        verified_at=now,
        verify_due_at=due,
        clock=PackageClock(new_id(), PackageTimer.VERIFY, due),
        told=package.told + 1,
        version=package.version + 1,
    )


def stale(package: Package, now: datetime, new_id: Callable[[], UUID]) -> Package:
    """The package nobody checked in time."""
    return replace(
        package,
        state=PackageState.STALE,
        clock=PackageClock(new_id(), PackageTimer.RETIRE, now + STALE_FOR),
        told=package.told + 1,
        version=package.version + 1,
    )


def retired(package: Package) -> Package:
    """The package as given up; whoever thought it was there hears that it is not. Raises PackageRetired."""
    package.must_not_be_retired()
    is_news = package.state is PackageState.VERIFIED
    return replace(
        package,
        state=PackageState.RETIRED,
        clock=None,
        told=package.told + is_news,
        version=package.version + 1,
    )


def offer_from(
    package: Package,
    lines: Sequence[tuple[OfferLine, Decimal]],
    crisis: Crisis,
    now: datetime,
    new_id: Callable[[], UUID],
    *,
    ends_with_call: bool = False,
) -> Offer:
    """An open offer of so much of some lines. Raises PackageRetired, PackageStale, BestBeforePast."""
    package.must_be_ready(now)
    for line, _ in lines:
        must_keep(line.best_before, now)
    until = crisis.timers.available_until(now)
    return Offer(
        offer_id=new_id(),
        crisis_id=crisis.crisis_id,
        is_drill=crisis.is_drill,
        org_id=package.org_id,
        origin=package.origin,
        available_from=now,
        available_until=until,
        has_transport=package.has_transport,
        state=OfferState.OPEN,
        lines=tuple(_copied(package, line, quantity, new_id()) for line, quantity in lines),
        clock=OfferClock(new_id(), OfferTimer.AVAILABLE, until),
        package_id=package.package_id,
        ends_with_call=ends_with_call,
        told=1,
    )


def matches(package: Package, lines: Sequence[Line]) -> list[tuple[OfferLine, Line]]:
    """Which line of the package goes to which line of a need: the same item, each once.

    Raises PackageDoesNotFit.
    """
    held = {line.item_code: line for line in reversed(package.lines)}
    found = [(held[line.item_code], line) for line in lines if line.item_code in held]
    unique = {given.offer_line_id: (given, line) for given, line in reversed(found)}
    if not unique:
        raise PackageDoesNotFit(
            items=", ".join(sorted(held)), needed=", ".join(sorted({line.item_code for line in lines}))
        )
    return list(reversed(unique.values()))


def left_of(line: OfferLine, promised: Mapping[str, Decimal]) -> Decimal:
    """What of a line no offer made of its package holds; `promised` by item, in base units."""
    return max(ZERO, line.qty - promised.get(line.item_code, ZERO))


def must_be_left(line: OfferLine, quantity: Decimal, promised: Mapping[str, Decimal]) -> None:
    """Raise SupplyExceeded unless this much of a line may still be promised."""
    free = left_of(line, promised)
    if quantity > free:
        raise SupplyExceeded(quantity=plain(quantity), free=plain(free), unit=line.unit)


def what_is_left(
    pairs: Sequence[tuple[OfferLine, Line]], promised: Mapping[str, Decimal]
) -> list[tuple[OfferLine, Decimal, Line]]:
    """Of lines matched to those of a need: how much of each goes, without those that have nothing left.

    Raises SupplyExceeded when none has.
    """
    found = [(given, left_of(given, promised), line) for given, line in pairs]
    left = [each for each in found if each[1]]
    if not left:
        given = pairs[0][0]
        must_be_left(given, given.qty, promised)
    return left


def _copied(package: Package, line: OfferLine, quantity: Decimal, line_id: UUID) -> OfferLine:
    """The line in an offer; packs are kept only while the quantity is the package's own."""
    ready = package.ready_within_minutes if line.ready_within_minutes is None else line.ready_within_minutes
    pack = (
        line.pack
        if quantity == line.qty
        else replace(line.pack, pack=line.unit, factor=Decimal(1), count=quantity)
    )
    return replace(line, offer_line_id=line_id, qty=quantity, pack=pack, ready_within_minutes=ready)
