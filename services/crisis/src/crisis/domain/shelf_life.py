"""How long goods still keep: a mark for whoever decides, and a refusal for what is past its date.

Dates are days in Türkiye, which has kept one offset since 2016.
"""

from datetime import date, datetime, timedelta, timezone
from enum import StrEnum

from .refusals import BestBeforePast

YELLOW_MONTHS = 9
RED_MONTHS = 3
_LOCAL_TIME = timezone(timedelta(hours=3))


class Mark(StrEnum):
    """Less than nine months, less than three."""

    YELLOW = "yellow"
    RED = "red"


def must_keep(best_before: date | None, now: datetime) -> None:
    """Raise BestBeforePast when the last day is over."""
    today = _today(now)
    if best_before is not None and best_before < today:
        raise BestBeforePast(best_before=best_before.isoformat(), today=today.isoformat())


def shelf_mark(best_before: date | None, now: datetime) -> Mark | None:
    """How soon the goods are past their date; red also when they are."""
    if best_before is None:
        return None
    today = _today(now)
    if best_before < _months_after(today, RED_MONTHS):
        return Mark.RED
    return Mark.YELLOW if best_before < _months_after(today, YELLOW_MONTHS) else None


def _today(now: datetime) -> date:
    return now.astimezone(_LOCAL_TIME).date()


def _months_after(day: date, months: int) -> date:
    """The same day some months later, or the last one of a shorter month."""
    ordinal = day.year * 12 + day.month - 1 + months
    year, month = divmod(ordinal, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), first_of_next - timedelta(days=1))
