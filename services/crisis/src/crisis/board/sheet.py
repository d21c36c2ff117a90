"""The board page as values: what the template prints, from one view of the board and one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from crisis.board.card import instant
from crisis.board.rows import Row, item_name, province_name, row
from crisis.board.selection import STATES, WEIGHTS, Filter, Selection
from crisis.board.source import Crisis
from crisis.board.stop_cards import StopCard, cards
from crisis.board.strip import Happening, happenings
from crisis.board.tiles import Tile, tiles
from crisis.board.view import BoardView
from imece_reference.items import items
from imece_reference.places import provinces
from imece_reference.turkish import sort_key
from imece_web import formats
from imece_web.catalogue import Catalogue
from imece_web.languages import Language

COUNTERS: Mapping[str, Mapping[str, str]] = {
    "critical": {"urgency": "life_saving", "state": "gaps"},
    "gaps": {"state": "gaps"},
    "open": {},
    "uncovered": {"state": "uncovered"},
    "held": {"state": "held"},
    "moving": {"state": "moving"},
    "delivered": {"state": "delivered"},
    "oversupplied": {"state": "oversupplied"},
}
"""The counters of the board and the filter each of them is."""

MESSAGES = (
    *("live.", "coverage.", "urgency.", "verification.", "place.", "bar.", "time.", "age.", "what.", "org."),
    *("unit.", "filter.result", "partial.banner", "page.time", "counter.gaps", "stop."),
)
"""What the scripts of the page say."""

LIVE_SECONDS = 5
DELAYED_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Counter:
    """One counter: a number, a word, and the link that filters by it."""

    name: str
    count: int
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """The values of board.html."""

    crisis: Crisis
    title: str
    title_language: str
    hours: int | None
    view: BoardView
    now: datetime
    wanted: Filter
    selection: Selection
    rows: tuple[Row, ...]
    tiles: tuple[Tile, ...]
    strip: tuple[Happening, ...]
    stops: tuple[StopCard, ...]
    provinces: tuple[tuple[str, str], ...]
    items: tuple[tuple[str, str], ...]
    states: tuple[str, ...]
    urgencies: tuple[str, ...]
    language_in_url: str | None

    @property
    def fresh_clock(self) -> str | None:
        """Hours and minutes of the data; None when no progress mark counts yet."""
        return None if self.view.fresh_at is None else formats.clock(self.view.fresh_at)

    @property
    def fresh_state(self) -> str:
        """`live`, `delayed` or `stale`, as measured when the page was made; `unknown` without a measure."""
        if self.view.fresh_at is None:
            return "unknown"
        past = (self.now - self.view.fresh_at).total_seconds()
        return "live" if past <= LIVE_SECONDS else "delayed" if past <= DELAYED_SECONDS else "stale"

    @property
    def clock(self) -> str:
        """Turkish time."""
        return formats.clock(self.now)

    @property
    def utc(self) -> str:
        """The same moment in UTC."""
        return formats.utc_clock(self.now)

    @property
    def counters(self) -> tuple[Counter, ...]:
        """The counters of the scope; each keeps the province and drops the other filters."""
        totals = self.view.totals(self.wanted.scope).as_dict()
        made: list[Counter] = []
        for name, asked in COUNTERS.items():
            target = replace(Filter(), scope=self.wanted.scope, **asked)
            is_current = target == replace(self.wanted, page=1)
            href = self.link(item="", urgency=target.urgency, state=target.state)
            made.append(Counter(name, totals[name], href, is_current))
        return tuple(made)

    def link(self, **changes: object) -> str:
        """The same page with some filter values changed."""
        return board_path(self.crisis, self.wanted.query(self.language_in_url, **changes))

    def language_link(self, code: str) -> str:
        """The same page in another language."""
        return board_path(self.crisis, self.wanted.query(code, page=self.wanted.page))

    @property
    def clear_link(self) -> str:
        """The board without any filter."""
        return board_path(self.crisis, Filter().query(self.language_in_url))


def sheet(
    crisis: Crisis,
    view: BoardView,
    wanted: Filter,
    selection: Selection,
    language: Language,
    language_in_url: str | None,
    catalogue: Catalogue,
    names: Mapping[UUID, str],
    now: datetime,
) -> Sheet:
    """Put the page together."""
    title, title_language = crisis_title(crisis, language.code)
    code = language.code
    present = {card.province for card in view.cards.values()} | {each[:6] for each in crisis.area}
    used = {card.item for card in view.cards.values()}
    return Sheet(
        crisis=crisis,
        title=title,
        title_language=title_language,
        hours=None if crisis.opened_at is None else max(0, (now - crisis.opened_at) // timedelta(hours=1)),
        view=view,
        now=now,
        wanted=wanted,
        selection=selection,
        rows=tuple(row(card, code, catalogue, names, now) for card in selection.rows),
        tiles=tiles(crisis, view, wanted, language_in_url, code),
        strip=happenings(view, code, catalogue, names, now),
        stops=cards(crisis.stops, code),
        provinces=tuple(_sorted({each: province_name(each, code) for each in present})),
        items=tuple(_sorted({each: item_name(each, code) for each in used})),
        states=tuple(STATES),
        urgencies=tuple(WEIGHTS),
        language_in_url=language_in_url,
    )


def board_path(crisis: Crisis, query: str = "") -> str:
    """The address of a board: by number where there is one."""
    return f"/c/{crisis.number or crisis.crisis}{query}"


def crisis_title(crisis: Crisis, language: str) -> tuple[str, str]:
    """Title and the language it is in: the reader's, else English, else Turkish, else the number."""
    titles = crisis.title or {}
    for code in (language, "en", "tr"):
        if titles.get(code):
            return titles[code], code
    return crisis.number or str(crisis.crisis), "en"


def start_values(page: Sheet, language: Language, catalogue: Catalogue) -> dict[str, Any]:
    """What the scripts start from: position in the stream, addresses, words."""
    base = f"/c/{page.crisis.crisis}/board"
    code = language.code
    wanted = page.wanted
    return {
        "epoch": str(page.view.epoch),
        "asOf": page.view.head,
        "freshAt": None if page.view.fresh_at is None else instant(page.view.fresh_at),
        "serverTime": instant(page.now),
        "stream": f"{base}/stream",
        "changes": f"{base}/changes",
        "snapshot": base,
        "scope": wanted.scope,
        "filter": {"item": wanted.item, "urgency": wanted.urgency, "state": wanted.state},
        "page": page.selection.page,
        "query": wanted.query(None, page=page.selection.page) or "?page=1",
        "isFull": page.selection.pages > page.selection.page,
        "intl": language.intl,
        "messages": catalogue.subset(code, MESSAGES),
        "items": {each.code: item_name(each.code, code) for each in items()},
        "provinces": {each.pcode: each.name_tr for each in provinces()},
    }


def _sorted(names: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted(names.items(), key=lambda pair: sort_key(pair[1]))
