"""The board in a real browser."""

from uuid import UUID

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, expect

from tests.boards.lines import Line, stopping
from tests.e2e.board.scene import CRISIS, RULES, Scene, cell, visitor


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
