"""I7: the sums. All is added up again from allocations, entries and revisions; balances are only compared.

Buckets of a need line: P proposed, W waiting list, H held, T in transit, A arrived, D delivered, L lost.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

import asyncpg

from tests.faults.checks.canonical import plain

BUCKET = {
    "proposed": "P",
    "countered": "P",
    "waitlisted": "W",
    "held": "H",
    "dispatched": "T",
    "arrived": "A",
    "confirmed": "D",
    "return_due": "D",
    "damaged": "L",
    "short": "L",
}
SUPPLY = {
    "proposed": "reserved",
    "countered": "reserved",
    "held": "committed",
    "dispatched": "committed",
    "arrived": "committed",
    "returning": "committed",
    "confirmed": "consumed",
    "return_due": "consumed",
    "damaged": "consumed",
    "short": "consumed",
    "returned": "consumed",
    "written_off": "consumed",
}
COUNTED = ("H", "T", "A", "D")
COLUMN = {
    "P": "proposed",
    "W": "waitlisted",
    "H": "held",
    "T": "in_transit",
    "A": "arrived",
    "D": "good",
    "L": "lost",
}
WAITING = ("proposed", "countered", "waitlisted", "held", "dispatched", "arrived", "return_due", "returning")

ALLOCATIONS = """
    SELECT allocation_id::text, root_id::text, need_line_id::text, offer_line_id::text, state, qty,
           supply_qty, root_supply_qty, deadline_id
    FROM allocations
"""
ENTRIES = """
    SELECT need_line_id::text, line_version, allocation_id::text, from_state, to_state, qty
    FROM allocation_entries ORDER BY need_line_id, line_version
"""
REVISIONS = """
    SELECT need_line_id::text, version, requested, over_cap, line_version
    FROM need_line_revisions ORDER BY need_line_id, version
"""
BALANCES = """
    SELECT need_line_id::text, requested, over_cap, elsewhere, carried_excess, proposed, waitlisted, held,
           in_transit, arrived, good, lost, version
    FROM need_line_balances
"""
STATEMENTS = """
    SELECT need_line_id::text, qty FROM elsewhere_statements WHERE revoked_at IS NULL
"""
OFFER_BALANCES = "SELECT offer_line_id::text, qty, reserved, committed, consumed FROM offer_line_balances"
PENDING = "SELECT deadline_id FROM deadlines WHERE state = 'pending'"

Sums = dict[str, dict[str, Decimal]]


@dataclass(frozen=True)
class Rows:
    """One snapshot of the ledger's tables."""

    allocations: list[asyncpg.Record]
    entries: list[asyncpg.Record]
    revisions: list[asyncpg.Record]
    statements: list[asyncpg.Record]
    balances: list[asyncpg.Record]
    offer_balances: list[asyncpg.Record]
    pending: set[object]


async def read(connection: asyncpg.Connection) -> Rows:
    """All tables as of one moment; also under load."""
    async with connection.transaction(isolation="repeatable_read"):
        pending = await connection.fetch(PENDING)
        return Rows(
            await connection.fetch(ALLOCATIONS),
            await connection.fetch(ENTRIES),
            await connection.fetch(REVISIONS),
            await connection.fetch(STATEMENTS),
            await connection.fetch(BALANCES),
            await connection.fetch(OFFER_BALANCES),
            {row["deadline_id"] for row in pending},
        )


async def sums_hold(connection: asyncpg.Connection) -> list[str]:
    """I7 with its parts: cap, supply, conservation, balances, and a clock for whatever waits."""
    rows = await read(connection)
    return [
        *_cap_at_every_step(rows),
        *_balances_are_sums(rows),
        *_supply(rows),
        *_conservation(rows),
        *_nothing_waits_for_ever(rows),
    ]


def need_sums(rows: Rows) -> Sums:
    """Line → bucket → quantity, added up from the rows as they are now."""
    sums: Sums = defaultdict(lambda: defaultdict(Decimal))
    for row in rows.allocations:
        if row["state"] in BUCKET:
            sums[row["need_line_id"]][BUCKET[row["state"]]] += row["qty"]
    return sums


