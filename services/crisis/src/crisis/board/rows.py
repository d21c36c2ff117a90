"""One card as a reader sees it: words and formatted figures in one language, and the geometry of its bar.

The scripts of the page follow the same rules (rows.js); a test compares both.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from crisis.board.card import Card
from crisis.board.selection import priority
from imece_reference.items import item
from imece_reference.places import place
from imece_reference.refusals import UnknownItem, UnknownPlace
from imece_web import formats
from imece_web.catalogue import Catalogue, MissingMessage

FULL_WIDTH = 80
"""Width of a bar at 100 %; what is sent beyond it is drawn outside, up to OVER_WIDTH."""
OVER_WIDTH = 16

FIGURES = ("needed", "proposed", "held", "moving", "delivered", "gap")


@dataclass(frozen=True, slots=True)
class Figure:
    """One quantity: `name` of the column, machine text, text for readers."""

    name: str
    value: str
    text: str
    is_zero: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """Lengths along a bar of FULL_WIDTH: delivered from 0, coming after it, over beyond the notch."""

    delivered: float
    coming: float
    over: float


@dataclass(frozen=True, slots=True)
class Row:
    """Everything a table row prints."""

    card: Card
    place: str
    district: str
    item: str
    item_language: str
    unit: str
    figures: tuple[Figure, ...]
    bar: Bar
    bar_label: str
    needed_by: str
    is_late: bool
    asker: str
    priority: str


def row(card: Card, language: str, catalogue: Catalogue, names: Mapping[UUID, str], now: datetime) -> Row:
    """The row of a card in a language."""
    is_late = card.needed_by < now and card.gap > 0 and card.is_open
    needed_by = when(card.needed_by, language, catalogue, now)
    return Row(
        card=card,
        place=province_name(card.province, language),
        district=card.place[6:],
        item=item_name(card.item, language),
        item_language="tr" if language == "tr" else "en",
        unit=unit_name(card.unit, language, catalogue),
        figures=tuple(_figure(card, name, language) for name in FIGURES),
        bar=bar(card),
        bar_label=catalogue.text(
            language,
            "bar.label",
            gap=formats.number(language, card.gap),
            unit=unit_name(card.unit, language, catalogue),
            coming=formats.number(language, card.held + card.moving),
            delivered=formats.number(language, card.delivered),
        ),
        needed_by=catalogue.text(language, "time.late", moment=needed_by) if is_late else needed_by,
        is_late=is_late,
        asker=names.get(card.asker) or catalogue.text(language, "org.unknown", id=str(card.asker)[-6:]),
        priority=f"{priority(card, now):.3f}",
    )


def bar(card: Card) -> Bar:
    """Geometry of the coverage bar, in tenths of a unit."""
    if card.needed <= 0:
        return Bar(0, 0, 0)
    full = Decimal(FULL_WIDTH)
    delivered = (card.delivered + card.elsewhere) / card.needed * full
    coming = (card.held + card.moving) / card.needed * full
    inside = min(delivered, full)
    over = min(max(delivered + coming - full, Decimal(0)), Decimal(OVER_WIDTH))
    return Bar(_tenth(inside), _tenth(min(coming, full - inside)), _tenth(over))


def when(moment: datetime, language: str, catalogue: Catalogue, now: datetime) -> str:
    """Today, tomorrow and yesterday by name, other days by date, with the year unless it is the present one;
    Turkish time."""
    near = {0: "time.today", 1: "time.tomorrow", -1: "time.yesterday"}.get(formats.days_apart(moment, now))
    if near is None:
        return formats.day_and_clock(language, moment, not formats.is_same_year(moment, now))
    return catalogue.text(language, near, clock=formats.clock(moment))


def age(past: timedelta, language: str, catalogue: Catalogue) -> str:
    """How long ago, in the largest unit that is at least one."""
    seconds = max(0, int(past.total_seconds()))
    for key, size in (("age.days", 86_400), ("age.hours", 3_600), ("age.minutes", 60)):
        if seconds >= size:
            return catalogue.text(language, key, n=seconds // size)
    return catalogue.text(language, "age.seconds", n=seconds)


def province_name(pcode: str, language: str) -> str:
    """Name of the province a p-code lies in; the code itself when it is not known."""
    try:
        return place(pcode).province_name
    except UnknownPlace:
        return pcode


def item_name(code: str, language: str) -> str:
    """Name of an item: Turkish for Turkish readers, English for all others; the code when it is not known."""
    try:
        found = item(code)
    except UnknownItem:
        return code
    return found.name_tr if language == "tr" else found.name_en


def unit_name(code: str, language: str, catalogue: Catalogue) -> str:
    """What a unit is called; the code itself where it has no name."""
    try:
        return catalogue.text(language, f"unit.{code}")
    except MissingMessage:
        return code


def _figure(card: Card, name: str, language: str) -> Figure:
    value: Decimal = getattr(card, name)
    return Figure(name, format(value.normalize(), "f"), formats.number(language, value), value == 0)


def _tenth(value: Decimal) -> float:
    return round(float(value), 1)
