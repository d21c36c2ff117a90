"""Boards for members ask for a key, and go on asking while a reader waits."""

import asyncio
from uuid import uuid4

import httpx

from imece_chassis.access import keys
from imece_chassis.access.authenticator import Authenticator
from imece_chassis.access.caller import Caller
from imece_chassis.database import Database
from imece_chassis.settings import DEVELOPMENT_PEPPER
from tests.boards.lines import Line, opened
from tests.boards.serving import apply, served
from tests.http.board.page_rows import CRISIS
from tests.waiting import wait_until


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
