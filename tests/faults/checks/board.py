"""I6: three computations of one board: from the facts, from the log read from offset 0, and its own cards."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal

import asyncpg

from tests.faults.checks import ledger
from tests.faults.checks.canonical import differences, digest, plain
from tests.platform.log import KafkaRecord

TOPIC = "crisis.lines.v1"
LINES = """
    SELECT l.need_line_id::text, upper(n.state) AS state, n.urgency, n.verification
    FROM need_lines l JOIN needs n USING (need_id, is_drill) WHERE NOT l.is_drill AND n.state <> 'draft'
"""
TOLD = """
    SELECT key, count(*) AS events
    FROM (
        SELECT event_id, topic, key FROM outbox UNION SELECT event_id, topic, key FROM outbox_archive
    ) AS event
    WHERE topic = $1 GROUP BY key
"""
CARDS = "SELECT line_id::text, sequence, is_parked, body::text FROM board.board_card"
FIGURES = {
    "R": "needed",
    "C": "over_cap",
    "E": "elsewhere",
    "P": "proposed",
    "W": "waitlisted",
    "H": "held",
    "T": "in_transit",
    "A": "arrived",
    "D": "delivered",
    "L": "lost",
    "room": "room",
    "gap": "gap",
    "surplus": "surplus",
}

Board = dict[str, dict[str, str]]


async def board_is_one(records: Sequence[KafkaRecord], connection: asyncpg.Connection) -> list[str]:
    """The hashes are equal, no card is parked; otherwise line by line what differs."""
    facts, log, shown = await from_facts(connection), from_log(records), await from_board(connection)
    found = (
        [f"facts ≠ log: {each}" for each in differences(facts, log)] if digest(facts) != digest(log) else []
    )
    if digest(log) != digest(shown):
        found += [f"log ≠ board: {each}" for each in differences(log, shown)]
    parked = await connection.fetchval("SELECT count(*) FROM board.board_card WHERE is_parked")
    return found + ([f"{parked} cards are parked"] if parked else [])


async def from_facts(connection: asyncpg.Connection) -> Board:
    """Line → figures, added up from allocations, revisions and statements, with our own formulas.

    Nothing is taken from a balance: the sequence is how many events the line has ever had.
    """
    rows = await ledger.read(connection)
    sums, elsewhere = ledger.need_sums(rows), ledger.elsewhere_sums(rows)
    asked = {row["need_line_id"]: row for row in rows.revisions}
    told = {row["key"]: row["events"] for row in await connection.fetch(TOLD, TOPIC)}
    board: Board = {}
    for line in await connection.fetch(LINES):
        key = line["need_line_id"]
        buckets = {name: sums[key][name] for name in ledger.COLUMN}
        terms = {"R": asked[key]["requested"], "C": asked[key]["over_cap"], "E": elsewhere[key]}
        figures = {**terms, **buckets}
        board[key] = {
            **{name: plain(value) for name, value in {**figures, **_derived(figures)}.items()},
            "state": line["state"],
            "sequence": str(told.get(key, 0)),
        }
    return board


def from_log(records: Sequence[KafkaRecord]) -> Board:
    """Line → figures of its newest event."""
    newest: dict[str, tuple[int, KafkaRecord]] = {}
    for record in records:
        if record.topic == TOPIC:
            key = (record.key or b"").decode()
            version = int(record.header("ce_sequence") or 0)
            if key not in newest or version > newest[key][0]:
                newest[key] = (version, record)
    board: Board = {}
    for key, (version, record) in newest.items():
        line = json.loads(record.value or b"{}")["line"]
        board[key] = {name: plain(line[name]) for name in FIGURES}
        board[key] |= {"state": str(line["need_state"]).upper(), "sequence": str(version)}
    return board


async def from_board(connection: asyncpg.Connection) -> Board:
    """Line → figures of its card."""
    board: Board = {}
    for row in await connection.fetch(CARDS):
        card = json.loads(row["body"])
        board[row["line_id"]] = {name: plain(card[shown]) for name, shown in FIGURES.items()}
        board[row["line_id"]] |= {"state": card["state"], "sequence": str(row["sequence"])}
    return board


def _derived(figures: Mapping[str, Decimal]) -> dict[str, Decimal]:
    covered = sum((figures[name] for name in ("E", "H", "T", "A", "D")), Decimal())
    nothing = Decimal()
    return {
        "room": max(nothing, figures["R"] + figures["C"] - covered),
        "gap": max(nothing, figures["R"] - covered),
        "surplus": max(nothing, covered - figures["R"] - figures["C"]),
    }
