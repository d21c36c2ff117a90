"""Packages and their lines."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from crisis.domain.offers import OfferLine
from crisis.domain.packages import Package, PackageClock, PackageState, PackageTimer
from crisis.domain.reasons import STOCK_GONE
from crisis.domain.states import BUCKETS, SupplyBucket
from crisis.store.offers import earmark_json, line_of
from crisis.store.packs import pack_json
from crisis.store.queries import query
from imece_chassis.database import Transaction
from imece_chassis.deadlines import Deadline, cancel, schedule
from imece_chassis.ids import BEYOND_ALL
from imece_chassis.selection import Selection

SUBJECT = "package"

_GIVEN = [state for state, (_, supply) in BUCKETS.items() if supply is SupplyBucket.CONSUMED]

# Was it checked lately, by an organisation that is active?
_IS_READY = """package.state = 'verified' AND package.verify_due_at > {}
   AND NOT EXISTS (SELECT FROM organisation_standings AS standing
                    WHERE standing.org_id = package.org_id AND standing.state <> 'active')"""
_HOLDS = """EXISTS (SELECT FROM package_lines AS line
                WHERE line.package_id = package.package_id AND line.item_code = {})"""


async def insert(tx: Transaction, package: Package) -> None:
    """Write a new package with its lines and its clock."""
    assert package.clock is not None
    await tx.execute(
        "INSERT INTO packages (package_id, is_drill, org_id, origin, has_transport, ready_within_minutes,"
        " state, verified_at, verify_due_at, deadline_id, told, version)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        package.package_id,
        package.is_drill,
        package.org_id,
        package.origin,
        package.has_transport,
        package.ready_within_minutes,
        package.state,
        package.verified_at,
        package.verify_due_at,
        package.clock.deadline_id,
        package.told,
        package.version,
    )
    await _insert_lines(tx, package)
    await schedule(tx, _deadline(package, package.clock))


async def update(tx: Transaction, before: Package, after: Package) -> None:
    """Write a locked package as it is after one step: the old clock stops, the new one runs."""
    if before.clock is not None:
        await cancel(tx, before.clock.deadline_id)
    await tx.execute(
        "UPDATE packages SET state = $3, verified_at = $4, verify_due_at = $5, deadline_id = $6, told = $7,"
        " version = $8 WHERE package_id = $1 AND is_drill = $2",
        after.package_id,
        after.is_drill,
        after.state,
        after.verified_at,
        after.verify_due_at,
        after.clock.deadline_id if after.clock else None,
        after.told,
        after.version,
    )
    if after.clock is not None:
        await schedule(tx, _deadline(after, after.clock))


async def read(tx: Transaction, package_id: UUID, *, is_locked: bool = False) -> Package | None:
    """One package; `is_locked` locks it, before any offer or need line.

    Locked first and read then: one statement would show a row that was waited for without its new clock.
    """
    if is_locked:
        await tx.execute("SELECT 1 FROM packages WHERE package_id = $1 FOR UPDATE", package_id)
    return next(iter(await _packages(tx, await tx.fetch(query("read_packages"), [package_id]))), None)


async def promised(tx: Transaction, package: Package, *, is_drill: bool) -> dict[str, Decimal]:
    """Item → how much of a locked package stands in its offers, or left it since it was checked.

    In base units; live and drill offers hold nothing of each other.
    """
    found = await promised_of(tx, [package.package_id], is_drill=is_drill)
    return {item_code: qty for (_, item_code), qty in found.items()}


async def promised_of(
    tx: Transaction, package_ids: Sequence[UUID], *, is_drill: bool
) -> dict[tuple[UUID, str], Decimal]:
    """The same of many packages, by package and item; for a decision only while they are locked."""
    rows = await tx.fetch(query("promised_of_packages"), package_ids, is_drill, _GIVEN, STOCK_GONE)
    return {(row["package_id"], row["item_code"]): row["promised"] for row in rows}


async def page(
    tx: Transaction,
    *,
    org_id: UUID | None,
    item_code: str | None,
    now: datetime,
    after: UUID | None,
    limit: int,
) -> list[Package]:
    """Packages, newest first: all of one organisation, or what active organisations keep ready now."""
    chosen = (
        Selection()
        .where("package.package_id < {}", after or BEYOND_ALL)
        .where("package.org_id = {}", org_id)
        .where(_IS_READY, now if org_id is None else None)
        .where(_HOLDS, item_code)
    )
    rows = await tx.fetch(*chosen.statement(query("list_packages"), limit))
    found = await tx.fetch(query("read_packages"), [row["package_id"] for row in rows])
    known = {package.package_id: package for package in await _packages(tx, found)}
    return [known[row["package_id"]] for row in rows]


async def _insert_lines(tx: Transaction, package: Package) -> None:
    lines: Sequence[OfferLine] = package.lines
    await tx.execute(
        query("insert_package_lines"),
        package.package_id,
        package.is_drill,
        [line.offer_line_id for line in lines],
        list(range(len(lines))),
        [line.item_code for line in lines],
        [line.unit for line in lines],
        [line.qty for line in lines],
        [pack_json(line.pack) for line in lines],
        [line.step for line in lines],
        [line.lot for line in lines],
        [line.best_before for line in lines],
        [line.value.amount if line.value else None for line in lines],
        [line.value.currency if line.value else None for line in lines],
        [earmark_json(line.earmark) for line in lines],
        [line.ready_within_minutes for line in lines],
    )


async def _packages(tx: Transaction, rows: Sequence[Any]) -> list[Package]:
    lines: dict[UUID, list[OfferLine]] = {row["package_id"]: [] for row in rows}
    for line in await tx.fetch(query("read_package_lines"), list(lines)):
        lines[line["package_id"]].append(line_of(line))
    return [_package(row, tuple(lines[row["package_id"]])) for row in rows]


def _package(row: Any, lines: tuple[OfferLine, ...]) -> Package:
    deadline_id = row["deadline_id"]
    kind = row["deadline_kind"]
    return Package(
        package_id=row["package_id"],
        is_drill=row["is_drill"],
        org_id=row["org_id"],
        origin=row["origin"],
        has_transport=row["has_transport"],
        ready_within_minutes=row["ready_within_minutes"],
        lines=lines,
        state=PackageState(row["state"]),
        verified_at=row["verified_at"],
        verify_due_at=row["verify_due_at"],
        clock=PackageClock(deadline_id, PackageTimer(kind), row["due_at"]) if deadline_id else None,
        told=row["told"],
        version=row["version"],
    )


def _deadline(package: Package, clock: PackageClock) -> Deadline:
    return Deadline(clock.deadline_id, SUBJECT, package.package_id, clock.kind, clock.due_at)
