"""What the demonstrations say of crises, needs and pledges, in the words of the API."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from imece_local.demo.calls import Answer
from imece_local.demo.scenario import Line

HOURS_LEFT = {"life_saving": 12, "urgent": 36, "normal": 96}


def crisis_body(area: Iterable[str]) -> Answer:
    """An earthquake over these p-codes."""
    return {
        "title": {"tr": "Gösteri depremi", "en": "Demonstration earthquake", "ar": "زلزال تجريبي"},
        "hazard": "earthquake",
        "area": sorted(area),
        "severity": "red",
        "level": "S3",
    }


def need_body(district: str, urgency: str, lines: Iterable[Line]) -> Answer:
    """A need at a place, its lines needed the sooner the more urgent it is."""
    needed_by = datetime.now(UTC) + timedelta(hours=HOURS_LEFT[urgency])
    return {
        "district": district,
        "urgency": urgency,
        "lines": [
            {
                "item_code": line.item,
                "quantity": str(line.quantity),
                "unit": line.unit,
                "needed_by": needed_by.isoformat(timespec="seconds"),
            }
            for line in lines
        ],
    }


def pledge_body(need_line_id: str, quantity: int, unit: str, origin: str) -> Answer:
    """Goods at a place, with transport, ready in six hours."""
    return {
        "need_line_id": need_line_id,
        "quantity": str(quantity),
        "unit": unit,
        "origin": origin,
        "ready_within_minutes": 360,
        "has_transport": True,
    }
