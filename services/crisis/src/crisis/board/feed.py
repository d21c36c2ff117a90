"""From a batch of events to one transaction's worth of cards, changes, totals and heads.

One change per line and batch: it carries the whole card after the batch and the list of what happened to it.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from crisis.board import projection, stops, store
from crisis.board.card import Card, canonical, instant
from crisis.board.course import course
from crisis.board.metrics import APPLIED
from crisis.board.projection import What
from crisis.board.tally import difference
from imece_chassis.consumer import Consumer, Lost, Policy, Received
from imece_chassis.database import Transaction
from imece_contracts.crisis import CrisisOpened, LineEvent, SaturationOrderEvent
from imece_contracts.topics import CRISES, CRISIS_PROGRESS, LINES, ORDERS

CONSUMER = "board"


@dataclass(slots=True)
class _Line:
    """What a batch says about one line."""

    crisis: UUID
    events: list[Card] = field(default_factory=list[Card])
    whats: list[tuple[int, What]] = field(default_factory=list[tuple[int, What]])


def consumer() -> Consumer:
    """The projector. What it cannot read goes to the dead letters and parks its line at once."""
    return Consumer(
        CONSUMER,
        (LINES, CRISES, ORDERS, CRISIS_PROGRESS),
        Policy.GO_ON,
        handle,
        on_dead_letter=show_incomplete,
    )


async def handle(tx: Transaction, batch: Sequence[Received]) -> None:
    """Apply a batch inside the consumer's transaction."""
    lines: dict[UUID, _Line] = {}
    for received in batch:
        envelope, event = received.envelope, received.data
        if isinstance(event, CrisisOpened):
            await store.name_crisis(tx, event, envelope.sequence, envelope.is_drill)
        elif (change := course(event)) is not None:
            await store.follow_crisis(tx, change, envelope.sequence)
        elif isinstance(event, SaturationOrderEvent):
            await stops.keep(tx, envelope, event)
        elif isinstance(event, LineEvent):
            claimed = projection.fact(envelope, event)
            line = lines.setdefault(claimed.line, _Line(claimed.crisis))
            line.events.append(claimed)
            line.whats.append((envelope.sequence, projection.what(envelope, event)))
    if lines:
        await _apply(tx, lines)


async def _apply(tx: Transaction, lines: dict[UUID, _Line]) -> None:
    heads = await store.lock(tx, {line.crisis for line in lines.values()})
    before = await store.cards(tx, lines)
    settled = {key: projection.settle(before.get(key), line.events) for key, line in lines.items()}
    healing = [key for key, card in before.items() if card.parked and settled[key].card is not card]
    for key, kept in (await store.take_waiting(tx, healing)).items():
        settled[key] = projection.settle(settled[key].card, [*kept, *settled[key].waiting])
    await store.keep_waiting(tx, [event for each in settled.values() for event in each.waiting])

    changes: list[store.Change] = []
    pairs: dict[UUID, list[tuple[Card | None, Card]]] = defaultdict(list)
    for key, each in settled.items():
        if each.card != before.get(key):
            heads[each.card.crisis].seq += 1
            since = before[key].sequence if key in before else 0
            whats = [seen for number, seen in sorted(lines[key].whats, key=_number) if number > since]
            changes.append(store.Change(heads[each.card.crisis].seq, each.card, _what_json(key, whats)))
            pairs[each.card.crisis].append((before.get(key), each.card))
    if not changes:
        return
    for crisis, moved in pairs.items():
        heads[crisis].counts += difference(moved)
    await store.write(tx, changes, heads)
    shown = [change.card.changed_at for change in changes if not change.card.parked]
    tx.after_commit(lambda: _count(shown))


def _count(happened: Sequence[datetime]) -> None:
    now = datetime.now(UTC)
    for at in happened:
        APPLIED.observe(max(0.0, (now - at).total_seconds()))


async def show_incomplete(tx: Transaction, lost: Lost) -> None:
    """Park the line of a record that was set aside; the record's replay, or a next complete event, heals it.

    A line nobody has heard of yet is shown only when the record can at least be read.
    """
    if lost.topic != LINES.name:
        return
    claimed = None
    if lost.event is not None and isinstance(lost.event.data, LineEvent):
        claimed = projection.fact(lost.event.envelope, lost.event.data)
    line = claimed.line if claimed is not None else line_of(lost.key)
    if line is not None:
        await park(tx, line, claimed)


def line_of(key: bytes | None) -> UUID | None:
    """The need line a record of the lines' topic belongs to; None for a key that names none."""
    try:
        return UUID((key or b"").decode("ascii"))
    except ValueError:
        return None


async def park(tx: Transaction, line: UUID, claimed: Card | None = None) -> None:
    """Show a line as incomplete until its next event is applied. `claimed`: what the lost event says."""
    known = (await store.cards(tx, [line])).get(line) or claimed
    if known is None:
        return
    heads = await store.lock(tx, {known.crisis})
    before = (await store.cards(tx, [line])).get(line)
    if before is not None and (before.parked or (claimed and claimed.sequence <= before.sequence)):
        return
    after = projection.parked(before, known)
    head = heads[after.crisis]
    head.seq += 1
    head.counts += difference([(before, after)])
    await store.write(tx, [store.Change(head.seq, after, "[]")], heads)


def _number(pair: tuple[int, What]) -> int:
    return pair[0]


def _what_json(line: UUID, whats: Sequence[What]) -> str:
    entries = [
        {"line": str(line), "type": what.type, "at": instant(what.at)}
        | ({"org": str(what.org)} if what.org else {})
        | ({"qty": what.qty} if what.qty else {})
        for what in whats
    ]
    return canonical(entries).decode()
