"""I1, I2, I3: what the clients were told against what the database holds."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

import asyncpg

from tests.faults.journal import Operation

ROOTS = """
    SELECT allocation_id::text, need_line_id::text, pledger_org_id::text, root_supply_qty
    FROM allocations WHERE parent_id IS NULL
"""
ANSWERS = "SELECT scope, key, status, body FROM idempotency"


async def acknowledged_exactly_once(
    operations: Sequence[Operation], connection: asyncpg.Connection
) -> list[str]:
    """I1: each pledge with a 2xx is one root allocation, of that organisation, line and quantity."""
    roots = {row["allocation_id"]: row for row in await connection.fetch(ROOTS)}
    found: list[str] = []
    told: Counter[str] = Counter()
    for operation in _pledges(operations):
        if operation.answer is None:
            continue
        allocation = operation.answer["allocation_id"]
        told[allocation] += 1
        row = roots.get(allocation)
        if row is None:
            found.append(f"pledge {operation.key} was acknowledged as {allocation}, which does not exist")
            continue
        seen = (row["pledger_org_id"], row["need_line_id"], str(row["root_supply_qty"].normalize()))
        asked = (operation.org, operation.facts["need_line_id"], _number(operation.facts["quantity"]))
        if seen != asked:
            found.append(f"pledge {operation.key} was {asked}, the database has {seen}")
    return found + [f"{allocation} answers {n} pledges" for allocation, n in told.items() if n > 1]


async def no_ghosts(operations: Sequence[Operation], connection: asyncpg.Connection) -> list[str]:
    """I2: each root allocation is the effect of exactly one key some client really sent."""
    intended = {operation.key for operation in operations}
    key_of: dict[str, str] = {}
    for row in await connection.fetch(ANSWERS):
        if row["status"] == 201:
            document = json.loads(row["body"])
            if "root_id" in document:
                key_of[document["root_id"]] = row["key"]
    found: list[str] = []
    for row in await connection.fetch(ROOTS):
        key = key_of.get(row["allocation_id"])
        if key is None:
            found.append(f"allocation {row['allocation_id']} was asked for by nobody")
        elif key not in intended:
            found.append(f"allocation {row['allocation_id']} has the unknown key {key}")
    return found


async def replays_are_identical(operations: Sequence[Operation], connection: asyncpg.Connection) -> list[str]:
    """I3: every decided answer to one key has the same status and bytes, and they are the stored ones."""
    stored: dict[str, list[tuple[int, str]]] = {}
    for row in await connection.fetch(ANSWERS):
        stored.setdefault(row["key"], []).append((row["status"], hashlib.sha256(row["body"]).hexdigest()))
    found: list[str] = []
    for operation in operations:
        answers = {(each["status"], each["body_sha"]) for each in operation.answers("ok")}
        if len(answers) > 1:
            found.append(
                f"{operation.op} {operation.key} was answered in {len(answers)} ways: {sorted(answers)}"
            )
        if answers and stored.get(operation.key) != sorted(answers):
            found.append(
                f"{operation.op} {operation.key}: told {answers}, stored {stored.get(operation.key)}"
            )
    return found


def _pledges(operations: Iterable[Operation]) -> Iterable[Operation]:
    return (operation for operation in operations if operation.op == "pledge")


def _number(text: str) -> str:
    return str(Decimal(text).normalize())
