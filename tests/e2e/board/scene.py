"""A board on stage: its crisis, a row of every coverage, and visitors who note every problem."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

from playwright.async_api import Browser, BrowserContext, Page

from tests.boards.lines import Line, opened
from tests.boards.serving import Served, mark
from tests.waiting import wait_until

CRISIS = UUID(int=31)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


class Scene:
    """A board with a row of every coverage, kept fresh as the progress marks of a relay would."""

    def __init__(self, board: Served) -> None:
        self.board = board
        self.worst = Line(CRISIS, needed=1000, urgency="life_saving")
        self.held = Line(CRISIS, needed=500, item="WSH-WATER-15", district="TUR046003")
        self.covered = Line(CRISIS, needed=100, item="SHL-BLNK-MED", urgency="normal")
        self.over = Line(CRISIS, needed=50, item="FSC-FLOUR", unit="kg")
        self.stale = Line(CRISIS, needed=80, is_stale=True, verification=0)
        self.parked = Line(CRISIS, needed=70)
        self.waiting = Line(CRISIS, needed=60, need_state="ON_HOLD")
        self.is_marking = True
        self.missing: Any = None

    async def begin(self) -> None:
        first = [self.parked.open(), self.parked.hold(1), self.parked.hold(2)]
        self.missing = first.pop(1)
        lines = (self.worst, self.held, self.covered, self.over, self.stale, self.waiting)
        await self.board.apply(opened(CRISIS), *(line.open() for line in lines), *first)
        await self.board.apply(self.held.hold(200), self.covered.hold(100), self.over.hold(70))
        await mark(self.board.database)

    async def keep_fresh(self) -> None:
        while True:
            if self.is_marking:
                await mark(self.board.database)
            await asyncio.sleep(0)
            await wait_until(_after(0.5))


def _after(seconds: float) -> Callable[[], bool]:
    end = asyncio.get_running_loop().time() + seconds
    return lambda: asyncio.get_running_loop().time() >= end


async def visitor(browser: Browser, **options: Any) -> tuple[BrowserContext, Page, list[str]]:
    """A page that notes every error message, failed request and policy report."""
    settings: dict[str, Any] = {"locale": "tr-TR"} | options
    context = await browser.new_context(**settings)
    page = await context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(f"threw: {error}"))
    page.on("console", lambda said: problems.append(said.text) if said.type in {"error", "warning"} else None)
    return context, page, problems


def cell(page: Page, line: Line, name: str) -> Any:
    return page.locator(f"#l-{line.id} .{name}").first
