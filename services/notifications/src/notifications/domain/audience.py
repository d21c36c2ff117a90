"""Who hears of a fact: rules are an AND over the fields they set, and one recipient hears once.

Several rules of one recipient widen what it hears, never how often. A drill reaches only rules that name it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from notifications.domain.kinds import Channel

CLOCK_GRACE = timedelta(seconds=5)
"""A fact may carry the clock of another machine: one stamped this much before the rule still counts."""

FANOUT_CHUNK = 500
"""Recipients per statement, so that a large audience never holds one statement for long."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One event in this service's terms. `params` holds ids, codes, decimal text; `thread` is the need."""

    event_id: UUID
    kind: str
    event_type: str
    crisis_id: UUID | None
    subject: str
    occurred_at: datetime
    sequence: int
    is_drill: bool
    urgency: str | None
    thread: UUID | None
    parties: tuple[UUID, ...]
    params: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Rule:
    """What a contact wants to hear. No crisis: every crisis. `only_own`: its organisation is a party."""

    subscription_id: UUID
    recipient_id: UUID
    organisation_id: UUID
    channel: Channel
    contact_ref: UUID
    crisis_id: UUID | None
    event_kinds: frozenset[str]
    only_own: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Addressee:
    """One recipient of one fact, and every contact through which it hears."""

    recipient_id: UUID
    organisation_id: UUID
    contacts: tuple[tuple[Channel, UUID], ...]


def matches(rule: Rule, fact: Fact) -> bool:
    """Whether the rule wants this fact."""
    if fact.kind not in rule.event_kinds:
        return False
    if rule.crisis_id is None and fact.is_drill:
        return False
    if rule.crisis_id is not None and rule.crisis_id != fact.crisis_id:
        return False
    if rule.only_own and rule.organisation_id not in fact.parties:
        return False
    return fact.occurred_at >= rule.created_at - CLOCK_GRACE


def audience(rules: Sequence[Rule], fact: Fact) -> list[Addressee]:
    """Each recipient once, however many of its rules match; each of its matching contacts once."""
    heard: dict[UUID, tuple[UUID, dict[tuple[Channel, UUID], None]]] = {}
    for rule in rules:
        if matches(rule, fact):
            _, contacts = heard.setdefault(rule.recipient_id, (rule.organisation_id, {}))
            contacts[rule.channel, rule.contact_ref] = None
    return [
        Addressee(recipient_id, organisation_id, tuple(contacts))
        for recipient_id, (organisation_id, contacts) in heard.items()
    ]
