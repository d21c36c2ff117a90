"""Need lines for tests of the board: a small ledger that gives the events the write side would publish.

The arithmetic is written here again, from the specification, so that it does not repeat the code under test.
"""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from imece_chassis.consumer import Received
from imece_chassis.ids import uuid7
from imece_contracts.crisis import (
    AllocationHeld,
    AllocationProposed,
    CrisisOpened,
    LineEvent,
    LineVector,
    NeedLineOpened,
    SaturationOrderIssued,
    SaturationOrderLapsed,
)
from imece_contracts.event import EventData, seal
from imece_contracts.topics import CRISES, LINES, ORDERS

NOW = datetime(2026, 2, 6, 12, 0, tzinfo=UTC)
NOTHING = Decimal(0)


def opened(crisis: UUID, number: str = "KRZ-2026-0007", **changes: Any) -> Received:
    """A crisis was opened; `changes` replace fields of the event, `is_drill` the envelope's mark."""
    is_drill = bool(changes.pop("is_drill", False))
    fields: dict[str, Any] = {
        "crisis": crisis,
        "crisis_no": number,
        "title": {"tr": "Hatay depremi", "en": "Hatay earthquake", "ar": "زلزال هاتاي"},
        "hazard": "earthquake",
        "severity": "red",
        "level": "S3",
        "area": ("TUR031",),
        "opened_at": datetime.now(UTC) - timedelta(hours=5),
    }
    data = CrisisOpened(**(fields | changes))
    return _received(data, crisis, crisis, 1, CRISES.name, is_drill=is_drill)


def then(crisis: UUID, sequence: int, data: EventData) -> Received:
    """A later event of a crisis."""
    return _received(data, crisis, crisis, sequence, CRISES.name)


def of_order(crisis: UUID, order: UUID, sequence: int, data: EventData) -> Received:
    """An event of a saturation order."""
    return _received(data, crisis, order, sequence, ORDERS.name)


def stopping(crisis: UUID, order: UUID, item: str = "SHL-TENT-FAM") -> list[Received]:
    """The story of an order for Hatay that trucks may leave for a depot in Adana: issued, then lapsed."""
    until = datetime(2026, 2, 9, 12, tzinfo=UTC)
    terms: dict[str, Any] = {
        "order": order,
        "item": item,
        "area": ("TUR031",),
        "until": until,
        "reason": "enough_here",
        "depot_district": "TUR001",
    }
    story = (
        SaturationOrderIssued(**terms, provisional_until=until),
        SaturationOrderLapsed(**terms, lapse_reason="lifted"),
    )
    return [of_order(crisis, order, number, event) for number, event in enumerate(story, 1)]


class Line:
    """One need line with its balance. Every method returns the event it would cause."""

    def __init__(self, crisis: UUID, needed: int = 1000, **changes: Any) -> None:
        self.crisis = crisis
        self.id = uuid7()
        self.version = 0
        self.requested = Decimal(needed)
        self.q = dict.fromkeys("CEPWHTADL", NOTHING)
        self.fields: dict[str, Any] = {
            "need_line": self.id,
            "need": uuid7(),
            "asker_org": UUID(int=7),
            "item": "SHL-TENT-FAM",
            "unit": "adet",
            "district": "TUR031005",
            "needed_by": datetime.now(UTC) + timedelta(hours=12),
            "need_state": "OPEN",
            "urgency": "urgent",
            "verification": 1,
            "is_stale": False,
            "opened_at": datetime.now(UTC) - timedelta(hours=2),
        } | changes

    def open(self) -> Received:
        return self._event(NeedLineOpened)

    def propose(self, quantity: int, org: UUID | None = None) -> Received:
        self.q["P"] += quantity
        facts = {"awaiting": "asker_side", "deadline_ref": uuid7(), "answer_by": datetime.now(UTC)}
        return self._event(AllocationProposed, org, quantity, facts)

    def hold(self, quantity: int, org: UUID | None = None) -> Received:
        self.q["H"] += quantity
        self.q["P"] = max(NOTHING, self.q["P"] - quantity)
        facts = {"deadline_ref": uuid7(), "lease_until": datetime.now(UTC)}
        return self._event(AllocationHeld, org, quantity, facts)

    def step(self, rng: random.Random) -> Received:
        """Any next event."""
        if self.version == 0:
            return self.open()
        move = rng.choice(("propose", "hold", "dispatch", "deliver"))
        amount = rng.randint(1, 300)
        if move == "propose":
            return self.propose(amount)
        if move == "hold":
            return self.hold(amount)
        source, target = ("H", "T") if move == "dispatch" else ("T", "D")
        moved = min(self.q[source], Decimal(amount))
        self.q[source] -= moved
        self.q[target] += moved
        return self.hold(0)

    def vector(self) -> LineVector:
        """The balance now, by the formulas of the ledger."""
        q, requested = self.q, self.requested
        sent = q["E"] + q["H"] + q["T"] + q["A"] + q["D"]
        gap = max(NOTHING, requested - sent)
        surplus = max(NOTHING, sent - requested - q["C"])
        figures: dict[str, Any] = {
            "R": requested,
            "room": max(NOTHING, requested + q["C"] - sent),
            "gap": gap,
            "surplus": surplus,
            "at_risk": NOTHING,
            "label": self._label(gap, surplus),
        }
        return LineVector(**self.fields, **q, **figures)

    def _label(self, gap: Decimal, surplus: Decimal) -> Any:
        q = self.q
        done = q["D"] + q["E"]
        rules = (
            ("OVERSUPPLIED", surplus > 0),
            ("MET", done >= self.requested),
            ("COVERED", gap == 0),
            ("PARTLY_DELIVERED", done > 0),
            ("PARTLY_COVERED", q["H"] + q["T"] + q["A"] > 0),
        )
        return next((label for label, is_so in rules if is_so), "UNCOVERED")

    def _event(
        self,
        kind: type[LineEvent],
        org: UUID | None = None,
        quantity: int = 0,
        facts: dict[str, Any] | None = None,
    ) -> Received:
        self.version += 1
        fields: dict[str, Any] = {"line": self.vector()}
        if facts is not None:
            fields |= {
                "allocation": uuid7(),
                "root": uuid7(),
                "offer_line": uuid7(),
                "pledger_org": org or UUID(int=8),
                "asker_org": self.fields["asker_org"],
                "qty": Decimal(quantity),
                "supply_qty": Decimal(quantity),
                "unit": self.fields["unit"],
                **facts,
            }
        return _received(kind(**fields), self.crisis, self.id, self.version, LINES.name)


def history(crisis: UUID, lines: int, events: int, seed: int = 1) -> list[Received]:
    """Events of many lines, interleaved; those of one line in their order."""
    rng = random.Random(seed)
    world = [Line(crisis, rng.choice((100, 500, 1000))) for _ in range(lines)]
    return [rng.choice(world).step(rng) for _ in range(events)]


def _received(
    data: EventData, crisis: UUID, key: UUID, sequence: int, topic: str, *, is_drill: bool = False
) -> Received:
    envelope = seal(
        data,
        id=uuid7(),
        source="//imece.example/crisis",
        subject=str(key),
        key=str(key),
        sequence=sequence,
        time=datetime.now(UTC),
        crisis_id=crisis,
        is_drill=is_drill,
    )
    return Received(envelope, data, topic, 0, 0)
