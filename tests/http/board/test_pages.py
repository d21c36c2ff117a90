"""Pages and snapshots of the board over HTTP."""

import asyncio
import gzip
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from crisis.board.metrics import SNAPSHOT_BUILDS
from crisis.board.names import MirroredNames
from imece_chassis.access import keys
from imece_chassis.access.authenticator import Authenticator
from imece_chassis.access.caller import Caller
from imece_chassis.database import Database
from imece_chassis.settings import DEVELOPMENT_PEPPER
from imece_contracts.crisis import SaturationOrderIssued, SaturationOrderLapsed
from tests.boards.lines import Line, of_order, opened
from tests.boards.serving import Served, apply, served
from tests.waiting import wait_until

CRISIS = UUID(int=31)


class Keys:
    """Keys that exist only here."""

    age_seconds = 0.0

    def __init__(self) -> None:
        self.callers: dict[bytes, Caller] = {}

    def lookup(self, digest: bytes) -> Caller | None:
        return self.callers.get(digest)

    def issue(self, *scopes: str) -> str:
        key = keys.new_key(live=False)
        caller = Caller(uuid4(), uuid4(), uuid4(), frozenset(scopes))
        self.callers[keys.digest(DEVELOPMENT_PEPPER, key)] = caller
        return key


@pytest.fixture
async def db(database: Callable[[str], str]) -> AsyncIterator[Database]:
    connected = await Database.connect(database("crisis"), application="test")
    yield connected
    await connected.close()


@pytest.fixture
async def live(db: Database) -> AsyncIterator[Served]:
    async with served(db) as board:
        yield board


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(headers={"accept-language": "tr"}) as client:
        yield client


def row(html: str, line: Line) -> str:
    """The text of one row, tags taken out."""
    found = re.search(rf'<tr id="l-{line.id}".*?</tr>', html, re.DOTALL)
    assert found, "the row is there"
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0])).strip()


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


async def test_a_board_nobody_has_read_yet_is_unavailable_while_the_database_is_gone(
    database: Callable[[str], str], client: httpx.AsyncClient
) -> None:
    lost = await Database.connect(database("crisis"), application="test")
    async with served(lost) as live:
        await live.apply(opened(CRISIS))
        await lost.close()
        answer = await client.get(live.address(CRISIS, "/board"))
        assert (answer.status_code, answer.json()["code"]) == (503, "board_unavailable")
        assert answer.headers["retry-after"] == "2"


async def test_pages_carry_the_security_headers(live: Served, client: httpx.AsyncClient) -> None:
    await live.apply(opened(CRISIS))
    answer = await client.get(live.address(CRISIS))
    policy = answer.headers["content-security-policy"]
    for part in ("default-src 'none'", "script-src 'self'", "require-trusted-types-for 'script'"):
        assert part in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert " style=" not in answer.text and " onclick=" not in answer.text
    assert not re.search(r"<script(?![^>]*(src=|type=\"application/json\"))", answer.text)


async def test_names_are_shown_as_text(live: Served, client: httpx.AsyncClient) -> None:
    title = {"tr": "<img src=x onerror=alert(1)></script>"}
    await live.apply(opened(CRISIS, title=title), Line(CRISIS).open())
    html = (await client.get(live.address(CRISIS))).text
    assert "<img" not in html
    assert html.count("</script>") == html.count("<script")


async def test_static_files_are_named_by_their_content(live: Served, client: httpx.AsyncClient) -> None:
    await live.apply(opened(CRISIS))
    html = (await client.get(live.address(CRISIS))).text
    paths = re.findall(r'(?:src|href)="(/static/[^"]+)"', html)
    assert len(paths) >= 4
    for path in paths:
        answer = await client.get(live.url + path)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        for module in re.findall(r'from "\./([^"]+)"', answer.text):
            assert (await client.get(f"{live.url}/static/{module}")).status_code == 200
    assert (await client.get(f"{live.url}/static/board.0000000000.js")).status_code == 404


