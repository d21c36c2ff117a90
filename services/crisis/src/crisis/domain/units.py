"""Quantities as entered become base units once, and the conversion is frozen on the row.

A later edition of the catalogue may change a pack's factor; a row written before keeps its own.
"""

from decimal import Decimal
from functools import lru_cache

from imece_reference.items import Item, item
from imece_reference.quantities import PackSnapshot, convert, format_quantity, parse_quantity

from .refusals import ItemNotGoods, QuantityTooLarge

__all__ = [
    "MOST_ENTERED",
    "Decimal",
    "PackSnapshot",
    "entered",
    "format_quantity",
    "goods",
    "parse_quantity",
    "plain",
    "smallest_piece",
    "whole_or_refused",
]

MOST_ENTERED = Decimal(1_000_000_000)
"""The most one pledge or need line may hold, in base units; a million of them still fit one balance."""


@lru_cache(maxsize=256)
def goods(code: str) -> Item:
    """The goods item of a code; raises UnknownItem, ItemNotGoods."""
    found = item(code)
    if found.kind != "goods":
        raise ItemNotGoods(item_code=found.code, kind=found.kind)
    return found


@lru_cache(maxsize=4096)
def entered(item_code: str, quantity: str, unit: str) -> tuple[Decimal, PackSnapshot]:
    """Base units and the frozen pack; an entry in base units is a pack of factor 1.

    Raises InvalidQuantity, UnknownUnit, NotWhole, UnknownItem, ItemNotGoods, QuantityTooLarge.
    """
    found = goods(item_code)
    base, pack = convert(found, parse_quantity(quantity), unit)
    if base > MOST_ENTERED:
        raise QuantityTooLarge(quantity=plain(base), most=plain(MOST_ENTERED), unit=found.base_unit)
    return base, pack or PackSnapshot(found.base_unit, Decimal(1), base, found.edition)


@lru_cache(maxsize=256)
def smallest_piece(code: str) -> Decimal:
    """One for goods that cannot be divided, else nothing; raises what `goods` does."""
    return Decimal(0) if goods(code).is_divisible else Decimal(1)


def whole_or_refused(item_code: str, quantity: str) -> Decimal:
    """A quantity in base units; raises what `entered` does."""
    return entered(item_code, quantity, goods(item_code).base_unit)[0]


plain = format_quantity
"""Shortest decimal text of a quantity."""
