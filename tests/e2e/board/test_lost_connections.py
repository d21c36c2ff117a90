"""The board in a real browser while its connection, its process or its epoch changes."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from playwright.async_api import Browser, expect

from tests.boards.lines import Line
from tests.boards.serving import mark
from tests.e2e.board.scene import CRISIS, Scene, cell, visitor
from tests.waiting import wait_until


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