def elsewhere_sums(rows: Rows) -> dict[str, Decimal]:
    """Line → what is said to be met elsewhere and was not taken back."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows.statements:
        sums[row["need_line_id"]] += row["qty"]
    return sums


def _cap_at_every_step(rows: Rows) -> list[str]:
    """The ledger replayed entry by entry: never more accepted than asked for and agreed at that time."""
    caps: dict[str, list[tuple[int, Decimal]]] = defaultdict(list)
    for row in rows.revisions:
        caps[row["need_line_id"]].append((row["line_version"], row["requested"] + row["over_cap"]))
    carried = {row["need_line_id"]: row["carried_excess"] for row in rows.balances}
    sums: Sums = defaultdict(lambda: defaultdict(Decimal))
    found: list[str] = []
    for position, row in enumerate(rows.entries):
        line, version = row["need_line_id"], row["line_version"]
        for state, sign in ((row["from_state"], -1), (row["to_state"], 1)):
            if state in BUCKET:
                sums[line][BUCKET[state]] += sign * row["qty"]
        following = rows.entries[position + 1] if position + 1 < len(rows.entries) else None
        if following is not None and (following["need_line_id"], following["line_version"]) == (
            line,
            version,
        ):
            continue  # one event of the line may have several entries
        cap = [cap for since, cap in caps[line] if since <= version][-1:]
        counted = sum((sums[line][bucket] for bucket in COUNTED), Decimal())
        if not cap or counted > cap[0] + carried.get(line, 0):
            found.append(f"{line} at version {version}: {counted} accepted, allowed {cap}")
        found += [f"{line} at version {version}: {b} is {q}" for b, q in sums[line].items() if q < 0]
    now = need_sums(rows)
    for line in sums.keys() | now.keys():
        for bucket in COLUMN:
            if sums[line][bucket] != now[line][bucket]:
                found.append(
                    f"{line}.{bucket}: entries add to {sums[line][bucket]}, rows to {now[line][bucket]}"
                )
    return found


def _balances_are_sums(rows: Rows) -> list[str]:
    now, elsewhere, found = need_sums(rows), elsewhere_sums(rows), list[str]()
    latest = {row["need_line_id"]: row for row in rows.revisions}
    for row in rows.balances:
        line = row["need_line_id"]
        expected = {column: now[line][bucket] for bucket, column in COLUMN.items()}
        expected |= {name: latest[line][name] for name in ("requested", "over_cap") if line in latest}
        expected["elsewhere"] = elsewhere[line]
        found += [
            f"{line}.{column}: balance {plain(row[column])}, sum {plain(value)}"
            for column, value in expected.items()
            if row[column] != value
        ]
    missing = now.keys() - {row["need_line_id"] for row in rows.balances}
    return found + [f"{line} has no balance" for line in sorted(missing)]


def _supply(rows: Rows) -> list[str]:
    sums: Sums = defaultdict(lambda: defaultdict(Decimal))
    for row in rows.allocations:
        if row["state"] in SUPPLY:
            sums[row["offer_line_id"]][SUPPLY[row["state"]]] += row["supply_qty"]
    found: list[str] = []
    for row in rows.offer_balances:
        mine = sums[row["offer_line_id"]]
        if sum(mine.values()) > row["qty"]:
            found.append(f"offer line {row['offer_line_id']}: {dict(mine)} of a stock of {row['qty']}")
        found += [
            f"offer line {row['offer_line_id']}.{name}: balance {row[name]}, sum {mine[name]}"
            for name in ("reserved", "committed", "consumed")
            if row[name] != mine[name]
        ]
    return found


def _conservation(rows: Rows) -> list[str]:
    leaves: dict[str, Decimal] = defaultdict(Decimal)
    roots: dict[str, Decimal] = {}
    for row in rows.allocations:
        leaves[row["root_id"]] += row["supply_qty"]
        roots[row["root_id"]] = row["root_supply_qty"]
    return [
        f"root {root}: {leaves[root]} of {whole} left"
        for root, whole in roots.items()
        if leaves[root] != whole
    ]


def _nothing_waits_for_ever(rows: Rows) -> list[str]:
    return [
        f"allocation {row['allocation_id']} is {row['state']} without a pending deadline"
        for row in rows.allocations
        if row["state"] in WAITING and row["deadline_id"] not in rows.pending
    ]
