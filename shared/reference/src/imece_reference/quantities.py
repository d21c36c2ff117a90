"""Quantities: exact decimals, never floats, never rounded.

On the wire a quantity is plain decimal text: digits, at most one point, at most three decimals, at most
fifteen integer digits, greater than zero. Packs are converted into base units with the factor of the item; an
unknown unit is an error, never factor 1; indivisible items take whole numbers on entry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from .items import Item
from .refusals import InvalidQuantity, NotWhole, UnknownUnit
from .turkish import ascii_key

MAX_INTEGER_DIGITS = 15
MAX_DECIMALS = 3
_PLAIN = re.compile(r"(\d+)(?:\.(\d+))?", re.ASCII)
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class PackSnapshot:
    """How a quantity was entered: `count` packs of `factor` base units, from an edition of the catalogue."""

    pack: str
    factor: Decimal
    count: Decimal
    edition: str | None = None


def parse_quantity(text: str) -> Decimal:
    """Decimal text such as `500` or `13.5` as an exact Decimal; raises InvalidQuantity with the rule."""
    match = _PLAIN.fullmatch(text)
    if match is None:
        raise _invalid(text, "write digits with a point, no sign, no exponent", "yalnız rakam ve nokta yazın")
    if len(match[1].lstrip("0")) > MAX_INTEGER_DIGITS:
        raise _invalid(text, "at most 15 digits before the point", "noktadan önce en çok 15 basamak")
    if len(match[2] or "") > MAX_DECIMALS:
        raise _invalid(text, "at most 3 digits after the point", "noktadan sonra en çok 3 basamak")
    quantity = Decimal(text)
    if quantity == 0:
        raise _invalid(text, "it must be greater than zero", "sıfırdan büyük olmalı")
    return quantity


def format_quantity(quantity: Decimal) -> str:
    """The shortest decimal text: `500`, `13.5`, `0`; never an exponent, no trailing zeros."""
    text = format(quantity, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def convert(item: Item, quantity: Decimal, unit: str) -> tuple[Decimal, PackSnapshot | None]:
    """Quantity in base units, and the frozen pack when the entry was in packs.

    `unit` is the base unit, its UN/ECE Rec 20 code or a pack of the item, compared without case and accents.
    Raises UnknownUnit, NotWhole, InvalidQuantity (not positive, or does not fit).
    """
    pack = _pack_named(item, unit)
    quantity = parse_quantity(_checked(quantity))
    if not item.is_divisible and quantity != quantity.to_integral_value():
        raise NotWhole(item_code=item.code, quantity=format_quantity(quantity), unit=pack or item.base_unit)
    if pack is None:
        return quantity, None
    factor = item.packs[pack]
    base = parse_quantity(_checked(quantity * factor))
    return base, PackSnapshot(pack=pack, factor=factor, count=quantity, edition=item.edition)


def known_units(item: Item) -> tuple[str, ...]:
    """The base unit first, then the packs of the item."""
    return (item.base_unit, *item.packs)


def _pack_named(item: Item, unit: str) -> str | None:
    wanted = ascii_key(unit.strip())
    if wanted in (ascii_key(item.base_unit), ascii_key(item.unit_rec20)):
        return None
    for pack in item.packs:
        if ascii_key(pack) == wanted:
            return pack
    raise UnknownUnit(
        item_code=item.code, base_unit=item.base_unit, unit=unit[:_SHOWN], known=", ".join(known_units(item))
    )


def _checked(quantity: Decimal) -> str:
    if not quantity.is_finite():
        raise _invalid(str(quantity), "it must be a finite number", "sonlu bir sayı olmalı")
    return format_quantity(quantity)


def _invalid(text: str, rule_en: str, rule_tr: str) -> InvalidQuantity:
    return InvalidQuantity(quantity=text[:_SHOWN], rule_en=rule_en, rule_tr=rule_tr)
