"""Events of the crisis service as this service receives them, with figures a test can recognise."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from imece_chassis.consumer import Received
from imece_chassis.ids import uuid7
from imece_contracts.crisis import (
    AllocationHeld,
    AllocationProposed,
    AllocationReminderDue,
    AllocationWithdrawn,
    CrisisOpened,
    LineVector,
    NeedLineOpened,
    SaturationOrderIssued,
    SaturationOrderLapsed,
)
from imece_contracts.event import EventData, encode, seal


def crisis_opened(crisis_id: UUID, *, is_drill: bool = False) -> Received:
    """The crisis “Hatay depremi”, KRZ-2026-0007."""
    data = CrisisOpened(
        crisis=crisis_id,
        crisis_no="KRZ-2026-0007",
        title={"tr": "Hatay depremi", "en": "Hatay earthquake"},
        hazard="earthquake",
        severity="red",
        area=("TUR031",),
        opened_at=datetime.now(UTC),
    )
    return received(data, crisis_id, f"crisis/{crisis_id}", str(crisis_id), is_drill=is_drill)


def line(**changes: Any) -> LineVector:
    """1,000 family tents wanted in Hatay, 200 of them held."""
    now = datetime.now(UTC)
    figures = dict.fromkeys("CEPWTADL", Decimal(0))
    given: dict[str, Any] = {
        "need_line": uuid7(),
        "need": uuid7(),
        "asker_org": uuid7(),
        "item": "SHL-TENT-FAM",
        "unit": "adet",
        "district": "TUR031",
        "needed_by": now + timedelta(days=1),
        "need_state": "open",
        "urgency": "urgent",
        "verification": 1,
        "opened_at": now,
        "R": Decimal(1000),
        "H": Decimal(200),
        "room": Decimal(800),
        "gap": Decimal(800),
        "surplus": Decimal(0),
        "at_risk": Decimal(0),
        "label": "PARTLY_COVERED",
        **figures,
        **changes,
    }
    return LineVector.model_validate(given)


def need_line_opened(crisis_id: UUID, vector: LineVector | None = None) -> Received:
    vector = vector or line()
    return received(NeedLineOpened(line=vector), crisis_id, f"line/{vector.need_line}", str(vector.need_line))


def reminded(crisis_id: UUID, *, holder: UUID, deadline: UUID, milestone: int = 50) -> Received:
    """Half of the holder's lease has passed; `deadline` is its clock."""
    data = AllocationReminderDue(
        **_allocation(line(), holder),
        milestone=50 if milestone == 50 else 80,
        deadline_ref=deadline,
        lease_until=datetime.now(UTC) + timedelta(hours=12),
    )
    return received(data, crisis_id, f"allocation/{data.allocation}", str(data.line.need_line))


def stopped(
    crisis_id: UUID, *, lapsed: bool = False, time: datetime | None = None, **changes: Any
) -> Received:
    """Nobody should send family tents to Hatay; or, lapsed, they may again."""
    terms: dict[str, Any] = {
        "order": uuid7(),
        "item": "SHL-TENT-FAM",
        "area": ("TUR031",),
        "until": datetime.now(UTC) + timedelta(days=3),
        "reason": "enough_here",
        **changes,
    }
    data = (
        SaturationOrderLapsed(**terms, lapse_reason="ended")
        if lapsed
        else SaturationOrderIssued(**terms, provisional_until=terms["until"])
    )
    return received(data, crisis_id, f"saturation_order/{data.order}", str(data.order), time=time)


def proposed(
    crisis_id: UUID, vector: LineVector | None = None, *, pledger: UUID | None = None, is_drill: bool = False
) -> Received:
    """200 tents proposed, awaited by the asker's side."""
    data = AllocationProposed(
        **_allocation(vector or line(), pledger),
        awaiting="asker_side",
        deadline_ref=uuid7(),
        answer_by=datetime.now(UTC) + timedelta(hours=4),
    )
    return received(
        data, crisis_id, f"allocation/{data.allocation}", str(data.line.need_line), is_drill=is_drill
    )


def held(crisis_id: UUID, vector: LineVector | None = None) -> Received:
    """200 tents held."""
    data = AllocationHeld(
        **_allocation(vector or line(), None),
        deadline_ref=uuid7(),
        lease_until=datetime.now(UTC) + timedelta(hours=24),
    )
    return received(data, crisis_id, f"allocation/{data.allocation}", str(data.line.need_line))


def withdrawn(crisis_id: UUID) -> Received:
    """200 held tents taken back."""
    data = AllocationWithdrawn(**_allocation(line(), None), reason="changed", from_state="held")
    return received(data, crisis_id, f"allocation/{data.allocation}", str(data.line.need_line))


def on_behalf(event: Received, writer: UUID, **changes: Any) -> Received:
    """The same said of what a desk of `writer` promised for the pledger."""
    until = datetime.now(UTC) + timedelta(days=1)
    data = event.data.model_copy(update={"on_behalf_by": writer, "object_until": until, **changes})
    assert event.envelope.crisis_id is not None
    return received(data, event.envelope.crisis_id, event.envelope.subject, event.envelope.key)


def received(
    data: EventData,
    crisis_id: UUID,
    subject: str,
    key: str,
    *,
    is_drill: bool = False,
    time: datetime | None = None,
) -> Received:
    """The record as the consumer hands it over; said now unless given."""
    envelope = seal(
        data,
        id=uuid7(),
        source="//imece.example/crisis",
        subject=subject,
        key=key,
        sequence=3,
        time=time or datetime.now(UTC),
        crisis_id=crisis_id,
        is_drill=is_drill,
        payload=encode(data),
    )
    return Received(envelope=envelope, data=data, topic=data.topic.name, partition=0, offset=0)


def _allocation(vector: LineVector, pledger: UUID | None) -> dict[str, Any]:
    return {
        "line": vector,
        "allocation": uuid7(),
        "root": uuid7(),
        "offer_line": uuid7(),
        "pledger_org": pledger or uuid7(),
        "asker_org": vector.asker_org,
        "qty": Decimal(200),
        "supply_qty": Decimal(200),
        "unit": "adet",
    }
