"""The mutation list: every guard of the ledger, how it is taken away, and the test that must then turn red.

test_guards runs each in a process of its own, on a copy of the package with this one guard gone.
"""

from tests.db.crisis.guards import balances, clocks, locks, steps, tables, waits
from tests.db.crisis.guards.forms import Guard

GUARDS: tuple[Guard, ...] = (
    *locks.GUARDS,
    *balances.GUARDS,
    *tables.GUARDS,
    *clocks.GUARDS,
    *waits.GUARDS,
    *steps.GUARDS,
)
