"""One key, its organisation and its grant as the registry tells of them, fed into the local copy."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from imece_chassis.access import keys
from imece_chassis.access.mirror import apply
from imece_chassis.consumer import KeyEnded, Received
from imece_chassis.database import Database, Transaction
from imece_chassis.ids import uuid7
from imece_contracts.event import EventData
from imece_contracts.registry import CredentialState, KeyCreated, KeyRevoked, OrganisationChanged

PEPPER = "pepper-of-the-tests-0123456789-abcdef"
ORGANISATION, INTEGRATION, KEY_ID, GRANT_ID = uuid7(), uuid7(), uuid7(), uuid7()
KEY = keys.new_key(live=True)
DIGEST = keys.digest(PEPPER, KEY)


def received(data: EventData | None, key: UUID, sequence: int, topic: str | None = None) -> Received:
    from imece_contracts.envelope import Envelope

    envelope = Envelope(
        id=uuid7(),
        type="" if data is None else data.type,
        source="//test/registry",
        subject=f"thing/{key}",
        time=datetime.now(UTC),
        dataschema="",
        topic=topic or (data.topic.name if data is not None else ""),
        key=str(key),
        sequence=sequence,
        data=b"" if data is None else b"{}",
    )
    return Received(envelope, KeyEnded() if data is None else data, envelope.topic, 0, sequence)


def credential(sequence: int = 1, *, revoked: bool = False, expires_on: date | None = None) -> Received:
    kind: type[CredentialState] = KeyRevoked if revoked else KeyCreated
    data = kind(
        key_id=KEY_ID,
        integration_id=INTEGRATION,
        organisation_id=ORGANISATION,
        mode="live",
        prefix=keys.prefix(KEY),
        digest=DIGEST.hex(),
        scopes=("things:read", "things:write"),
        expires_on=expires_on or datetime.now(UTC).date() + timedelta(days=30),
        revoked_at=datetime.now(UTC) if revoked else None,
    )
    return received(data, KEY_ID, sequence)


def organisation(sequence: int = 1, state: Any = "active") -> Received:
    data = OrganisationChanged(
        organisation_id=ORGANISATION,
        kind="association",
        legal_name="Örnek Derneği",
        state=state,
        seat_plate="31",
        province_plates=("31", "27"),
    )
    return received(data, ORGANISATION, sequence)


async def feed(db: Database, *items: Received) -> None:
    async def work(tx: Transaction) -> None:
        await apply(tx, items)

    await db.unit_of_work(work)
