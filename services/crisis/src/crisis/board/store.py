"""The projector's SQL: one lock per crisis and batch, then set-based statements; cost is flat with history.

The head row is locked before cards are read, so seq is gapless and commit-ordered, and no update is lost even
when two projectors overlap during a rebalance.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from crisis.board.card import Card, card_from
from crisis.board.course import Course
from crisis.board.tally import EMPTY, Tally
from imece_chassis.database import Transaction
from imece_contracts.crisis import CrisisOpened

CHANNEL = "board_changed"
"""NOTIFY channel; the payload is the crisis id."""

RETAINED_CHANGES = 5_000
"""How far back a reader may resume; as long as the hub's ring."""

PRUNE_SLACK = 1_000
"""Old changes go in lumps of this many, so most batches delete nothing."""

# Takes the heads of the batch, in one order for everybody, with their totals as they are under the lock.
_LOCK = """
SELECT h.crisis_id, h.seq, h.floor, t.counts
FROM board.board_head h JOIN board.board_total t ON t.crisis_id = h.crisis_id
WHERE h.crisis_id = ANY($1::uuid[])
ORDER BY h.crisis_id
FOR UPDATE
"""

# First sight of a crisis: a head and a total at zero.
_BEGIN = """
WITH heads AS (
    INSERT INTO board.board_head (crisis_id)
    SELECT crisis_id FROM unnest($1::uuid[]) AS wanted (crisis_id) ORDER BY crisis_id
    ON CONFLICT DO NOTHING
    RETURNING crisis_id
)
INSERT INTO board.board_total (crisis_id, counts) SELECT crisis_id, '{}'::jsonb FROM heads
"""

_CARDS = "SELECT line_id, body FROM board.board_card WHERE line_id = ANY($1::uuid[])"

_TAKE_WAITING = "DELETE FROM board.board_waiting WHERE line_id = ANY($1::uuid[]) RETURNING line_id, body"

_KEEP_WAITING = """
INSERT INTO board.board_waiting (line_id, sequence, body)
SELECT line_id, sequence, body::json
FROM unnest($1::uuid[], $2::bigint[], $3::text[]) AS late (line_id, sequence, body)
ON CONFLICT DO NOTHING
"""

# Everything a batch changes, in one statement; readers are woken when it commits.
_WRITE = """
WITH cards AS (
    INSERT INTO board.board_card AS known (line_id, crisis_id, sequence, is_parked, body)
    SELECT line_id, crisis_id, sequence, is_parked, body::json
    FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::boolean[], $5::text[])
        AS fresh (line_id, crisis_id, sequence, is_parked, body)
    ON CONFLICT (line_id) DO UPDATE
    SET sequence = excluded.sequence, is_parked = excluded.is_parked, body = excluded.body
), changes AS (
    INSERT INTO board.board_change (crisis_id, seq, line_id, at, card, what)
    SELECT crisis_id, seq, line_id, clock_timestamp(), card::json, what::json
    FROM unnest($2::uuid[], $6::bigint[], $1::uuid[], $5::text[], $7::text[])
        AS happened (crisis_id, seq, line_id, card, what)
), totals AS (
    UPDATE board.board_total t SET counts = moved.counts::jsonb
    FROM unnest($8::uuid[], $10::text[]) AS moved (crisis_id, counts)
    WHERE t.crisis_id = moved.crisis_id
), heads AS (
    UPDATE board.board_head h SET seq = moved.seq
    FROM unnest($8::uuid[], $9::bigint[]) AS moved (crisis_id, seq)
    WHERE h.crisis_id = moved.crisis_id
    RETURNING h.crisis_id
)
SELECT pg_notify($11, crisis_id::text) FROM heads
"""

_PRUNE = """
WITH gone AS (DELETE FROM board.board_change WHERE crisis_id = $1 AND seq <= $2)
UPDATE board.board_head SET floor = $2 WHERE crisis_id = $1
"""

# A crisis as it was opened; an older event never overwrites a newer one.
_CRISIS = """
INSERT INTO board.board_crisis AS known
    (crisis_id, crisis_no, sequence, title, hazard, severity, level, area, is_drill, opened_at)
VALUES ($1, $2, $3, $4::jsonb, $5, $6, $7, $8::text[], $9, $10)
ON CONFLICT (crisis_id) DO UPDATE
SET crisis_no = excluded.crisis_no, sequence = excluded.sequence, title = excluded.title,
    hazard = excluded.hazard, severity = excluded.severity, level = excluded.level, area = excluded.area,
    is_drill = excluded.is_drill, opened_at = excluded.opened_at
WHERE known.sequence < excluded.sequence
"""

