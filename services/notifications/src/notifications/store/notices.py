"""Audience look-up and the set-based write of notices and deliveries. Repeating any of it changes nothing."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from imece_chassis.database import Transaction
from imece_chassis.ids import uuid7
from notifications.domain.audience import Addressee, Desk, Fact, Rule
from notifications.domain.kinds import BETWEEN_PARTIES, DESK_ROLES, SHIFT_ROLES, Channel, class_of
from notifications.store import clocks
from notifications.store.statements import statement

MAIL_LANE = UUID(int=0)
"""All mail goes through one relay, so it shares one lane; a webhook's lane is its endpoint."""


@dataclass(frozen=True, slots=True)
class Written:
    """What one chunk added: notices by class, deliveries by channel. Repeats add nothing.

    `of_clocks` are the ids of the new notices that tell of a clock.
    """

    notices: dict[str, int]
    deliveries: dict[str, int]
    of_clocks: tuple[UUID, ...]


async def rules_for(tx: Transaction, facts: Sequence[Fact]) -> list[Rule]:
    """Every rule that could match one of the facts; the exact decision is the domain's."""
    kinds = sorted({fact.kind for fact in facts})
    crises = sorted({fact.crisis_id for fact in facts if fact.crisis_id is not None})
    rows = await tx.fetch(statement("rules_for_events"), kinds, crises)
    desks = await _desks(tx, rows) if BETWEEN_PARTIES.intersection(kinds) else {}
    return [
        Rule(
            subscription_id=row["subscription_id"],
            recipient_id=row["recipient_id"],
            organisation_id=row["organisation_id"],
            channel=Channel(row["channel"]),
            contact_ref=row["contact_ref"],
            crisis_id=row["crisis_id"],
            event_kinds=frozenset(row["event_kinds"]),
            only_own=row["only_own"],
            created_at=row["created_at"],
            is_off=row["is_off"],
            desks=tuple(desks.get(row["integration_id"], ())),
        )
        for row in rows
    ]


async def _desks(tx: Transaction, rules: Sequence[Any]) -> dict[UUID, list[Desk]]:
    """Desk grants by integration; a grant that ended stops its rules at once."""
    asked = {row["integration_id"]: row["organisation_id"] for row in rules}
    found: dict[UUID, list[Desk]] = {}
    if asked:
        for row in await tx.fetch(
            statement("desks_of_rules"),
            list(asked),
            list(asked.values()),
            list(DESK_ROLES),
            list(SHIFT_ROLES),
        ):
            desk = Desk(frozenset(row["provinces"]), row["crisis_id"])
            found.setdefault(row["integration_id"], []).append(desk)
    return found


async def write(tx: Transaction, pairs: Sequence[tuple[Fact, Addressee]]) -> Written:
    """Insert one chunk of (fact, addressee) pairs: clocks they speak of, notices, then their deliveries."""
    await clocks.write(tx, pairs)
    facts = {fact.event_id: fact for fact, _ in pairs}
    columns = [
        (
            fact.event_id,
            fact.kind,
            fact.event_type,
            class_of(fact.kind, fact.urgency).value,
            fact.crisis_id,
            fact.subject,
            fact.thread,
            json.dumps(fact.params, ensure_ascii=False, sort_keys=True),
            fact.sequence,
            fact.is_drill,
            fact.occurred_at,
        )
        for fact in facts.values()
    ]
    rows = await tx.fetch(
        statement("insert_notices"),
        [uuid7() for _ in pairs],
        [addressee.recipient_id for _, addressee in pairs],
        [addressee.organisation_id for _, addressee in pairs],
        [fact.event_id for fact, _ in pairs],
        *(list(column) for column in zip(*columns, strict=True)),
    )
    notices: dict[str, int] = {}
    for row in rows:
        notices[row["class"]] = notices.get(row["class"], 0) + 1
    of_clocks = tuple(row["notice_id"] for row in rows if row["is_of_clock"])
    return Written(notices, await _write_deliveries(tx, pairs), of_clocks)


async def _write_deliveries(tx: Transaction, pairs: Sequence[tuple[Fact, Addressee]]) -> dict[str, int]:
    wanted = [
        (
            uuid7(),
            addressee.recipient_id,
            fact.event_id,
            channel.value,
            contact_ref,
            MAIL_LANE if channel is Channel.MAIL else contact_ref,
            class_of(fact.kind, fact.urgency).rank,
        )
        for fact, addressee in pairs
        for channel, contact_ref in addressee.contacts
    ]
    columns = (list(column) for column in zip(*wanted, strict=True))
    rows = await tx.fetch(statement("insert_deliveries"), *columns)
    return {row["channel"]: row["written"] for row in rows}


async def remember_crisis(
    tx: Transaction, crisis_id: UUID, crisis_no: str, title: dict[str, str], is_drill: bool, sequence: int
) -> None:
    """Keep what texts say about a crisis; an older event changes nothing."""
    await tx.execute(
        """INSERT INTO notify.crises (crisis_id, crisis_no, title, is_drill, sequence)
           VALUES ($1, $2, $3::jsonb, $4, $5)
           ON CONFLICT (crisis_id) DO UPDATE
              SET crisis_no = excluded.crisis_no, title = excluded.title, sequence = excluded.sequence
            WHERE notify.crises.sequence < excluded.sequence""",
        crisis_id,
        crisis_no,
        json.dumps(title, ensure_ascii=False),
        is_drill,
        sequence,
    )
