"""Which rows a reader sees and in which order: filters from the URL, worst first, at most 100 on a page.

Order: urgency × open share × waiting time. The share makes tents and litres comparable without adding them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from urllib.parse import urlencode

from crisis.board.card import Card
from crisis.board.problems import FilterInvalid
from crisis.board.scopes import scope_of
from crisis.board.view import ALL, BoardView
from imece_reference.items import item
from imece_reference.refusals import UnknownItem

ROWS_PER_PAGE = 100
WEIGHTS: Mapping[str, int] = MappingProxyType({"life_saving": 4, "urgent": 2, "normal": 1})

STATES: Mapping[str, Callable[[Card], bool]] = MappingProxyType(
    {
        "open": lambda card: card.is_open,
        "gaps": lambda card: card.is_open and card.gap > 0 and not card.parked,
        "proposed": lambda card: card.is_open and card.proposed > 0,
        "held": lambda card: card.is_open and card.held > 0,
        "moving": lambda card: card.is_open and card.moving > 0,
        "delivered": lambda card: card.is_open and card.delivered > 0,
        "uncovered": lambda card: card.coverage == "UNCOVERED" and not card.parked,
        "partly_covered": lambda card: card.coverage == "PARTLY_COVERED",
        "covered": lambda card: card.coverage == "COVERED",
        "partly_delivered": lambda card: card.coverage == "PARTLY_DELIVERED",
        "met": lambda card: card.coverage == "MET",
        "oversupplied": lambda card: card.is_open and card.surplus > 0,
        "on_hold": lambda card: card.coverage == "ON_HOLD",
        "stale": lambda card: card.is_open and card.stale,
        "parked": lambda card: card.is_open and card.parked,
        "everything": lambda card: True,
    }
)


@dataclass(frozen=True, slots=True)
class Filter:
    """What the URL asks for. Empty text means no limit; `page` counts from 1."""

    scope: str = ALL
    item: str = ""
    urgency: str = ""
    state: str = "open"
    page: int = 1

    @property
    def is_limiting(self) -> bool:
        """Something is hidden that the plain board shows."""
        return replace(self, page=1) != Filter()

    def matches(self, card: Card) -> bool:
        """The card belongs to the rows asked for."""
        return (
            (self.scope in {ALL, card.province})
            and (not self.item or card.item == self.item)
            and (not self.urgency or card.urgency == self.urgency)
            and STATES[self.state](card)
        )

    def query(self, language: str | None = None, **changes: object) -> str:
        """The query string of this filter with some values changed; the default of each is left out."""
        asked = replace(self, **({"page": 1} | changes))  # pyright: ignore[reportArgumentType]
        pairs = [(name, getattr(asked, name)) for name in ("scope", "item", "urgency", "state", "page")]
        plain = Filter()
        wanted = [(name, str(value)) for name, value in pairs if value != getattr(plain, name)]
        if language is not None:
            wanted.append(("lang", language))
        return "?" + urlencode(wanted) if wanted else ""


@dataclass(frozen=True, slots=True)
class Selection:
    """One page of rows. `found` counts the rows of all `pages`."""

    rows: tuple[Card, ...]
    found: int
    page: int
    pages: int


def within(view: BoardView, wanted: Filter) -> Filter:
    """The filter with a page the board can have, so that made-up numbers share one answer."""
    most = max(1, -(-len(view.cards) // ROWS_PER_PAGE))
    return wanted if wanted.page <= most else replace(wanted, page=most)


def filter_of(parameters: Mapping[str, str]) -> Filter:
    """The filter in a query. Raises FilterInvalid naming the parameter."""
    wanted = Filter(
        scope=scope_of(parameters.get("scope")),
        item=parameters.get("item", ""),
        urgency=parameters.get("urgency", ""),
        state=parameters.get("state", "") or "open",
        page=_page(parameters.get("page", "1") or "1"),
    )
    if wanted.urgency and wanted.urgency not in WEIGHTS:
        raise FilterInvalid(name="urgency", value=wanted.urgency[:20])
    if wanted.state not in STATES:
        raise FilterInvalid(name="state", value=wanted.state[:20])
    if wanted.item:
        try:
            item(wanted.item)
        except UnknownItem:
            raise FilterInvalid(name="item", value=wanted.item[:40]) from None
    return wanted


def priority(card: Card, now: datetime) -> float:
    """How early a row comes: weight of the urgency × open share of the need × hours waited plus one."""
    if card.needed <= 0 or not card.is_open:
        return 0.0
    waited_hours = max(0.0, (now - card.opened_at).total_seconds()) / 3600
    return WEIGHTS.get(card.urgency, 1) * float(card.gap / card.needed) * (1.0 + waited_hours)


def order(cards: Iterable[Card], now: datetime) -> list[Card]:
    """Worst first; rows without a gap by the time they are needed; ids decide the rest."""
    return sorted(cards, key=lambda card: (-priority(card, now), card.needed_by, card.line))


def select(view: BoardView, wanted: Filter, now: datetime) -> Selection:
    """The asked page of the rows that match."""
    found = order((card for card in view.cards.values() if wanted.matches(card)), now)
    pages = max(1, -(-len(found) // ROWS_PER_PAGE))
    page = min(wanted.page, pages)
    rows = found[(page - 1) * ROWS_PER_PAGE : page * ROWS_PER_PAGE]
    return Selection(tuple(rows), len(found), page, pages)


def _page(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:6]) >= 1 and len(text) <= 6):
        raise FilterInvalid(name="page", value=text[:20])
    return int(text)
