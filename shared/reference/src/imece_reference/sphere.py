"""Minimum-standard figures for estimating needs. An estimate never becomes a need without a person's word.

Rules: `multiply` = value × persons (× days) · `divide` = persons ÷ value, rounded up · `threshold` = compare
· `parameter` = default of a calculation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from functools import cache
from types import MappingProxyType
from typing import Literal, cast

from .refusals import UnknownCode
from .tables import rows

Rule = Literal["multiply", "divide", "threshold", "parameter"]


@dataclass(frozen=True, slots=True)
class Standard:
    """One figure: `value_min` … `value_max` in `unit` per `per`; a threshold may have only a maximum."""

    key: str
    name_tr: str
    name_en: str
    rule: Rule
    value_min: Decimal | None
    value_max: Decimal | None
    unit: str
    per: str
    sector: str
    item_code: str | None
    edition: str
    status: str
    note: str


@cache
def _by_key() -> Mapping[str, Standard]:
    return MappingProxyType({row["key"]: _standard(row) for row in rows("sphere")})


def _standard(row: Mapping[str, str]) -> Standard:
    return Standard(
        key=row["key"],
        name_tr=row["name_tr"],
        name_en=row["name_en"],
        rule=cast(Rule, row["rule"]),
        value_min=Decimal(row["value_min"]) if row["value_min"] else None,
        value_max=Decimal(row["value_max"]) if row["value_max"] else None,
        unit=row["unit"],
        per=row["per"],
        sector=row["sector_code"],
        item_code=row["item_code"] or None,
        edition=row["edition"],
        status=row["status"],
        note=row["note"],
    )


def standards() -> tuple[Standard, ...]:
    return tuple(_by_key().values())


def standard(key: str) -> Standard:
    """Raises UnknownCode."""
    try:
        return _by_key()[key]
    except KeyError:
        raise UnknownCode(list="sphere", value=key[:40]) from None


def estimate(key: str, persons: int, days: int = 1) -> Decimal:
    """Estimated amount in the standard's unit (multiply) or number of facilities (divide), from the minimum.

    `days` counts only for figures per person and day. Raises UnknownCode, ValueError for other rules or
    negative numbers.
    """
    figure = standard(key)
    if persons < 0 or days < 0:
        raise ValueError("persons and days are counts, not negative")
    if figure.value_min is None or figure.rule not in ("multiply", "divide"):
        raise ValueError(f"{key} is no figure to calculate with")
    if figure.rule == "divide":
        return (Decimal(persons) / figure.value_min).to_integral_value(rounding=ROUND_CEILING)
    return figure.value_min * persons * (days if figure.per == "person.day" else 1)
