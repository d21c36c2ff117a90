"""The board in a real browser: open to everybody, on small screens and slow lines."""

import json
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, expect

from tests.boards.lines import Line
from tests.e2e.board.scene import CRISIS, RULES, Scene, visitor


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
