"""The board in a real browser."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page, expect

from imece_chassis.database import Database
from tests.boards.lines import Line, opened, stopping
from tests.boards.serving import Served, mark, served
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


@pytest.fixture
async def scene(database: Callable[[str], str]) -> AsyncIterator[Scene]:
    connected = await Database.connect(database("crisis"), application="test", max_size=6)
    async with served(connected) as board:
        scene = Scene(board)
        await scene.begin()
        fresh = asyncio.create_task(scene.keep_fresh())
        yield scene
        fresh.cancel()
        await asyncio.gather(fresh, return_exceptions=True)
    await connected.close()


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


async def test_without_scripts_the_table_is_there_and_filters_work(scene: Scene, browser: Browser) -> None:
    context, page, problems = await visitor(browser, java_script_enabled=False)
    await page.goto(scene.board.address(CRISIS))
    await expect(page.locator(f"#l-{scene.worst.id}")).to_contain_text("Aile çadırı")
    await expect(page.locator("#freshness")).to_contain_text("Sayfa")
    await page.locator("select[name=item]").select_option("WSH-WATER-15")
    await page.get_by_role("button", name="Süz").click()
    await expect(page.locator("tbody tr")).to_have_count(1)
    assert "item=WSH-WATER-15" in page.url
    await page.get_by_role("link", name="Süzgeci kaldır").click()
    await expect(page.locator("tbody tr")).to_have_count(7)
    await page.get_by_role("link", name="Hatay, 31", exact=False).click()
    assert "scope=TUR031" in page.url
    assert problems == []
    await context.close()


async def test_a_change_appears_in_place_with_its_difference(scene: Scene, browser: Browser) -> None:
    context, page, problems = await visitor(browser)
    await page.goto(scene.board.address(CRISIS))
    await expect(page.locator("#freshness")).to_have_attribute("data-state", "live", timeout=10_000)
    before = await page.locator(f"#l-{scene.worst.id}").bounding_box()
    await scene.board.apply(scene.worst.hold(200, UUID(int=8)))
    await expect(cell(page, scene.worst, "held")).to_contain_text("200")
    await expect(cell(page, scene.worst, "held").locator(".difference")).to_contain_text("+200, ")
    await expect(cell(page, scene.worst, "gap")).to_contain_text("800")
    await expect(cell(page, scene.worst, "badge")).to_have_text("Kısmen karşılandı")
    await expect(page.locator("#strip li").first).to_contain_text("Dayanışma Vakfı ayrıldı 200 adet")
    await expect(page.locator("[data-counter=held]")).to_have_text("4")
    assert await page.locator(f"#l-{scene.worst.id}").bounding_box() == before, "the row does not jump"
    await expect(page.locator(".difference")).to_have_count(0, timeout=15_000)
    assert problems == []
    await context.close()


async def test_a_stop_card_comes_and_goes_while_the_page_is_open(scene: Scene, browser: Browser) -> None:
    issued, lapsed = stopping(CRISIS, UUID(int=77))
    context, page, problems = await visitor(browser)
    await page.goto(scene.board.address(CRISIS))
    await expect(page.locator("#freshness")).to_have_attribute("data-state", "live", timeout=10_000)
    card = page.locator("#stops .stop")
    await expect(card).to_have_count(0)
    await scene.board.apply(issued)
    await expect(card).to_have_count(1)
    await expect(card).to_contain_text("GÖNDERMEYİN Hatay için Aile çadırı")
    await expect(card).to_contain_text("Adana")
    found = await Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    live = " ".join((await card.inner_text()).split())
    await page.reload()
    await expect(card).to_have_count(1)
    assert " ".join((await card.inner_text()).split()) == live, "live and loaded, it says the same"
    await expect(page.locator("#freshness")).to_have_attribute("data-state", "live", timeout=10_000)
    await scene.board.apply(lapsed)
    await expect(card).to_have_count(0)
    assert problems == []
    await context.close()


async def test_an_organisation_the_page_has_not_met_is_named_in_the_strip(
    scene: Scene, browser: Browser
) -> None:
    context, page, problems = await visitor(browser)
    await page.goto(scene.board.address(CRISIS))
    await expect(page.locator("#freshness")).to_have_attribute("data-state", "live", timeout=10_000)
    assert str(UUID(int=9)) not in await page.locator("#start").inner_text()
    await scene.board.apply(scene.worst.hold(200, UUID(int=9)))
    who = page.locator("#strip li .who").first
    await expect(who).to_have_text("Yardım Derneği")
    await expect(who).to_have_attribute("data-org", str(UUID(int=9)))
    assert problems == []
    await context.close()


async def test_new_rows_wait_until_they_are_applied(scene: Scene, browser: Browser) -> None:
    context, page, problems = await visitor(browser)
    await page.goto(scene.board.address(CRISIS))
    await expect(page.locator("#freshness")).to_have_attribute("data-state", "live", timeout=10_000)
    who, where = UUID(int=8), "TUR002001"
    fresh = Line(CRISIS, needed=5000, urgency="life_saving", asker_org=who, district=where)
    await scene.board.apply(fresh.open())
    await expect(page.locator(".tile[data-p=TUR002] .gaps")).to_have_text("1")
    await expect(page.locator(".tile[data-p=TUR002]")).to_have_attribute(
        "aria-label", "Adıyaman, 02, Eksiği olan 1"
    )
    button = page.get_by_role("button", name="1 güncelleme – uygula")
    await expect(button).to_be_visible()
    await expect(page.locator("tbody tr")).to_have_count(7)
    await button.click()
    await expect(page.locator("tbody tr")).to_have_count(8)
    await expect(page.locator(f"#l-{fresh.id}")).to_contain_text("Dayanışma Vakfı")
    await expect(button).to_be_hidden()
    assert problems == []
    await context.close()


async def test_a_missing_event_hides_the_figures_until_it_arrives(scene: Scene, browser: Browser) -> None:
    context, page, _ = await visitor(browser)
    await page.goto(scene.board.address(CRISIS))
    await expect(cell(page, scene.parked, "badge")).to_have_text("Bu satır eksik, düzeltiliyor")
    await expect(page.locator("#partial")).to_be_visible()
    await expect(page.locator("#freshness")).to_have_attribute("data-state", "live", timeout=10_000)
    await scene.board.apply(scene.missing)
    await expect(cell(page, scene.parked, "held")).to_have_text("3")
    await expect(cell(page, scene.parked, "badge")).to_have_text("Kısmen karşılandı")
    await expect(page.locator("#partial")).to_be_hidden()
    await context.close()


async def test_the_badge_tells_how_old_the_data_is(scene: Scene, browser: Browser) -> None:
    context, page, _ = await visitor(browser)
    badge = page.locator("#freshness")
    await page.goto(scene.board.address(CRISIS))
    await expect(badge).to_have_attribute("data-state", "live", timeout=10_000)
    await expect(badge).to_contain_text("Canlı – ")

    scene.is_marking = False
    await mark(scene.board.database, timedelta(seconds=20))
    await expect(badge).to_have_attribute("data-state", "delayed", timeout=10_000)
    await expect(badge).to_contain_text("sistem yetişiyor")

    await mark(scene.board.database, timedelta(seconds=90))
    await expect(badge).to_have_attribute("data-state", "stale", timeout=10_000)
    await expect(badge).to_contain_text("Güncel değil")
    await expect(page.locator("body")).to_have_attribute("data-freshness", "stale")
    await expect(page.locator("#announce")).to_have_text("Dikkat: bu pano güncel değil")

    scene.is_marking = True
    await expect(badge).to_have_attribute("data-state", "live", timeout=10_000)
    await context.close()


async def test_a_cut_screen_ends_where_one_that_stayed_is(scene: Scene, browser: Browser) -> None:
    cut, left, _ = await visitor(browser)
    stayed, right, problems = await visitor(browser)
    for page in (left, right):
        await page.goto(scene.board.address(CRISIS))
        await expect(page.locator("#freshness")).to_have_attribute("data-state", "live", timeout=10_000)
    await cut.set_offline(True)
    for _ in range(25):
        await scene.board.apply(scene.worst.hold(1), scene.held.hold(2), scene.covered.propose(1))
    await expect(cell(right, scene.worst, "held")).to_contain_text("25")
    await cut.set_offline(False)
    await expect(cell(left, scene.worst, "held")).to_contain_text("25", timeout=30_000)
    await expect(left.locator("#freshness")).to_have_attribute("data-state", "live", timeout=15_000)

    async def same() -> bool:
        texts = [await page.locator("tbody").evaluate(_FIGURES) for page in (left, right)]
        return texts[0] == texts[1]

    await wait_until(same, timeout=15)
    assert problems == []
    await cut.close()
    await stayed.close()


_FIGURES = (
    "body => [...body.rows].map(r => [r.id, ...[...r.querySelectorAll('[data-v]')].map(c => c.dataset.v)])"
)


async def test_a_deploy_of_the_hub_is_survived(scene: Scene, browser: Browser) -> None:
    context, page, problems = await visitor(browser)
    await page.goto(scene.board.address(CRISIS))
    await expect(page.locator("#freshness")).to_have_attribute("data-state", "live", timeout=10_000)
    await scene.board.stop_hub()
    await scene.board.apply(scene.worst.hold(40))
    scene.board.start_hub()
    await expect(cell(page, scene.worst, "held")).to_contain_text("40", timeout=20_000)
    assert problems == []
    await context.close()


async def test_a_new_epoch_brings_a_fresh_snapshot(scene: Scene, browser: Browser) -> None:
    from crisis import board

    context, page, problems = await visitor(browser)
    await page.goto(scene.board.address(CRISIS))
    await expect(page.locator("#freshness")).to_have_attribute("data-state", "live", timeout=10_000)
    old = await page.locator("body").get_attribute("data-epoch")
    story = [scene.worst.hold(30)]

    async def log() -> AsyncIterator[list[Any]]:
        again = Line(CRISIS, needed=1000)
        again.id = again.fields["need_line"] = scene.worst.id
        yield [again.open(), *story]

    await board.rebuild(scene.board.database, log())
    await expect(page.locator("body")).not_to_have_attribute("data-epoch", str(old), timeout=15_000)
    await expect(page.locator("tbody tr")).to_have_count(1)
    await expect(cell(page, scene.worst, "held")).to_contain_text("30")
    assert problems == []
    await context.close()


async def test_scripts_print_rows_exactly_as_the_server_does(scene: Scene, browser: Browser) -> None:
    context, page, problems = await visitor(browser)
    for language in ("tr", "en", "ar"):
        await page.goto(scene.board.address(CRISIS, f"?lang={language}"))
        await expect(page.locator("#freshness")).to_have_attribute("data-state", "live", timeout=10_000)
        printed = await page.locator("tbody").evaluate(_PRINTED)
        # Rows are taken away, so that every one of them is made anew from the template.
        await page.evaluate("document.querySelectorAll('#rows tr').forEach((row) => row.remove())")
        fresh = Line(CRISIS, needed=9000, urgency="life_saving")
        await scene.board.apply(fresh.open())
        await page.locator("#updates").click()
        await expect(page.locator(f"#l-{fresh.id}")).to_be_attached()
        made = await page.locator("tbody").evaluate(_PRINTED)
        assert {key: made[key] for key in printed} == printed, language
    assert problems == []
    await context.close()


_PRINTED = """body => Object.fromEntries([...body.rows].map(r => [r.id, [...r.cells].map(c => [
    c.className, c.textContent.trim().replace(/\\s+/g, ' '),
    [...c.querySelectorAll('rect')].map(p => Number(p.getAttribute('width'))).join(),
    c.querySelector('.badge')?.className ?? '',
    c.querySelector('svg')?.getAttribute('aria-label') ?? ''])]))"""


@pytest.mark.parametrize("language", ["tr", "en", "ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1366])
async def test_pages_have_no_violation_a_machine_can_find(
    scene: Scene, browser: Browser, language: str, scheme: Any, width: int
) -> None:
    context, page, problems = await visitor(
        browser, color_scheme=scheme, viewport={"width": width, "height": 800}
    )
    paths = (f"/c/{CRISIS}?lang={language}", f"/?lang={language}", f"/c/x?lang={language}")
    for path in paths:
        await page.goto(scene.board.url + path)
        if path == paths[0]:
            await expect(page.locator("#freshness")).to_have_attribute("data-state", "live", timeout=10_000)
            await scene.board.apply(scene.worst.hold(5))
            await expect(page.locator(".difference").first).to_be_attached()
        found = await Axe().run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
        overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, f"{path} scrolls sideways by {overflow} px"
    unexpected = [problem for problem in problems if "404" not in problem]
    assert unexpected == []
    await context.close()


async def test_every_target_is_large_enough_and_every_stop_shows_its_focus(
    scene: Scene, browser: Browser
) -> None:
    context, page, _ = await visitor(browser, viewport={"width": 1366, "height": 768})
    await page.goto(scene.board.address(CRISIS))
    small = await page.evaluate(
        """[...document.querySelectorAll('a[href], button, select, summary')]
            .filter(e => !e.closest('.skip, footer') && e.checkVisibility())
            .map(e => [e.textContent.trim().slice(0, 20), e.getBoundingClientRect()])
            .filter(([, box]) => box.width < 24 || box.height < 24)
            .map(([name, box]) => `${name}: ${box.width} × ${box.height}`)"""
    )
    assert small == []
    seen: list[str] = []
    for _ in range(14):
        await page.keyboard.press("Tab")
        seen.append(
            await page.evaluate(
                """(() => { const e = document.activeElement, s = getComputedStyle(e);
                return `${e.textContent.trim().slice(0, 12)}|${s.outlineStyle}|${s.outlineWidth}`; })()"""
            )
        )
    assert all(stop.endswith(("|solid|2px", "|auto|2px")) for stop in seen), seen
    assert any("Kritik" in stop for stop in seen), "the counters come early"
    await context.close()


async def test_the_first_view_weighs_at_most_60_kb(scene: Scene, browser: Browser) -> None:
    lines = [Line(CRISIS) for _ in range(100)]
    await scene.board.apply(*(line.open() for line in lines))
    context, page, _ = await visitor(browser)
    session = await context.new_cdp_session(page)
    await session.send("Network.enable")
    received: dict[str, float] = {}
    session.on(
        "Network.loadingFinished",
        lambda event: received.__setitem__(event["requestId"], event["encodedDataLength"]),
    )
    await page.goto(scene.board.address(CRISIS))
    await expect(page.locator("#freshness")).to_have_attribute("data-state", "live", timeout=10_000)
    assert sum(received.values()) <= 60_000, json.dumps(received)
    assert await page.evaluate("document.querySelectorAll('*').length") <= 3_000
    await context.close()