async def test_a_snapshot_has_a_tag_and_an_unchanged_board_answers_304(
    live: Served, client: httpx.AsyncClient
) -> None:
    line = Line(CRISIS)
    await live.apply(opened(CRISIS), line.open())
    address = live.address(CRISIS, "/board")
    first = await client.get(address)
    assert set(first.json()) >= {"epoch", "as_of", "fresh_at", "cards", "totals"}
    assert first.headers["etag"] == f'W/"{first.json()["epoch"]}-1-member"'
    plain = await client.get(address, headers={"accept-encoding": "identity"})
    assert first.headers["content-encoding"] == "gzip" and "content-encoding" not in plain.headers
    assert plain.headers["etag"].startswith("W/"), "a strong tag would promise the same bytes"
    again = await client.get(address, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    await live.apply(line.hold(5))

    async def changed() -> httpx.Response | None:
        answer = await client.get(address, headers={"if-none-match": first.headers["etag"]})
        return answer if answer.status_code == 200 else None

    answer = await wait_until(changed)
    assert answer is not None
    assert answer.json()["cards"][0]["held"] == "5"


async def test_a_snapshot_of_a_province_holds_only_its_cards(live: Served, client: httpx.AsyncClient) -> None:
    there = Line(CRISIS, district="TUR046001")
    await live.apply(opened(CRISIS), Line(CRISIS).open(), there.open())
    found = (await client.get(live.address(CRISIS, "/board"), params={"scope": "TUR046"})).json()
    assert [card["line"] for card in found["cards"]] == [str(there.id)]
    assert found["totals"]["open"] == 1


async def test_members_boards_ask_for_a_key_and_say_how(db: Database, client: httpx.AsyncClient) -> None:
    issued = Keys()
    authenticator = Authenticator(issued, DEVELOPMENT_PEPPER)
    await apply(db, [opened(CRISIS)])
    async with served(db, access="members", authenticator=authenticator) as live:
        page = await client.get(live.address(CRISIS))
        assert page.status_code == 401 and "crisis:board:read" in page.text
        assert page.headers["www-authenticate"].startswith("Bearer")
        document = await client.get(live.address(CRISIS, "/board"))
        assert document.status_code == 401 and document.json()["code"] == "authentication_required"
        assert (await client.get(live.address(CRISIS, "/board/stream"))).status_code == 401

        wrong = {"authorization": f"Bearer {issued.issue('crisis:need:write')}"}
        refused = await client.get(live.address(CRISIS), headers=wrong)
        assert refused.status_code == 403 and "crisis:board:read" in refused.text

        right = {"authorization": f"Bearer {issued.issue('crisis:board:read')}"}
        for rest in ("", "/board", "/board/names"):
            assert (await client.get(live.address(CRISIS, rest), headers=right)).status_code == 200


async def test_a_waiting_reader_whose_key_was_revoked_is_sent_away_within_five_seconds(
    db: Database, client: httpx.AsyncClient
) -> None:
    issued = Keys()
    await apply(db, [opened(CRISIS), Line(CRISIS).open()])
    async with served(
        db, access="members", authenticator=Authenticator(issued, DEVELOPMENT_PEPPER), most_readers=1
    ) as live:
        headers = {"authorization": f"Bearer {issued.issue('crisis:board:read')}"}
        address = live.address(CRISIS, "/board/changes?after=1")
        waiting = asyncio.create_task(client.get(address, headers=headers, timeout=30))
        await wait_until(lambda: not live.hub.has_place())
        crowded = await client.get(address, headers=headers)
        assert (crowded.status_code, crowded.json()["code"]) == (503, "too_many_streams")
        issued.callers.clear()
        async with asyncio.timeout(7):
            assert (await waiting).status_code == 401
        assert live.hub.has_place()


async def test_pages_stay_complete_from_memory_when_the_database_is_gone(
    database: Callable[[str], str], client: httpx.AsyncClient
) -> None:
    url = database("crisis")
    lost, asker = await Database.connect(url, application="test"), uuid4()
    kept = await Database.connect(url, application="test")
    names = MirroredNames(lost, fresh_seconds=0.0)
    remember = "INSERT INTO organisations_mirror VALUES ($1, 1, 'active', $2::jsonb)"
    await kept.unit_of_work(lambda tx: tx.execute(remember, asker, '{"short_name": "Çadır Derneği"}'))
    async with served(lost, naming=names) as live:
        line = Line(CRISIS, asker_org=asker)
        await live.apply(opened(CRISIS), line.open())

        async def is_named() -> bool:
            return "Çadır Derneği" in (await client.get(live.address(CRISIS))).text

        await wait_until(is_named)
        await apply(kept, [Line(CRISIS, asker_org=UUID(int=99)).open()])
        cards = lambda: client.get(live.address(CRISIS, "/board"))  # noqa: E731
        await wait_until(lambda: _has_cards(cards, 2))
        await lost.close()
        page = await client.get(live.address(CRISIS))
        assert page.status_code == 200 and "Çadır Derneği" in page.text
        found = await client.get(live.address(CRISIS, "/board/names"))
        assert found.json() == {str(asker): "Çadır Derneği"}
    await kept.close()


async def _has_cards(ask: Callable[[], Awaitable[httpx.Response]], count: int) -> bool:
    return len((await ask()).json()["cards"]) == count


async def test_made_up_page_numbers_share_one_answer_and_made_up_crises_one_look(
    live: Served, client: httpx.AsyncClient
) -> None:
    await live.apply(opened(CRISIS), Line(CRISIS).open())
    await client.get(live.address(CRISIS, "/board"), params={"page": "1"})
    built = SNAPSHOT_BUILDS._value.get()  # pyright: ignore[reportPrivateUsage]
    for page in range(2, 22):
        answer = await client.get(live.address(CRISIS, "/board"), params={"page": str(page)})
        assert answer.json()["page"] == 1
    assert SNAPSHOT_BUILDS._value.get() - built <= 10  # pyright: ignore[reportPrivateUsage]
    looks = live.source.looks
    answers = await asyncio.gather(*(client.get(live.address(uuid4())) for _ in range(40)))
    assert {answer.status_code for answer in answers} == {404}
    assert live.source.looks - looks <= 10


async def test_a_page_of_a_hundred_rows_stays_within_its_weight(
    live: Served, client: httpx.AsyncClient
) -> None:
    await live.apply(opened(CRISIS), *(Line(CRISIS).open() for _ in range(100)))
    html = await client.get(live.address(CRISIS))
    sizes = {"html": len(gzip.compress(html.content))}
    waiting = re.findall(r'(?:src|href)="(/static/[^"]+)"', html.text)
    seen: set[str] = set()
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            file = await client.get(live.url + path)
            waiting += [f"/static/{name}" for name in re.findall(r'from "\./([^"]+)"', file.text)]
            kind = path.rpartition(".")[2]
            sizes[kind] = sizes.get(kind, 0) + len(gzip.compress(file.content))
    assert sizes["html"] <= 24_000
    assert sizes["css"] <= 10_000
    assert sizes["js"] <= 22_000
    assert sum(sizes.values()) <= 60_000


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
