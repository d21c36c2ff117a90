"""State events of the registry: each record is the whole current state of its key."""

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from imece_contracts.event import EventData
from imece_contracts.topics import CREDENTIALS, GRANTS, ORGANISATIONS, Topic

OrganisationLife = Literal["candidate", "active", "suspended", "dissolved", "merged"]


class OrganisationState(EventData):
    """Public facts of one organisation; names of organisations, never of people."""

    topic: ClassVar[Topic] = ORGANISATIONS

    organisation_id: UUID
    kind: str
    legal_name: str
    short_name: str | None = None
    state: OrganisationLife
    seat_plate: str
    province_plates: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("tr",)
    merged_into: UUID | None = None


class OrganisationRegistered(OrganisationState):
    """An organisation was entered as candidate."""

    type: ClassVar[str] = "registry.organisation.registered"


class OrganisationChanged(OrganisationState):
    """A published field or the state changed (activated)."""

    type: ClassVar[str] = "registry.organisation.changed"


class OrganisationSuspended(OrganisationState):
    """The organisation may read but no longer act."""

    type: ClassVar[str] = "registry.organisation.suspended"


class OrganisationReinstated(OrganisationState):
    """A suspension ended."""

    type: ClassVar[str] = "registry.organisation.reinstated"


class GrantState(EventData):
    """Right of an integration or person: role × organisation × area × crisis, from–to. Empty means all."""

    topic: ClassVar[Topic] = GRANTS

    grant_id: UUID
    role: str
    organisation_id: UUID | None = None
    integration_id: UUID | None = None
    person_ref: str | None = None
    province_plates: tuple[str, ...] = ()
    crisis_id: UUID | None = None
    valid_from: datetime
    valid_to: datetime | None = None
    revoked_at: datetime | None = None


class RoleGranted(GrantState):
    """A grant came into being."""

    type: ClassVar[str] = "registry.role.granted"


class RoleRevoked(GrantState):
    """A grant was taken back."""

    type: ClassVar[str] = "registry.role.revoked"


class CredentialState(EventData):
    """What a verifier needs to know of one API key: a keyed digest, never the key."""

    topic: ClassVar[Topic] = CREDENTIALS

    key_id: UUID
    integration_id: UUID
    organisation_id: UUID
    mode: Literal["live", "test"]
    prefix: str
    digest: str
    pepper: int = 1
    scopes: tuple[str, ...]
    expires_on: date
    revoked_at: datetime | None = None


class KeyCreated(CredentialState):
    """A key was issued; `digest` is HMAC-SHA-256 in hex."""

    type: ClassVar[str] = "registry.key.created"


class KeyRevoked(CredentialState):
    """A key was revoked; it is refused everywhere within five seconds."""

    type: ClassVar[str] = "registry.key.revoked"
