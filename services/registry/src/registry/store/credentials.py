"""The registry checks keys against its own tables: always current, so its copy has no age."""

from __future__ import annotations

from imece_chassis.access.caller import Caller, Grant
from imece_chassis.database import Database, Transaction
from registry.domain.keys import TURKIYE

_HOLDER = """
    -- The key of a digest with the state of its organisation, revoked and lapsed keys included.
    select k.key_id, k.integration_id, k.organisation_id, k.mode, k.scopes, k.revoked_at, o.state,
           (k.expires_on + 1)::timestamp as lapses_local
    from api_keys k join organisations o using (organisation_id)
    where k.digest = $1
"""

_GRANTS = """
    -- The grants an integration holds and that were not taken back; periods are judged when asked.
    select grant_id, role, organisation_id, province_plates, crisis_id, valid_from, valid_to
    from grants where integration_id = $1 and revoked_at is null
"""


class OwnCredentials:
    """The CredentialSource of the service that owns keys, grants and organisations."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def age_seconds(self) -> float:
        return 0.0

    async def lookup(self, digest: bytes) -> Caller | None:
        """The holder of the key with this digest, or None."""

        async def work(tx: Transaction) -> Caller | None:
            return await holder(tx, digest)

        return await self._database.snapshot(work)


async def holder(tx: Transaction, digest: bytes) -> Caller | None:
    """The same inside a transaction."""
    row = await tx.fetchrow(_HOLDER, digest)
    if row is None:
        return None
    grants = [
        Grant(
            role=grant["role"],
            organisation_id=grant["organisation_id"],
            provinces=frozenset(grant["province_plates"]),
            crisis_id=grant["crisis_id"],
            valid_from=grant["valid_from"],
            valid_until=grant["valid_to"],
            grant_id=grant["grant_id"],
        )
        for grant in await tx.fetch(_GRANTS, row["integration_id"])
    ]
    return Caller(
        key_id=row["key_id"],
        integration_id=row["integration_id"],
        organisation_id=row["organisation_id"],
        scopes=frozenset(row["scopes"]),
        grants=tuple(grants),
        organisation_state=row["state"],
        expires_at=row["lapses_local"].replace(tzinfo=TURKIYE),
        revoked_at=row["revoked_at"],
        is_test=row["mode"] == "test",
    )
