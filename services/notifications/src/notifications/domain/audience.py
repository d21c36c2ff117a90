"""Who hears of a fact: rules are an AND over the fields they set, and one recipient hears once.

Several rules of one recipient widen what it hears, never how often. A drill reaches only rules that name it.
What two parties agree on reaches the parties, whoever wrote it down for one of them, and the desks of the
place and crisis, nobody else.
For whom a clock waits, a contact that is switched off still has notices: they end at once, undelivered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from notifications.domain.clocks import Clock
from notifications.domain.kinds import BETWEEN_PARTIES, Channel
from notifications.domain.promises import Order

CLOCK_GRACE = timedelta(seconds=5)
"""A fact may carry the clock of another machine: one stamped this much before the rule still counts."""

FANOUT_CHUNK = 500
"""Recipients per statement, so that a large audience never holds one statement for long."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One event in this service's terms. `params` holds ids, codes, decimal text; `thread` is the need.

    `plate` is the province of the line, where there is one; `clock` is what waits for an answer to it,
    `order` what a stop of goods speaks of.
    """

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
    plate: str | None = None
    clock: Clock | None = None
    order: Order | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk or secretariat grant an integration holds now; no provinces or no crisis: all of them."""

    provinces: frozenset[str] = frozenset()
    crisis_id: UUID | None = None

    def covers(self, fact: Fact) -> bool:
        """The fact lies in every dimension the grant limits."""
        return (not self.provinces or fact.plate in self.provinces) and (
            self.crisis_id is None or self.crisis_id == fact.crisis_id
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """What a contact wants to hear. No crisis: every crisis. `only_own`: its organisation is a party.

    `desks` are the grants of the integration that made the rule, as they are now. `is_off`: its contact is
    switched off, nothing is sent there.
    """

    subscription_id: UUID
    recipient_id: UUID
    organisation_id: UUID
    channel: Channel
    contact_ref: UUID
    crisis_id: UUID | None
    event_kinds: frozenset[str]
    only_own: bool
    created_at: datetime
    desks: tuple[Desk, ...] = ()
    is_off: bool = False


@dataclass(frozen=True, slots=True)
class Addressee:
    """One recipient of one fact, and every contact through which it hears; the fact's clock may await it."""

    recipient_id: UUID
    organisation_id: UUID
    contacts: tuple[tuple[Channel, UUID], ...]
    is_awaited: bool = False


def awaits(fact: Fact, rule: Rule) -> bool:
    """Whether the fact's clock may wait for the rule's organisation: by name, or as a desk of the place."""
    if fact.clock is None:
        return False
    if fact.clock.may_wait_for(rule.organisation_id):
        return True
    return fact.clock.is_for_desks and any(desk.covers(fact) for desk in rule.desks)


def matches(rule: Rule, fact: Fact) -> bool:
    """Whether the rule wants this fact."""
    if fact.kind not in rule.event_kinds:
        return False
    if rule.crisis_id is None and fact.is_drill:
        return False
    if rule.crisis_id is not None and rule.crisis_id != fact.crisis_id:
        return False
    if rule.is_off and not awaits(fact, rule):
        return False
    if rule.organisation_id not in fact.parties:
        if rule.only_own:
            return False
        if fact.kind in BETWEEN_PARTIES and not any(desk.covers(fact) for desk in rule.desks):
            return False
    return fact.occurred_at >= rule.created_at - CLOCK_GRACE


def audience(rules: Sequence[Rule], fact: Fact) -> list[Addressee]:
    """Each recipient once, however many of its rules match; each of its matching contacts once."""
    heard: dict[UUID, tuple[UUID, dict[tuple[Channel, UUID], None]]] = {}
    awaited: set[UUID] = set()
    for rule in rules:
        if matches(rule, fact):
            _, contacts = heard.setdefault(rule.recipient_id, (rule.organisation_id, {}))
            contacts[rule.channel, rule.contact_ref] = None
            if awaits(fact, rule):
                awaited.add(rule.organisation_id)
    return [
        Addressee(recipient_id, organisation_id, tuple(contacts), is_awaited=organisation_id in awaited)
        for recipient_id, (organisation_id, contacts) in heard.items()
    ]
