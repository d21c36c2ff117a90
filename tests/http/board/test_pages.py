"""Pages of the board over HTTP: what a reader finds on them."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest

from imece_contracts.crisis import SaturationOrderIssued, SaturationOrderLapsed
from tests.boards.lines import Line, of_order, opened
from tests.boards.serving import Served
from tests.http.board.page_rows import CRISIS, row
from tests.waiting import wait_until


async def test_the_page_is_complete_without_scripts(live: Served, client: httpx.AsyncClient) -> None:
    line = Line(CRISIS, needed=1000, urgency="life_saving")
    await live.apply(opened(CRISIS), line.open(), line.propose(120), line.hold(200))
    html = (await client.get(live.address(CRISIS))).text
    text = row(html, line)
    assert text.startswith("Hatay ilçe 005 Aile çadırı 16 m² Hayati 1.000 adet 0 200 0 0 800 adet")
    assert "Kısmen karşılandı" in text
    assert "Örnek Dernek" in text
    assert "<title>1 kritik açık – Hatay depremi – İmece</title>" in html
    assert '<html lang="tr" dir="ltr">' in html
    assert "H+5" in html


async def test_a_board_is_found_by_its_number_too(live: Served, client: httpx.AsyncClient) -> None:
    await live.apply(opened(CRISIS, "KRZ-2026-0042"))
    assert (await client.get(f"{live.url}/c/KRZ-2026-0042")).status_code == 200


@pytest.mark.parametrize(
    ("language", "direction", "word"), [("en", "ltr", "Uncovered"), ("ar", "rtl", "غير مغطّى")]
)
async def test_the_page_speaks_the_reader_s_language(
    live: Served, client: httpx.AsyncClient, language: str, direction: str, word: str
) -> None:
    line = Line(CRISIS)
    await live.apply(opened(CRISIS), line.open())
    asked = await client.get(live.address(CRISIS), headers={"accept-language": f"{language}, tr;q=0.5"})
    linked = await client.get(live.address(CRISIS), params={"lang": language})
    for answer in (asked, linked):
        assert f'<html lang="{language}" dir="{direction}">' in answer.text
        assert word in row(answer.text, line)


async def test_a_title_the_reader_s_language_lacks_is_shown_in_english(
    live: Served, client: httpx.AsyncClient
) -> None:
    await live.apply(opened(CRISIS, title={"tr": "Hatay depremi", "en": "Hatay earthquake"}))
    for address in (live.address(CRISIS), live.url + "/"):
        text = (await client.get(address, params={"lang": "ar"})).text
        assert "Hatay earthquake" in text and "Hatay depremi" not in text
    assert "Hatay depremi" in (await client.get(live.address(CRISIS))).text


async def test_rows_come_worst_first(live: Served, client: httpx.AsyncClient) -> None:
    mild, worst = Line(CRISIS), Line(CRISIS, urgency="life_saving")
    covered = Line(CRISIS, needed=100)
    await live.apply(opened(CRISIS), covered.open(), covered.hold(100), mild.open(), worst.open())
    html = (await client.get(live.address(CRISIS))).text
    assert re.findall(r'<tr id="l-([0-9a-f-]{36})"', html)[:3] == [
        str(worst.id),
        str(mild.id),
        str(covered.id),
    ]


async def test_filters_live_in_the_address(live: Served, client: httpx.AsyncClient) -> None:
    here, there = Line(CRISIS), Line(CRISIS, district="TUR046001", urgency="life_saving")
    await live.apply(opened(CRISIS), here.open(), there.open(), there.hold(1000))

    async def shown(**query: str) -> set[str]:
        html = (await client.get(live.address(CRISIS), params=query)).text
        return set(re.findall(r'<tr id="l-([0-9a-f-]{36})"', html)) - {str(UUID(int=0))}

    assert await shown() == {str(here.id), str(there.id)}
    assert await shown(scope="TUR046") == {str(there.id)}
    assert await shown(urgency="urgent") == {str(here.id)}
    assert await shown(state="covered") == {str(there.id)}
    assert await shown(item="SHL-BLNK-MED") == set()
    assert await shown(scope="", item="", urgency="", state="") == {str(here.id), str(there.id)}


async def test_a_hundred_rows_make_a_page(live: Served, client: httpx.AsyncClient) -> None:
    await live.apply(opened(CRISIS), *(Line(CRISIS).open() for _ in range(103)))
    first = (await client.get(live.address(CRISIS))).text
    last = (await client.get(live.address(CRISIS), params={"page": "2"})).text
    sample = 1
    assert first.count("<tr id=") == 100 + sample
    assert last.count("<tr id=") == 3 + sample
    assert 'rel="next"' in first and 'rel="prev"' in last
    assert "<bdi>103</bdi> kalem" in first


async def test_a_row_with_a_missing_event_shows_no_figures(live: Served, client: httpx.AsyncClient) -> None:
    line = Line(CRISIS)
    events = [line.open(), line.hold(111), line.hold(222)]
    await live.apply(opened(CRISIS), events[0], events[2])
    html = (await client.get(live.address(CRISIS))).text
    assert "Bu satır eksik, düzeltiliyor" in row(html, line)
    assert "1.000" not in row(html, line)
    assert "<bdi>1</bdi> satır eksik" in html


async def test_empty_states_say_what_to_do(live: Served, client: httpx.AsyncClient) -> None:
    index = (await client.get(live.url + "/")).text
    assert "Şu anda açık kriz yok" in index and "POST /crises" in index
    await live.apply(opened(CRISIS))
    board = (await client.get(live.address(CRISIS))).text
    assert "POST /crises/" in board and "/needs" in board
    await live.apply(Line(CRISIS).open())
    filtered = await _page_with(client, live.address(CRISIS, "?state=met"), "Bu süzgeçle ihtiyaç yok")
    assert "Süzgeci kaldır" in filtered


async def test_the_index_lists_open_crises_with_their_counters(
    live: Served, client: httpx.AsyncClient
) -> None:
    await live.apply(opened(CRISIS), Line(CRISIS, urgency="life_saving").open())

    html = await _page_with(client, live.url + "/", "/c/KRZ-2026-0007")
    assert "Hatay depremi" in html
    assert re.findall(r"<b>(\d+)</b>", html) == ["1", "1", "1"]


async def _page_with(client: httpx.AsyncClient, address: str, words: str) -> str:
    """The page once it contains the words; memory follows the database within a moment."""

    async def found() -> str | None:
        html = (await client.get(address)).text
        return html if words in html else None

    html = await wait_until(found)
    assert html is not None
    return html


async def test_a_drill_is_marked(live: Served, client: httpx.AsyncClient) -> None:
    await live.apply(opened(CRISIS, "TAT-2026-0001", is_drill=True))
    html = (await client.get(live.address(CRISIS))).text
    assert "<title>TATBİKAT" in html
    assert 'class="board-page drill"' in html


async def test_an_unknown_crisis_and_a_bad_filter_get_a_page_that_helps(
    live: Served, client: httpx.AsyncClient
) -> None:
    missing = await client.get(f"{live.url}/c/KRZ-2026-9999")
    assert missing.status_code == 404 and "Böyle bir pano yok" in missing.text
    await live.apply(opened(CRISIS))
    for query in ({"state": "x"}, {"urgency": "x"}, {"item": "x"}, {"scope": "x"}, {"page": "x"}):
        answer = await client.get(live.address(CRISIS), params=query)
        assert answer.status_code == 422 and "Süzgeci kaldır" in answer.text, query


async def test_an_unknown_crisis_and_a_bad_filter_are_problems_to_programs(
    live: Served, client: httpx.AsyncClient
) -> None:
    missing = await client.get(f"{live.url}/c/KRZ-2026-9999/board")
    assert (missing.status_code, missing.json()["code"]) == (404, "board_unknown")
    await live.apply(opened(CRISIS))
    for query in ({"scope": "x"}, {"page": "1", "state": "x"}, {"page": "x"}):
        answer = await client.get(live.address(CRISIS, "/board"), params=query)
        assert (answer.status_code, answer.json()["code"]) == (422, "filter_invalid"), query


async def test_names_are_shown_as_text(live: Served, client: httpx.AsyncClient) -> None:
    title = {"tr": "<img src=x onerror=alert(1)></script>"}
    await live.apply(opened(CRISIS, title=title), Line(CRISIS).open())
    html = (await client.get(live.address(CRISIS))).text
    assert "<img" not in html
    assert html.count("</script>") == html.count("<script")


async def test_a_stop_stands_at_the_top_until_it_lapses(live: Served, client: httpx.AsyncClient) -> None:
    order = UUID(int=77)
    terms: dict[str, Any] = {
        "order": order,
        "item": "SHL-TENT-FAM",
        "area": ("TUR031",),
        "until": datetime(2026, 2, 9, 12, tzinfo=UTC),
        "reason": "enough_here",
        "depot_district": "TUR001",
    }
    issued = SaturationOrderIssued(**terms, provisional_until=terms["until"])
    lapsed = SaturationOrderLapsed(**terms, lapse_reason="lifted")
    await live.apply(opened(CRISIS), of_order(CRISIS, order, 1, issued))

    async def banner() -> str:
        html = (await client.get(live.address(CRISIS))).text
        found = re.search(r'<p class="banner stop".*?</p>', html, re.DOTALL)
        return re.sub(r"<[^>]+>", "", found[0]) if found else ""

    await wait_until(banner, 10, 0.05, "the stop is shown")
    assert await banner() == (
        "GÖNDERMEYİN Hatay için Aile çadırı 16 m², 9 Şub 15:00 zamanına dek istenmiyor."
        " Yoldaki araçlar şuraya yönelebilir: Adana."
    )
    await live.apply(of_order(CRISIS, order, 2, lapsed))

    async def is_gone() -> bool:
        return not await banner()

    await wait_until(is_gone, 10, 0.05, "the stop is gone")
