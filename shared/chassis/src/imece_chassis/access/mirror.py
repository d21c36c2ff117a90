"""A service's own copy of credentials, grants and organisations, fed by the owner's state topics.

A row changes only for a higher sequence, a record without data (tombstone) deletes it, and mirror_head
moves in the same transaction, so a reader that compares one number knows whether to load again.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from imece_chassis.consumer import Consumer, KeyEnded, Policy, Received
from imece_chassis.database import Transaction
from imece_contracts.registry import CredentialState, GrantState, OrganisationState
from imece_contracts.topics import CREDENTIALS, GRANTS, ORGANISATIONS, REGISTRY_PROGRESS

CONSUMER = "access_mirror"
CHANNEL = "mirror_head"

_PUT_CREDENTIALS = """
INSERT INTO credentials_mirror AS mirror
    (key_id, sequence, integration_id, organisation_id, digest, scopes, is_test, expires_on, revoked_at)
SELECT key_id, sequence, integration_id, organisation_id, decode(digest, 'hex'), scopes, mode = 'test',
       expires_on, revoked_at
FROM jsonb_to_recordset($1::jsonb) AS state (
    key_id uuid, sequence bigint, integration_id uuid, organisation_id uuid, digest text, scopes text[],
    mode text, expires_on date, revoked_at timestamptz)
ON CONFLICT (key_id) DO UPDATE SET
    sequence = excluded.sequence, integration_id = excluded.integration_id,
    organisation_id = excluded.organisation_id, digest = excluded.digest, scopes = excluded.scopes,
    is_test = excluded.is_test, expires_on = excluded.expires_on, revoked_at = excluded.revoked_at
WHERE mirror.sequence < excluded.sequence
"""
_PUT_GRANTS = """
INSERT INTO grants_mirror AS mirror
    (grant_id, sequence, integration_id, organisation_id, role, provinces, crisis_id, valid_from, valid_to,
     revoked_at)
SELECT grant_id, sequence, integration_id, organisation_id, role, province_plates, crisis_id, valid_from,
       valid_to, revoked_at
FROM jsonb_to_recordset($1::jsonb) AS state (
    grant_id uuid, sequence bigint, integration_id uuid, organisation_id uuid, role text,
    province_plates text[], crisis_id uuid, valid_from timestamptz, valid_to timestamptz,
    revoked_at timestamptz)
ON CONFLICT (grant_id) DO UPDATE SET
    sequence = excluded.sequence, integration_id = excluded.integration_id,
    organisation_id = excluded.organisation_id, role = excluded.role, provinces = excluded.provinces,
    crisis_id = excluded.crisis_id, valid_from = excluded.valid_from, valid_to = excluded.valid_to,
    revoked_at = excluded.revoked_at
WHERE mirror.sequence < excluded.sequence
"""
_PUT_ORGANISATIONS = """
INSERT INTO organisations_mirror AS mirror (organisation_id, sequence, state, document)
SELECT organisation_id, sequence, state, document - 'sequence'
FROM jsonb_array_elements($1::jsonb) AS each (document),
     jsonb_to_record(document) AS shown (organisation_id uuid, sequence bigint, state text)
ON CONFLICT (organisation_id) DO UPDATE SET
    sequence = excluded.sequence, state = excluded.state, document = excluded.document
WHERE mirror.sequence < excluded.sequence
"""
_DROP_CREDENTIALS = "DELETE FROM credentials_mirror WHERE key_id = ANY ($1::text[]::uuid[])"
_DROP_GRANTS = "DELETE FROM grants_mirror WHERE grant_id = ANY ($1::text[]::uuid[])"
_DROP_ORGANISATIONS = "DELETE FROM organisations_mirror WHERE organisation_id = ANY ($1::text[]::uuid[])"
_MOVE_HEAD = "UPDATE mirror_head SET version = version + 1"

_STATEMENTS = {
    CREDENTIALS.name: (_PUT_CREDENTIALS, _DROP_CREDENTIALS),
    GRANTS.name: (_PUT_GRANTS, _DROP_GRANTS),
    ORGANISATIONS.name: (_PUT_ORGANISATIONS, _DROP_ORGANISATIONS),
}


@dataclass
class _Changes:
    """What one batch leaves behind of one topic: the newest state per key, and the keys that ended."""

    states: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    ended: set[str] = field(default_factory=set[str])

    def add(self, item: Received) -> None:
        key = item.envelope.key
        if is_tombstone(item):
            self.states.pop(key, None)
            self.ended.add(key)
            return
        known = self.states.get(key)
        if known is None or known["sequence"] < item.envelope.sequence:
            self.states[key] = {**item.data.model_dump(mode="json"), "sequence": item.envelope.sequence}


def is_tombstone(item: Received) -> bool:
    """A record of a compacted topic without a value: its key has ended."""
    return isinstance(item.data, KeyEnded)


async def apply(tx: Transaction, batch: Sequence[Received]) -> None:
    """Bring the mirror up to a batch of state records, in their order; anything else is passed over."""
    changed = 0
    for topic, changes in _by_topic(batch):
        put, drop = _STATEMENTS[topic]
        # An end always comes first: a state that follows it in the batch is a new life of the key.
        if changes.ended:
            changed += _count(await tx.execute(drop, sorted(changes.ended)))
        if changes.states:
            changed += _count(await tx.execute(put, json.dumps(list(changes.states.values()))))
    if changed:
        await tx.execute(_MOVE_HEAD)
        tx.wake_after_commit(CHANNEL)


def _by_topic(batch: Iterable[Received]) -> Iterable[tuple[str, _Changes]]:
    found: dict[str, _Changes] = {}
    for item in batch:
        if item.topic in _STATEMENTS and (
            is_tombstone(item) or isinstance(item.data, CredentialState | GrantState | OrganisationState)
        ):
            found.setdefault(item.topic, _Changes()).add(item)
    return found.items()


def _count(tag: str) -> int:
    return int(tag.rsplit(" ", 1)[-1])


def mirror_consumer() -> Consumer:
    """Keeps the *_mirror tables; stops on a defect, and on a state this release cannot read, rather than skip
    a revocation: the copy then ages. New types of state are therefore understood before they are sent.
    """
    return Consumer(
        name=CONSUMER,
        topics=(ORGANISATIONS, GRANTS, CREDENTIALS, REGISTRY_PROGRESS),
        policy=Policy.STOP,
        handle=apply,
    )
