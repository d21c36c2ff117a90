"""What the registry says of an organisation that somebody else writes for, as its consumer would store it."""

from collections.abc import Sequence
from uuid import UUID

from imece_chassis.database import Transaction
from imece_chassis.ids import uuid7


async def spoken_of(tx: Transaction, org_id: UUID, *, state: str = "active", plate: str = "06") -> None:
    """The registry described the organisation; it has no key unless `gets_access` gives it one."""
    await tx.execute(
        "INSERT INTO organisations_mirror (organisation_id, sequence, state, document)"
        " VALUES ($1, 1, $2, jsonb_build_object('seat_plate', $3::text))"
        " ON CONFLICT (organisation_id) DO UPDATE SET state = excluded.state, document = excluded.document",
        org_id,
        state,
        plate,
    )


async def gets_access(
    tx: Transaction,
    org_id: UUID,
    *,
    role: str = "pledger",
    scope: str = "crisis:pledge:write",
    provinces: Sequence[str] = (),
    crisis_id: UUID | None = None,
) -> UUID:
    """A key of the organisation with this scope, of an integration that holds this role; returns its id."""
    key, integration = uuid7(), uuid7()
    await tx.execute(
        "INSERT INTO credentials_mirror (key_id, sequence, integration_id, organisation_id, digest, scopes,"
        " is_test, expires_on)"
        " VALUES ($1, 1, $2, $3, sha256(convert_to($5, 'utf8')), ARRAY[$4], false, '2027-01-01')",
        key,
        integration,
        org_id,
        scope,
        str(key),
    )
    await tx.execute(
        "INSERT INTO grants_mirror (grant_id, sequence, integration_id, organisation_id, role, provinces,"
        " valid_from, crisis_id) VALUES ($1, 1, $2, $3, $4, $5, '2026-01-01', $6)",
        uuid7(),
        integration,
        org_id,
        role,
        provinces,
        crisis_id,
    )
    return key
