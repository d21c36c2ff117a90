"""The proof at the end: the board and the ledger's tables give the same figures for every line.

Board: the cards of the live board, made from events. Ledger: the list of lines, computed from the tables.
Both become one canonical text per line, hashed together.
"""

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from imece_local.demo.calls import Answer
from imece_local.demo.large.ground import Ground

FIGURES: Mapping[str, str] = {
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
    "label": "label",
    "is_stale": "stale",
    "urgency": "urgency",
    "verification": "verification",
    "item": "item",
    "unit": "unit",
    "district": "place",
}
"""Members of a line as the ledger tells it → of its card."""
CATCHES_UP_IN = 120.0
"""Seconds the board may need to show the last events; it is usually within one."""
LOOKS_EVERY = 1.0

Figures = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Proof:
    """Hashes of both sides, lines that differ, and what the crisis holds at the end."""

    board: str
    ledger: str
    differing: tuple[str, ...]
    lines: int
    states: Counter[str]
    labels: Counter[str]

    @property
    def is_equal(self) -> bool:
        """The board shows what the tables say."""
        return self.board == self.ledger


async def prove(ground: Ground) -> Proof:
    """Compare until both sides are equal, or CATCHES_UP_IN has passed. Raises DemoFailed."""
    gives_up = asyncio.get_running_loop().time() + CATCHES_UP_IN
    while True:
        ledger = of_ledger(await ground.listed("lines"))
        shown = await ground.calls.get(f"{ground.board}/board", ground.stage.secretariat_key)
        board = of_board(shown["cards"])
        if ledger == board or asyncio.get_running_loop().time() >= gives_up:
            break
        await asyncio.sleep(LOOKS_EVERY)
    return Proof(
        board=fingerprint(board),
        ledger=fingerprint(ledger),
        differing=tuple(sorted(at for at in ledger.keys() | board.keys() if ledger.get(at) != board.get(at))),
        lines=len(board),
        states=Counter(str(row["state"]) for row in await ground.listed("pledges")),
        labels=Counter(line["label"] for line in board.values()),
    )


def of_ledger(items: list[Answer]) -> Figures:
    """Line → figures, of the lines that were opened: others are on no board."""
    return {
        item["need_line_id"]: {
            **{name: str(item["line"][name]) for name in FIGURES},
            "state": str(item["line"]["need_state"]).upper(),
            "sequence": str(item["sequence"]),
        }
        for item in items
        if item["line"]["opened_at"] is not None
    }


def of_board(cards: list[Answer]) -> Figures:
    """Line → figures of its card; a card that misses an event is equal to nothing."""
    return {
        card["line"]: {
            **{name: str(card[shown]) for name, shown in FIGURES.items()},
            "state": str(card["state"]),
            "sequence": "parked" if card["parked"] else str(card["sequence"]),
        }
        for card in cards
    }


def fingerprint(figures: Figures) -> str:
    """SHA-256 of the canonical JSON."""
    text = json.dumps(figures, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
