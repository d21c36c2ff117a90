"""Reconcile: prove the ledger by the clock. Cheap sums every hour, everything once a day.

Of all processes one runs it; a row that breaks an invariant is named in the log and counted in the metrics.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from crisis import metrics
from crisis.store import command_seals, ledger_checks
from crisis.usecases.check_ledger import NAMES, Finding, check_ledger
from imece_chassis.database import Database
from imece_chassis.telemetry.logs import log

NAMED_IN_LOG = 20

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Scope:
    """Which checks run how often."""

    name: str
    period: timedelta
    checks: tuple[str, ...]


SCOPES = (
    Scope(
        "conservation",
        timedelta(hours=1),
        ("i1_cap", "i2_supply", "i3_conservation", "i9_allocations", "i9_every_wait"),
    ),
    Scope("everything", timedelta(days=1), NAMES),
)


async def reconcile(
    fast: Database, slow: Database, scopes: tuple[Scope, ...] = SCOPES
) -> dict[str, list[Finding]]:
    """Run whatever is due and report it; returns the findings by check, empty when nothing was due.

    `slow` is a database with a long statement limit: a full proof reads the whole history.
    """
    found: dict[str, list[Finding]] = {}
    for scope in scopes:
        if await fast.unit_of_work(lambda tx, scope=scope: ledger_checks.claim(tx, scope.name, scope.period)):
            found |= await _prove(fast, slow, scope)
    for name, age in (await fast.snapshot(ledger_checks.ages)).items():
        metrics.CHECK_AGE.labels(name).set(age)
    return found


async def _prove(fast: Database, slow: Database, scope: Scope) -> Mapping[str, list[Finding]]:
    findings = await check_ledger(slow, scope.checks)
    count = 0
    for name, rows in findings.items():
        metrics.MISMATCHES.labels(name).set(len(rows))
        count += len(rows)
        for row in rows[:NAMED_IN_LOG]:
            log(_log, logging.ERROR, "ledger_mismatch", check=name, subject=row.subject, found=row.found)
    await fast.unit_of_work(lambda tx: ledger_checks.note(tx, scope.name, count))
    head = await fast.snapshot(command_seals.head)
    log(_log, logging.INFO, "ledger_proved", scope=scope.name, mismatches=count, audit_head=str(head))
    return findings
