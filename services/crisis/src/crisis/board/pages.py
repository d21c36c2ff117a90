"""The HTML of the board: index, board, and refusals that say what to do next."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache, partial
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from crisis.board.card import Card
from crisis.board.names import Names
from crisis.board.rows import Row, row
from crisis.board.selection import Filter, Selection, filter_of, select, within
from crisis.board.sheet import crisis_title, sheet, start_values
from crisis.board.snapshots import Snapshots
from crisis.board.source import Crisis, Overview
from crisis.board.strip import actors
from crisis.board.view import BoardView
from imece_web import formats
from imece_web.catalogue import Catalogue, MissingMessage
from imece_web.languages import LANGUAGES, Language
from imece_web.pages import Pages

PACKAGE = "crisis.board"


@dataclass(frozen=True, slots=True)
class Listed:
    """One crisis on the index."""

    crisis: Crisis
    title: str
    title_language: str
    href: str
    opened: str | None


class BoardPages:
    """Renders what routes have looked up."""

    def __init__(self, names: Names, snapshots: Snapshots) -> None:
        self.pages = Pages([PACKAGE])
        self._names = names
        self._snapshots = snapshots

    async def board(self, request: Request, crisis: Crisis, view: BoardView, now: datetime) -> Response:
        """The board page, made once a moment for all who ask the same. Raises FilterInvalid."""
        language, in_url = self._language(request)
        wanted = within(view, filter_of(request.query_params))
        names = await self._names({card.asker for card in view.cards.values()} | actors(view))
        key = (view.crisis, "html", language.code, in_url, wanted, crisis.stops)
        build = partial(self._board, crisis, view, wanted, language, in_url, names, now)
        built = await self._snapshots.get(key, view, build)
        return self.pages.answer(request, built.content, compressed=built.compressed)

    def _board(
        self,
        crisis: Crisis,
        view: BoardView,
        wanted: Filter,
        language: Language,
        in_url: str | None,
        names: Mapping[UUID, str],
        now: datetime,
    ) -> bytes:
        selection = select(view, wanted, now)
        catalogue = self.pages.catalogue
        page = sheet(crisis, view, wanted, selection, language, in_url, catalogue, names, now)
        return self.pages.render(
            "board.html",
            language,
            page=page,
            start=start_values(page, language, catalogue) | {"names": _shown(names, selection, actors(view))},
            sample=_sample(language.code, catalogue),
            state_word=partial(_state_word, language.code, catalogue),
        )

    async def names_of(self, view: BoardView) -> dict[str, str]:
        """Names of all organisations that ask on a board or appear in its strip."""
        found = await self._names({card.asker for card in view.cards.values()} | actors(view))
        return {str(each): name for each, name in found.items()}

    def index(self, request: Request, overview: Overview) -> bytes:
        """All open crises."""
        language, in_url = self._language(request)
        return self.pages.render(
            "index.html",
            language,
            crises=[
                _listed(crisis, language, in_url) for crisis in sorted(overview.crises, key=_drills_last)
            ],
            language_in_url=in_url,
            clock=formats.clock(overview.now),
            utc=formats.utc_clock(overview.now),
        )

    def refused(self, request: Request, reason: str, status: int) -> Response:
        """A page for `unknown`, `members`, `forbidden`, `unavailable` or `filter`: why, and what to do."""
        language, in_url = self._language(request)
        html = self.pages.render(
            "refused.html", language, reason=reason, path=request.url.path, language_in_url=in_url
        )
        headers: Mapping[str, str] = {"www-authenticate": 'Bearer realm="api"'} if status == 401 else {}
        return self.pages.answer(request, html, status, headers)

    def _language(self, request: Request) -> tuple[Language, str | None]:
        wanted = request.query_params.get("lang")
        return self.pages.language(request), wanted if wanted in LANGUAGES else None


def _drills_last(crisis: Crisis) -> bool:
    return crisis.is_drill


def _listed(crisis: Crisis, language: Language, in_url: str | None) -> Listed:
    title, title_language = crisis_title(crisis, language.code)
    opened = None if crisis.opened_at is None else formats.day_and_clock(language.code, crisis.opened_at)
    href = f"/c/{crisis.number or crisis.crisis}{Filter().query(in_url)}"
    return Listed(crisis, title, title_language, href, opened)


def _shown(names: Mapping[UUID, str], selection: Selection, others: Set[UUID]) -> dict[str, str]:
    wanted = {card.asker for card in selection.rows} | others
    return {str(each): names[each] for each in wanted if each in names}


def _state_word(language: str, catalogue: Catalogue, state: str) -> str:
    try:
        return catalogue.text(language, f"coverage.{state.upper()}")
    except MissingMessage:
        return catalogue.text(language, f"filter.{state}")


def _sample(language: str, catalogue: Catalogue) -> Row:
    """The row that scripts clone; its figures are never seen."""
    return row(_sample_card(), language, catalogue, {}, datetime(2000, 1, 1, tzinfo=UTC))


@cache
def _sample_card() -> Card:
    nothing, moment, nobody = Decimal(0), datetime(2000, 1, 1, tzinfo=UTC), UUID(int=0)
    quantities = dict.fromkeys(
        (
            *("needed", "over_cap", "elsewhere", "proposed", "waitlisted", "held", "in_transit", "arrived"),
            *("delivered", "lost", "room", "gap", "surplus", "at_risk"),
        ),
        nothing,
    )
    return Card(
        line=nobody,
        need=nobody,
        crisis=nobody,
        sequence=0,
        parked=False,
        item="SHL-TENT-FAM",
        unit="adet",
        place="TUR031001",
        asker=nobody,
        day=None,
        needed_by=moment,
        opened_at=moment,
        changed_at=moment,
        state="OPEN",
        urgency="normal",
        verification=0,
        stale=False,
        label="UNCOVERED",
        **quantities,
    )
