"""Claiming due deliveries: the attempt row commits with the claim, and only then is anything sent."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from imece_chassis.database import Transaction
from notifications.domain.endpoints import FAILURES_TO_OPEN
from notifications.domain.kinds import Channel
from notifications.domain.work import Job
from notifications.store.statements import statement
from notifications.store.vault import Unreadable, Vault

# First half of the advisory lock key of a channel's claim; the second is the channel's number.
_CLAIM_LOCK = 0x6E6F7469
_CHANNEL_NUMBER = {Channel.MAIL: 1, Channel.WEBHOOK: 2}


async def claim(
    tx: Transaction, channel: Channel, *, slots: int, per_lane: int, lease_seconds: float
) -> list[Job]:
    """Up to `slots` due deliveries, now `sending` under a lease. Claims of one channel take turns."""
    await tx.execute("SELECT pg_advisory_xact_lock($1, $2)", _CLAIM_LOCK, _CHANNEL_NUMBER[channel])
    rows = await tx.fetch(statement("claim"), channel.value, slots, per_lane, FAILURES_TO_OPEN, lease_seconds)
    return [_job(channel, row) for row in rows]


def _job(channel: Channel, row: Mapping[str, Any]) -> Job:
    return Job(
        delivery_id=row["delivery_id"],
        channel=channel,
        contact_ref=row["contact_ref"],
        recipient_id=row["recipient_id"],
        organisation_id=row["organisation_id"],
        number=row["attempts"],
        tried=row["attempts"] - row["attempts_before"],
        redrives=row["redrives"],
        event_id=row["event_id"],
        kind=row["kind"],
        event_type=row["event_type"],
        notice_class=row["class"],
        crisis_id=row["crisis_id"],
        thread=row["thread"],
        sequence=row["sequence"],
        is_drill=row["is_drill"],
        occurred_at=row["occurred_at"],
        begun_at=row["begun_at"],
        crisis_no=row["crisis_no"],
        crisis_title=json.loads(row["crisis_title"]) if row["crisis_title"] else {},
        params=json.loads(row["params"]),
    )


async def with_endpoints(tx: Transaction, vault: Vault, jobs: Sequence[Job]) -> list[Job]:
    """The same jobs with URL and signing secrets; an endpoint without live rules keeps no address."""
    rows = await tx.fetch(
        """SELECT e.endpoint_id, e.url, r.subscription_id, r.sealed_secret
             FROM notify.endpoints e
             JOIN notify.rules r
               ON r.contact_ref = e.endpoint_id AND r.channel = 'webhook' AND r.ended_at IS NULL
            WHERE e.endpoint_id = ANY ($1::uuid[])
            ORDER BY r.created_at DESC, r.subscription_id DESC""",
        list({job.contact_ref for job in jobs}),
    )
    found: dict[UUID, tuple[str, list[str]]] = {}
    unreadable: set[UUID] = set()
    for row in rows:
        _, secrets = found.setdefault(row["endpoint_id"], (row["url"], []))
        try:
            secrets.append(vault.open_secret(row["subscription_id"], row["sealed_secret"]))
        except Unreadable:
            unreadable.add(row["endpoint_id"])

    def complete(job: Job) -> Job:
        if job.contact_ref not in found:
            return job
        url, secrets = found[job.contact_ref]
        is_unreadable = job.contact_ref in unreadable
        return replace(job, address=url, secrets=tuple(secrets), is_unreadable=is_unreadable)

    return [complete(job) for job in jobs]


async def with_mailboxes(tx: Transaction, vault: Vault, jobs: Sequence[Job]) -> list[Job]:
    """The same jobs with address and language; an erased or suppressed contact keeps no address."""
    rows = await tx.fetch(
        """SELECT c.contact_ref, c.recipient_id, c.address, k.wrapped_key, r.language
             FROM pii.contact_points c
             JOIN pii.recipient_keys k USING (recipient_id)
             JOIN pii.recipients r USING (recipient_id)
            WHERE c.contact_ref = ANY ($1::uuid[]) AND c.state = 'active'""",
        list({job.contact_ref for job in jobs}),
    )
    found: dict[UUID, tuple[str | None, str]] = {}
    for row in rows:
        contact_ref = row["contact_ref"]
        try:
            address = vault.open_address(row["wrapped_key"], row["recipient_id"], contact_ref, row["address"])
        except Unreadable:
            address = None
        found[contact_ref] = (address, row["language"])

    def complete(job: Job) -> Job:
        address, language = found.get(job.contact_ref, (None, job.language))
        is_unreadable = job.contact_ref in found and address is None
        return replace(job, address=address, language=language, is_unreadable=is_unreadable)

    return [complete(job) for job in jobs]
