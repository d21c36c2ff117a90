"""Registry records as state events: the whole current state of one key, `sequence` = version of the record.

Names of organisations and codes only; digests but never keys, no text of reasons, nothing about people.
"""

from __future__ import annotations

from uuid import UUID

from imece_chassis import context
from imece_contracts.envelope import Envelope
from imece_contracts.event import EventData, seal
from imece_contracts.registry import (
    CredentialState,
    GrantState,
    KeyCreated,
    KeyRevoked,
    OrganisationChanged,
    OrganisationRegistered,
    OrganisationReinstated,
    OrganisationState,
    OrganisationSuspended,
    RoleGranted,
    RoleRevoked,
)
from registry.domain.acts import Act
from registry.domain.grants import Grant
from registry.domain.keys import Key
from registry.domain.organisations import Organisation

SOURCE = "//imece.example/registry"


def organisation_registered(organisation: Organisation, act: Act) -> Envelope:
    return _organisation(OrganisationRegistered, organisation, act)


def organisation_changed(organisation: Organisation, act: Act) -> Envelope:
    """Published particulars changed, or the candidate became active."""
    return _organisation(OrganisationChanged, organisation, act)


def organisation_suspended(organisation: Organisation, act: Act) -> Envelope:
    return _organisation(OrganisationSuspended, organisation, act)


def organisation_reinstated(organisation: Organisation, act: Act) -> Envelope:
    return _organisation(OrganisationReinstated, organisation, act)


def role_granted(grant: Grant, act: Act) -> Envelope:
    return _grant(RoleGranted, grant, act)


def role_revoked(grant: Grant, act: Act) -> Envelope:
    return _grant(RoleRevoked, grant, act)


def key_created(key: Key, act: Act) -> Envelope:
    return _key(KeyCreated, key, act)


def key_revoked(key: Key, act: Act) -> Envelope:
    return _key(KeyRevoked, key, act)


def _organisation(kind: type[OrganisationState], organisation: Organisation, act: Act) -> Envelope:
    state = kind(
        organisation_id=organisation.organisation_id,
        kind=organisation.kind,
        legal_name=organisation.legal_name,
        short_name=organisation.short_name,
        state=organisation.state,
        seat_plate=organisation.seat_plate,
        province_plates=organisation.province_plates,
        languages=organisation.languages,
    )
    return _sealed(state, "organisation", organisation.organisation_id, organisation.version, act)


def _grant(kind: type[GrantState], grant: Grant, act: Act) -> Envelope:
    state = kind(
        grant_id=grant.grant_id,
        role=grant.role,
        organisation_id=grant.organisation_id,
        integration_id=grant.integration_id,
        province_plates=grant.province_plates,
        crisis_id=grant.crisis_id,
        valid_from=grant.valid_from,
        valid_to=grant.valid_to,
        revoked_at=grant.revoked_at,
    )
    return _sealed(state, "grant", grant.grant_id, grant.version, act)


def _key(kind: type[CredentialState], key: Key, act: Act) -> Envelope:
    state = kind(
        key_id=key.key_id,
        integration_id=key.integration_id,
        organisation_id=key.organisation_id,
        mode=key.mode,
        prefix=key.secret.prefix,
        digest=key.secret.digest.hex(),
        pepper=key.secret.pepper,
        scopes=key.scopes,
        expires_on=key.expires_on,
        revoked_at=key.revoked_at,
    )
    return _sealed(state, "key", key.key_id, key.version, act)


def _sealed(state: EventData, subject: str, key: UUID, version: int, act: Act) -> Envelope:
    return seal(
        state,
        id=act.new_id(),
        source=SOURCE,
        subject=f"{subject}/{key}",
        key=str(key),
        sequence=version,
        time=act.now,
        command_id=act.command_id,
        actor_org=act.actor.organisation_id,
        actor_role=act.actor.role,
        traceparent=context.traceparent(),
    )
