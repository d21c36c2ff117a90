"""Snapshots of the board over HTTP, and what is answered from memory."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import httpx

from crisis.board.metrics import SNAPSHOT_BUILDS
from crisis.board.names import MirroredNames
from crisis.board.shapes import BoardDocument, CardView, TotalsView
from imece_chassis.database import Database
from tests.boards.lines import Line, opened
from tests.boards.serving import Served, apply, served
from tests.http.board.page_rows import CRISIS
from tests.waiting import wait_until


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


async def test_a_board_is_what_its_document_says(live: Served, client: httpx.AsyncClient) -> None:
    await live.apply(opened(CRISIS), Line(CRISIS).open())
    for query, extra in (("", {"found", "page", "pages"}), ("?page=1", set[str]())):
        answer = (await client.get(live.address(CRISIS, "/board") + query)).json()
        shown = BoardDocument.model_validate(answer, extra="forbid")
        assert set(BoardDocument.model_fields) - set(answer) == extra
        assert len(shown.cards) == 1 and set(answer["cards"][0]) == set(CardView.model_fields)
        assert set(answer["totals"]) == set(TotalsView.model_fields)


async def test_a_snapshot_of_a_province_holds_only_its_cards(live: Served, client: httpx.AsyncClient) -> None:
    there = Line(CRISIS, district="TUR046001")
    await live.apply(opened(CRISIS), Line(CRISIS).open(), there.open())
    found = (await client.get(live.address(CRISIS, "/board"), params={"scope": "TUR046"})).json()
    assert [card["line"] for card in found["cards"]] == [str(there.id)]
    assert found["totals"]["open"] == 1


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
