"""CheckLedger: prove the invariants on the live database, in one snapshot, and name rows that break them."""

from collections.abc import Iterable
from dataclasses import dataclass

from crisis.store import checks, command_seals, personal_data
from imece_chassis.database import Database, Transaction

AUDIT_CHAIN = "audit_chain"
PERSONAL_DATA = "i18_personal_data"
NAMES = (*checks.NAMES, PERSONAL_DATA, AUDIT_CHAIN)

_SENTENCES = {
    AUDIT_CHAIN: "Audit No audit row was changed, removed or put in since it was sealed.",
    PERSONAL_DATA: "I18 No text here looks like a phone, IBAN, national id, plate or mail address.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One row that breaks an invariant: which check, which row, what was found."""

    check: str
    subject: str
    found: str


async def check_ledger(database: Database, names: Iterable[str] = NAMES) -> dict[str, list[Finding]]:
    """Findings by check; every list is empty on a sound ledger."""
    return await database.snapshot(lambda tx: findings(tx, names))


async def findings(tx: Transaction, names: Iterable[str] = NAMES) -> dict[str, list[Finding]]:
    """The same inside a transaction, of what it sees."""
    return {name: [Finding(name, *found) for found in await _found(tx, name)] for name in names}


def sentence(name: str) -> str:
    """What the check proves, in English."""
    return _SENTENCES.get(name) or checks.sentence(name)


async def _found(tx: Transaction, name: str) -> list[tuple[str, str]]:
    if name == AUDIT_CHAIN:
        return [(broken.command_id, broken.what) for broken in await command_seals.verify(tx)]
    if name == PERSONAL_DATA:
        return await personal_data.scan(tx)
    return [(row["subject"], row["found"]) for row in await tx.fetch(checks.statement(name))]
