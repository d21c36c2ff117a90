"""What operators see of the ledger. Labels never hold ids."""

from imece_chassis.telemetry.metrics import Counter, Gauge

MISMATCHES = Gauge(
    "crisis_ledger_mismatches", "Rows that broke an invariant when it was last checked", ["check"]
)
CHECK_AGE = Gauge(
    "crisis_ledger_check_age_seconds", "Since the ledger was last proved, by any process", ["scope"]
)
SEALED = Counter("crisis_audit_sealed_total", "Audit rows brought into the hash chain")
