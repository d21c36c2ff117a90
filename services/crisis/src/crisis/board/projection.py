"""The pure heart of the board: events of one line, in any order and with repeats, give one card.

An event carries the whole state of its line, so applying is replacing; the sequence decides what is newer.
A missing number parks the line: its figures stay those of the last complete state until the hole is filled.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from crisis.board.card import NOTHING, Card, whole_milliseconds
from imece_contracts.crisis import AllocationEvent, LineEvent
from imece_contracts.envelope import Envelope
from imece_contracts.quantities import decimal_text

FIRST_SEQUENCE = 1
FIGURES = tuple(field.name for field in fields(Card) if field.type is Decimal)


@dataclass(frozen=True, slots=True)
class What:
    """One thing that happened to a line. `org` and `qty` only where the event names them."""

    type: str
    at: datetime
    org: UUID | None = None
    qty: str | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """`card` after all events that could be applied; `waiting` are those beyond a hole, in order."""

    card: Card
    waiting: tuple[Card, ...] = ()


def fact(envelope: Envelope, event: LineEvent) -> Card:
    """The state an event of crisis.lines.v1 claims for its line. Raises ValueError without a crisis id."""
    if envelope.crisis_id is None:
        raise ValueError("an event of a need line without crisis id")
    line = event.line
    return Card(
        line=line.need_line,
        need=line.need,
        crisis=envelope.crisis_id,
        sequence=envelope.sequence,
        parked=False,
        item=line.item,
        unit=line.unit,
        place=line.district,
        asker=line.asker_org,
        day=line.day,
        needed_by=whole_milliseconds(line.needed_by),
        opened_at=whole_milliseconds(line.opened_at),
        changed_at=whole_milliseconds(envelope.time),
        state=line.need_state.upper(),
        urgency=line.urgency,
        verification=line.verification,
        stale=line.is_stale,
        needed=line.R,
        over_cap=line.C,
        elsewhere=line.E,
        proposed=line.P,
        waitlisted=line.W,
        held=line.H,
        in_transit=line.T,
        arrived=line.A,
        delivered=line.D,
        lost=line.L,
        room=line.room,
        gap=line.gap,
        surplus=line.surplus,
        at_risk=line.at_risk,
        label=line.label,
    )


def what(envelope: Envelope, event: LineEvent) -> What:
    """What the change strip says about an event: codes, one quantity and one organisation id."""
    if isinstance(event, AllocationEvent):
        return What(event.type, envelope.time, event.pledger_org, decimal_text(event.qty))
    return What(event.type, envelope.time, envelope.actor_org)


def evolve(card: Card | None, event: Card) -> Card:
    """The card after one event. Not newer: unchanged. Next in line: replaced. Anything later: parked.

    A line first met in the middle of its story becomes a parked card without figures, at sequence 0.
    """
    known = card.sequence if card is not None else FIRST_SEQUENCE - 1
    if card is not None and event.sequence <= known:
        return card
    if event.sequence == known + 1:
        return event
    return parked(card, event)


def parked(card: Card | None, event: Card) -> Card:
    """The card of a line that misses something; `event` says where the line is when there is no card yet."""
    return _blank(event) if card is None else replace(card, parked=True)


def settle(card: Card | None, events: Iterable[Card]) -> Settled:
    """Apply events of one line, in any order and with repeats, as far as the numbers run without a hole."""
    waiting: dict[int, Card] = {}
    for event in sorted(events, key=lambda each: each.sequence):
        if card is None or event.sequence > card.sequence:
            card = evolve(card, event)
            if card.parked:
                waiting[event.sequence] = event
    if card is None:
        raise ValueError("a line needs at least one event")
    return Settled(card, tuple(waiting.values()))


def _blank(event: Card) -> Card:
    figures = dict.fromkeys(FIGURES, NOTHING)
    return replace(
        event,
        sequence=FIRST_SEQUENCE - 1,
        parked=True,
        label="UNCOVERED",
        state="OPEN",
        changed_at=event.opened_at,
        verification=0,
        stale=False,
        **figures,
    )
