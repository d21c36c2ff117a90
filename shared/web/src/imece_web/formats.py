"""Numbers and times as readers of each language write them; Latin digits, 24 hours, Turkish time."""

from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from babel.numbers import format_decimal

ZONE = ZoneInfo("Europe/Istanbul")
_LOCALES = {"tr": "tr", "en": "en_GB", "ar": "ar"}


@lru_cache(maxsize=8192)
def number(language: str, value: Decimal | int) -> str:
    """1.234,5 in Turkish, 1,234.5 in English; never rounded."""
    return format_decimal(
        value, locale=_LOCALES[language], decimal_quantization=False, numbering_system="latn"
    )


def clock(moment: datetime) -> str:
    """Hours and minutes in Turkish time."""
    return moment.astimezone(ZONE).strftime("%H:%M")


def utc_clock(moment: datetime) -> str:
    """Hours and minutes in UTC."""
    return moment.astimezone(UTC).strftime("%H:%M")


@lru_cache(maxsize=4096)
def day_and_clock(language: str, moment: datetime, has_year: bool = False) -> str:
    """Day, short month, with the year where it is asked for, hours and minutes in Turkish time."""
    pattern = "d MMM y HH:mm" if has_year else "d MMM HH:mm"
    return format_datetime(moment, pattern, tzinfo=ZONE, locale=_LOCALES[language])


def days_apart(moment: datetime, now: datetime) -> int:
    """Calendar days from `now` to `moment` in Turkish time: 0 today, 1 tomorrow, -1 yesterday."""
    return (moment.astimezone(ZONE).date() - now.astimezone(ZONE).date()).days


def is_same_year(moment: datetime, now: datetime) -> bool:
    """Whether both lie in one calendar year in Turkish time."""
    return moment.astimezone(ZONE).year == now.astimezone(ZONE).year
