"""How much so many people need for so many days: figures with their source, rounded up, never a need.

Minimum standards and the catalogue's own "serves" figures give the amounts; a crisis may set its own values.
An estimate prefills a form and stays an estimate until a person submits it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from imece_reference.items import EDITION, Item, item, items
from imece_reference.sphere import Standard, standard, standards
from imece_reference.units import unit as unit_of

HOUSEHOLD = "household_size_tr"
MEALS = "meals_per_day"
MOST_PEOPLE = 10_000_000
MOST_DAYS = 365
MONTH_DAYS = 30
_GRAMS: Mapping[str, Decimal] = {"WSH-SOAP-100": Decimal(100), "WSH-SOAP-200": Decimal(200)}
_LITRES: Mapping[str, Decimal] = {"WSH-WATER-15": Decimal("1.5")}
_OWN = {MEALS: Decimal(3)}
"""Figures no standard names; a crisis says its own."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """One amount: `quantity` in `unit`, from `value` per `per`; `item_quantity` in the item's base unit."""

    key: str
    name_tr: str
    name_en: str
    quantity: Decimal
    unit: str
    value: Decimal
    per: str
    sector: str
    source: str
    status: str
    note: str
    is_overridden: bool
    item_code: str | None = None
    item_quantity: Decimal | None = None
    item_unit: str | None = None


def known_figures() -> frozenset[str]:
    """Every figure a crisis may set for itself."""
    return frozenset(figure.key for figure in standards() if figure.value_min is not None) | frozenset(_OWN)


def estimates(people: int, days: int, own: Mapping[str, Decimal]) -> list[Estimate]:
    """Every amount for that many people and days; `own` are the crisis' values in place of the standards'."""
    found = [_of_standard(figure, people, days, own) for figure in standards() if _is_amount(figure)]
    found.append(_meals(people, days, own))
    return [*found, *(_of_item(each, people, days) for each in items() if each.serves_persons)]


def _is_amount(figure: Standard) -> bool:
    return figure.rule in ("multiply", "divide") and figure.value_min is not None


def _of_standard(figure: Standard, people: int, days: int, own: Mapping[str, Decimal]) -> Estimate:
    assert figure.value_min is not None
    value = own.get(figure.key, figure.value_min)
    if figure.rule == "divide":
        counted = _households(people, own) if figure.unit == "household" else Decimal(people)
        amount, unit, per = counted / value, figure.per, figure.unit
    else:
        amount, unit, per = value * _times(figure.per, people, days, own), figure.unit, figure.per
    quantity = _up(amount)
    goods = None if figure.item_code is None else item(figure.item_code)
    return Estimate(
        key=figure.key,
        name_tr=figure.name_tr,
        name_en=figure.name_en,
        quantity=quantity,
        unit=unit,
        value=value,
        per=per,
        sector=figure.sector,
        source=figure.edition,
        status=figure.status,
        note=figure.note,
        is_overridden=figure.key in own,
        item_code=None if goods is None else goods.code,
        item_quantity=None if goods is None else _in_items(goods, quantity, unit),
        item_unit=None if goods is None else goods.base_unit,
    )


def _meals(people: int, days: int, own: Mapping[str, Decimal]) -> Estimate:
    value = own.get(MEALS, _OWN[MEALS])
    hot = item("FSC-MEAL-HOT")
    quantity = _up(value * people * days)
    return Estimate(
        key=MEALS,
        name_tr="Öğün",
        name_en="Meals",
        quantity=quantity,
        unit=hot.base_unit,
        value=value,
        per="person.day",
        sector=hot.sector,
        source="own figure",
        status="provisional",
        note="no minimum standard names it; per-crisis override",
        is_overridden=MEALS in own,
        item_code=hot.code,
        item_quantity=quantity,
        item_unit=hot.base_unit,
    )


def _of_item(goods: Item, people: int, days: int) -> Estimate:
    assert goods.serves_persons is not None
    spans = 1 if goods.serves_days is None else _up(Decimal(days) / goods.serves_days)
    quantity = _up(Decimal(people) / goods.serves_persons) * spans
    span = "" if goods.serves_days is None else f".{goods.serves_days} days"
    return Estimate(
        key=f"item:{goods.code}",
        name_tr=goods.name_tr,
        name_en=goods.name_en,
        quantity=quantity,
        unit=goods.base_unit,
        value=Decimal(goods.serves_persons),
        per=f"persons{span}",
        sector=goods.sector,
        source=f"item catalogue, edition {EDITION}",
        status="sourced" if goods.ifrc_code else "provisional",
        note="how many persons one serves",
        is_overridden=False,
        item_code=goods.code,
        item_quantity=quantity,
        item_unit=goods.base_unit,
    )


def _times(per: str, people: int, days: int, own: Mapping[str, Decimal]) -> Decimal:
    """How often a figure counts."""
    if per == "household":
        return _households(people, own)
    spans = {"person.day": Decimal(days), "person.month": Decimal(days) / MONTH_DAYS}
    return people * spans.get(per, Decimal(1))


def _households(people: int, own: Mapping[str, Decimal]) -> Decimal:
    size = own.get(HOUSEHOLD) or standard(HOUSEHOLD).value_min
    assert size is not None
    return _up(Decimal(people) / size)


def _in_items(goods: Item, quantity: Decimal, unit: str) -> Decimal:
    """The amount in the item's base unit: litres in bottles, grams in bars, pieces as they are."""
    content = {"g": _GRAMS, "L": _LITRES}.get(unit, {}).get(goods.code)
    amount = quantity if content is None else quantity / content
    return amount if unit_of(goods.base_unit).is_divisible else _up(amount)


def _up(amount: Decimal) -> Decimal:
    return amount.to_integral_value(ROUND_CEILING)


def override_faults(own: Mapping[str, Decimal]) -> Iterator[str]:
    """Why a crisis may not set these figures: the names of those that are unknown or not above zero."""
    known = known_figures()
    yield from (key for key, value in own.items() if key not in known or not 0 < value <= MOST_PEOPLE)