# What a later event of a known crisis changes; the same event again changes nothing.
_COURSE = """
UPDATE board.board_crisis
SET sequence = $2, state = coalesce($3, state), severity = coalesce($4, severity),
    level = CASE WHEN $4::text IS NULL THEN level ELSE $5 END, area = coalesce($6::text[], area)
WHERE crisis_id = $1 AND sequence < $2
"""

_BODIES = "SELECT body FROM board.board_card WHERE crisis_id = $1 ORDER BY line_id"


@dataclass(slots=True)
class Head:
    """A locked crisis: newest seq, oldest answerable seq, counters."""

    seq: int
    floor: int
    counts: Tally


@dataclass(frozen=True, slots=True)
class Change:
    """One card that changed, at its number; `what` is JSON text of the things that happened."""

    seq: int
    card: Card
    what: str


async def lock(tx: Transaction, crises: Collection[UUID]) -> dict[UUID, Head]:
    """Lock the heads of these crises until the transaction ends, creating those that are new."""
    wanted = sorted(crises)
    rows = await tx.fetch(_LOCK, wanted)
    if len(rows) < len(wanted):
        await tx.execute(_BEGIN, wanted)
        rows = await tx.fetch(_LOCK, wanted)
    return {row["crisis_id"]: Head(row["seq"], row["floor"], _counts(row["counts"])) for row in rows}


async def cards(tx: Transaction, lines: Collection[UUID]) -> dict[UUID, Card]:
    """The cards of these lines as they are under the lock; lines not seen before are missing."""
    return {row["line_id"]: card_from(row["body"]) for row in await tx.fetch(_CARDS, list(lines))}


async def take_waiting(tx: Transaction, lines: Collection[UUID]) -> dict[UUID, list[Card]]:
    """Remove and return the events that were kept for these lines."""
    found: dict[UUID, list[Card]] = defaultdict(list)
    if lines:
        for row in await tx.fetch(_TAKE_WAITING, list(lines)):
            found[row["line_id"]].append(card_from(row["body"]))
    return found


async def keep_waiting(tx: Transaction, events: Sequence[Card]) -> None:
    """Keep events that lie beyond a missing number."""
    if events:
        await tx.execute(
            _KEEP_WAITING,
            [event.line for event in events],
            [event.sequence for event in events],
            [event.body.decode() for event in events],
        )


async def write(tx: Transaction, changes: Sequence[Change], heads: Mapping[UUID, Head]) -> None:
    """Store changed cards with their numbers, move heads and totals, drop changes out of reach."""
    changed = [change.card for change in changes]
    moved = {card.crisis for card in changed}
    await tx.execute(
        _WRITE,
        [card.line for card in changed],
        [card.crisis for card in changed],
        [card.sequence for card in changed],
        [card.parked for card in changed],
        [card.body.decode() for card in changed],
        [change.seq for change in changes],
        [change.what for change in changes],
        list(moved),
        [heads[crisis].seq for crisis in moved],
        [json.dumps(heads[crisis].counts.as_dict()) for crisis in moved],
        CHANNEL,
    )
    for crisis in moved:
        if heads[crisis].seq - heads[crisis].floor >= RETAINED_CHANGES + PRUNE_SLACK:
            await tx.execute(_PRUNE, crisis, heads[crisis].seq - RETAINED_CHANGES)


async def name_crisis(tx: Transaction, event: CrisisOpened, sequence: int, is_drill: bool) -> None:
    """Remember what a crisis is called; its board exists from now on, even without a line."""
    await tx.execute(_BEGIN, [event.crisis])
    await tx.execute(
        _CRISIS,
        event.crisis,
        event.crisis_no,
        sequence,
        json.dumps(event.title, ensure_ascii=False),
        event.hazard,
        event.severity,
        event.level,
        list(event.area),
        is_drill,
        event.opened_at,
    )


async def follow_crisis(tx: Transaction, change: Course, sequence: int) -> None:
    """Keep the top of a board true after its crisis was opened."""
    area = None if change.area is None else list(change.area)
    await tx.execute(_COURSE, change.crisis, sequence, change.state, change.severity, change.level, area)


async def hash(tx: Transaction, crisis: UUID) -> str:
    """SHA-256 over the canonical JSON of all cards of a crisis, one a line, in order of line ids."""
    digest = sha256()
    for row in await tx.fetch(_BODIES, crisis):
        digest.update(row["body"].encode() + b"\n")
    return digest.hexdigest()


def _counts(text: str | None) -> Tally:
    return Tally.of(json.loads(text)) if text else EMPTY
