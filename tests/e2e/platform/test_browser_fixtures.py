from playwright.async_api import Page


async def test_a_page_runs_scripts_in_a_turkish_browser(page: Page) -> None:
    await page.set_content("<p id=x></p><script>x.textContent = navigator.language</script>")
    assert await page.text_content("#x") == "tr-TR"
