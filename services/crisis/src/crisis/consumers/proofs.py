"""What runs beside the timers to prove the ledger: the sealer of the audit trail and the reconciliation."""

import asyncio
import logging

from crisis import metrics
from crisis.usecases.reconcile import reconcile
from crisis.usecases.seal_commands import BATCH, seal_commands
from imece_chassis.backoff import jittered, pause
from imece_chassis.database import Database, DatabaseUnavailable, OutcomeUnknown
from imece_chassis.telemetry.logs import log

SEAL_SECONDS = 1.0
LOOK_SECONDS = 30.0

_log = logging.getLogger(__name__)


class Sealer:
    """Seals audit rows about every second; with several processes one is at work, the others find nothing."""

    name = "sealer"

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run(self, stop: asyncio.Event) -> None:
        """Seal until `stop`; a database that is away is waited for."""
        while not stop.is_set():
            sealed = 0
            try:
                sealed = await seal_commands(self._database)
                metrics.SEALED.inc(sealed)
            except (DatabaseUnavailable, OutcomeUnknown) as error:
                log(_log, logging.WARNING, "sealer_waits_for_database", error=type(error).__name__)
            if sealed < BATCH:
                await pause(stop, jittered(SEAL_SECONDS))


class Reconciliation:
    """Looks every half minute whether a proof of the ledger is due."""

    name = "reconciliation"

    def __init__(self, fast: Database, slow: Database) -> None:
        self._fast = fast
        self._slow = slow

    async def run(self, stop: asyncio.Event) -> None:
        """Prove what is due until `stop`; a database that is away is waited for."""
        while not await pause(stop, jittered(LOOK_SECONDS)):
            try:
                await reconcile(self._fast, self._slow)
            except (DatabaseUnavailable, OutcomeUnknown) as error:
                log(_log, logging.WARNING, "reconciliation_waits_for_database", error=type(error).__name__)
