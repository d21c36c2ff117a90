"""The routes: subscribe, look, end, redrive, read; what is foreign is 404, problems speak tr and en."""

import json
from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import pytest

from imece_chassis.database import Database
from imece_chassis.ids import uuid7
from notifications.store.vault import Vault
from tests.notifying.api import Api, fresh_key, serving, settings_for
from tests.notifying.events import crisis_opened, held
from tests.notifying.service import consume_among_desks, delivering, execute, rows, webhook_lanes
from tests.waiting import wait_until

HOOK = {"channel": "webhook", "url": "https://receiver.example/hook"}
MAIL = {"channel": "mail", "address": "kriz-masasi@ornek.org.tr", "language": "en"}
INBOX = {"channel": "inbox", "language": "ar"}


@pytest.fixture
def url(database: Callable[[str], str]) -> str:
    return database("notifications")


@pytest.fixture
async def api(url: str) -> AsyncIterator[Api]:
    async with serving(settings_for(url)) as running:
        yield running


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    connected = await Database.connect(url, application="test", min_size=1)
    yield connected
    await connected.close()


async def test_a_subscription_is_made_listed_shown_and_ended(api: Api) -> None:
    client = api.organisation()
    made = await client.post("/subscriptions", json=HOOK, headers=fresh_key())
    assert made.status_code == 201, made.text
    body = made.json()
    assert body["secret"].startswith("whsec_") and body["state"] == "active" and body["crisis_id"] is None
    assert made.headers["location"] == f"/subscriptions/{body['subscription_id']}"
    assert made.headers["cache-control"] == "no-store"
    shown = (await client.get(made.headers["location"])).json()
    assert "secret" not in shown and shown["url"] == HOOK["url"]
    listed = (await client.get("/subscriptions")).json()
    assert listed == {"subscriptions": [shown], "next_cursor": None}
    assert (await client.delete(made.headers["location"])).status_code == 204
    assert (await client.get(made.headers["location"])).status_code == 404
    assert (await client.delete(made.headers["location"])).status_code == 404


async def test_a_repeated_command_gets_the_same_answer_with_the_secret_which_is_stored_sealed(
    api: Api, db: Database
) -> None:
    client, key = api.organisation(), fresh_key()
    first = await client.post("/subscriptions", json=HOOK, headers=key)
    second = await client.post("/subscriptions", json=HOOK, headers=key)
    assert second.headers["idempotent-replayed"] == "true"
    assert first.json() == second.json()
    [stored] = await rows(db, "SELECT body FROM idempotency")
    assert b"whsec_" not in bytes(stored["body"]) and b"sealed:" in bytes(stored["body"])
    other = await client.post("/subscriptions", json=MAIL, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_command_needs_an_idempotency_key(api: Api) -> None:
    answered = await api.organisation().post("/subscriptions", json=HOOK)
    assert (answered.status_code, answered.json()["code"]) == (400, "idempotency_key_required")


async def test_an_address_comes_back_masked_and_never_whole(api: Api) -> None:
    client = api.organisation()
    made = await client.post("/subscriptions", json=MAIL, headers=fresh_key())
    assert made.json()["address"] == "k***@ornek.org.tr" and made.json()["secret"] is None
    assert "kriz-masasi" not in (await client.get("/subscriptions")).text


@pytest.mark.parametrize(
    "url",
    [
        "http://receiver.example/", "https://127.0.0.1:99999/", "https://169.254.169.254/", "https://10.0.0.1/",
        "https://user:pw@receiver.example/", "https://[::ffff:127.0.0.1]/", "https://2130706433/", "ftp://x.example/",
        "https://receiver.example:22/", "https://127.0.0.1@10.0.0.1/",
    ],
)  # fmt: skip
async def test_an_address_that_must_not_be_called_is_refused_at_once(url: str, database: Any) -> None:
    closed = settings_for(database("notifications"), webhook_allow_http=False, webhook_allowed_subnets="")
    async with serving(closed) as api:
        answered = await api.organisation().post(
            "/subscriptions", json={"channel": "webhook", "url": url}, headers=fresh_key()
        )
    assert (answered.status_code, answered.json()["code"]) == (422, "webhook_target_refused")


@pytest.mark.parametrize(
    ("language", "title"), [("tr", "Bu adres çağrılamaz"), ("en", "This address cannot be called")]
)
async def test_problems_speak_the_callers_language(api: Api, language: str, title: str) -> None:
    client = api.organisation(language=language)
    answered = await client.post(
        "/subscriptions", json={"channel": "webhook", "url": "https://10.0.0.1/"}, headers=fresh_key()
    )
    assert answered.headers["content-type"] == "application/problem+json"
    assert answered.json()["title"] == title and answered.json()["reason"] == "address_refused"


@pytest.mark.parametrize(
    "body",
    [
        {}, {"channel": "fax"}, {"channel": "webhook"}, {**HOOK, "secret": "x"}, {**HOOK, "event_kinds": []},
        {**HOOK, "event_kinds": ["allocation.made_up"]}, {**MAIL, "language": "de"},
        {**HOOK, "crisis_id": "1"},
        {**INBOX, "url": "https://x.example/"}, [], None,
    ],
)  # fmt: skip
async def test_a_misshapen_wish_is_refused(api: Api, body: Any) -> None:
    answered = await api.organisation().post("/subscriptions", json=body, headers=fresh_key())
    assert answered.status_code == 422 and answered.json()["errors"]


async def test_an_unusable_mail_address_is_refused(api: Api) -> None:
    answered = await api.organisation().post(
        "/subscriptions", json={**MAIL, "address": "x@y.example\r\nBcc: z@y.example"}, headers=fresh_key()
    )
    assert (answered.status_code, answered.json()["code"]) == (422, "mail_address_refused")


async def test_without_key_or_scope_nothing_is_possible(api: Api) -> None:
    for client, status in ((api.client(), 401), (api.organisation(scopes=frozenset({"events:read"})), 403)):
        for method, path in (
            ("GET", "/subscriptions"), ("POST", "/subscriptions"), ("GET", f"/subscriptions/{uuid7()}"),
            ("DELETE", f"/subscriptions/{uuid7()}"), ("GET", f"/subscriptions/{uuid7()}/deliveries"),
            ("POST", f"/deliveries/{uuid7()}/redrive"), ("GET", "/inbox"), ("POST", f"/inbox/{uuid7()}/read"),
        ):  # fmt: skip
            assert (await client.request(method, path, headers=fresh_key())).status_code == status, path


async def test_what_belongs_to_another_organisation_looks_like_nothing(api: Api, db: Database) -> None:
    owner, stranger = api.organisation(), api.organisation()
    crisis = uuid7()
    made = (await owner.post("/subscriptions", json=HOOK, headers=fresh_key())).json()
    await owner.post("/subscriptions", json=INBOX, headers=fresh_key())
    await stranger.post("/subscriptions", json=INBOX, headers=fresh_key())
    await consume_among_desks(db, held(crisis))
    await execute(db, "UPDATE notify.deliveries SET state = 'dead_lettered', exhausted_by = 'attempts', "
                      "due_at = NULL, ended_at = now() WHERE channel = 'webhook'")  # fmt: skip
    notice = (await owner.get("/inbox")).json()["items"][0]["notice_id"]
    listed = await owner.get(f"/subscriptions/{made['subscription_id']}/deliveries")
    delivery = listed.json()["deliveries"][0]["delivery_id"]
    for method, path in (
        ("GET", f"/subscriptions/{made['subscription_id']}"),
        ("GET", f"/subscriptions/{made['subscription_id']}/deliveries"),
        ("DELETE", f"/subscriptions/{made['subscription_id']}"),
        ("POST", f"/deliveries/{delivery}/redrive"),
        ("POST", f"/inbox/{notice}/read"),
    ):
        foreign = await stranger.request(method, path, headers=fresh_key())
        unknown_path = path.replace(path.split("/")[2], str(uuid7()))
        unknown = await stranger.request(method, unknown_path, headers=fresh_key())
        assert (foreign.status_code, foreign.json()["code"]) == (404, unknown.json()["code"]), path
    assert notice not in (await stranger.get("/inbox")).text
    unread = await stranger.post(f"/inbox/{notice}/read", headers=fresh_key())
    assert (unread.status_code, unread.json()["code"]) == (404, "notice_not_found")
    assert (await owner.post(f"/deliveries/{delivery}/redrive", headers=fresh_key())).status_code == 200


async def test_the_log_shows_every_attempt_of_a_subscription(api: Api, db: Database) -> None:
    from tests.notifying.receivers import answer, in_turn, receiving

    client = api.organisation()
    async with receiving(in_turn(answer(500), answer(200))) as receiver:
        wish = {"channel": "webhook", "url": receiver.url, "event_kinds": ["allocation.held"]}
        made = (await client.post("/subscriptions", json=wish, headers=fresh_key())).json()
        await consume_among_desks(db, held(uuid7()))

        async def log() -> Any:
            path = f"/subscriptions/{made['subscription_id']}/deliveries"
            [found] = (await client.get(path)).json()["deliveries"]
            return found

        async with delivering(db, webhook_lanes(), poll_seconds=0.05):
            await wait_until(lambda: _attempts_of(log, 1))
            await execute(db, "UPDATE notify.deliveries SET due_at = now() WHERE state = 'queued'")
            await wait_until(lambda: _attempts_of(log, 2))
    shown = await log()
    assert [each["outcome"] for each in shown["attempts"]] == ["temporary", "accepted"]
    assert [each["code"] for each in shown["attempts"]] == ["http_500", "http_200"]
    assert shown["state"] == "delivered" and shown["attempt_count"] == 2
    assert {each.headers["webhook-id"] for each in receiver.requests} == {shown["webhook_id"]}


async def _attempts_of(log: Callable[[], Any], number: int) -> bool:
    """True once that many attempts have an outcome."""
    return len([each for each in (await log())["attempts"] if each["outcome"]]) == number


async def test_only_a_dead_letter_can_be_redriven(api: Api, db: Database) -> None:
    client = api.organisation(language="en")
    made = (await client.post("/subscriptions", json=HOOK, headers=fresh_key())).json()
    await consume_among_desks(db, held(uuid7()))
    log = await client.get(f"/subscriptions/{made['subscription_id']}/deliveries")
    delivery = log.json()["deliveries"][0]["delivery_id"]
    refused = await client.post(f"/deliveries/{delivery}/redrive", headers=fresh_key())
    assert (refused.status_code, refused.json()["code"]) == (409, "delivery_not_redrivable")
    assert refused.json()["detail"] == "This delivery is queued."


async def test_the_inbox_shows_newest_first_in_the_readers_language(api: Api, db: Database) -> None:
    organisation, crisis = uuid7(), uuid7()
    client = api.organisation(organisation, language="en")
    assert (await client.get("/inbox")).json() == {"items": [], "unread": 0, "next_cursor": None}
    await client.post("/subscriptions", json=INBOX, headers=fresh_key())
    await consume_among_desks(db, crisis_opened(crisis))
    await consume_among_desks(db, held(crisis))
    page = (await client.get("/inbox")).json()
    assert [item["kind"] for item in page["items"]] == ["allocation.held", "crisis.opened"]
    assert page["unread"] == 2
    first, second = page["items"]
    assert first["title"].startswith("Pledge accepted: 200 piece") and first["data"]["gap"] == "800"
    assert second["title"] == "Crisis opened: Hatay earthquake"
    line = first["data"]["need_line_id"]
    assert first["link"] == f"https://board.example/c/{crisis}#l-{line}"
    assert second["link"] == f"https://board.example/c/{crisis}"
    turkish = (await api.organisation(organisation).get("/inbox")).json()
    assert turkish["items"][1]["title"] == "Kriz açıldı: Hatay depremi"
    own = api.client(authorization=client.headers["authorization"])
    assert (await own.get("/inbox")).json()["items"][1]["title"].startswith("فُتحت أزمة")


async def test_a_notice_is_read_once_and_leaves_the_unread_ones(api: Api, db: Database) -> None:
    client = api.organisation()
    await client.post("/subscriptions", json=INBOX, headers=fresh_key())
    await consume_among_desks(db, *(held(uuid7()) for _ in range(3)))
    item = (await client.get("/inbox")).json()["items"][1]
    first = await client.post(f"/inbox/{item['notice_id']}/read", headers=fresh_key())
    again = await client.post(f"/inbox/{item['notice_id']}/read", headers=fresh_key())
    assert first.status_code == 200 and first.json() == again.json()
    unread = (await client.get("/inbox?unread=true")).json()
    assert item["notice_id"] not in json.dumps(unread) and unread["unread"] == 2 and len(unread["items"]) == 2
    [state] = await rows(
        db, "SELECT state FROM notify.deliveries WHERE notice_id = $1", UUID(item["notice_id"])
    )
    assert state["state"] == "read"


@pytest.mark.parametrize("path", ["/inbox", "/subscriptions", "log"])
async def test_lists_can_be_walked_page_by_page(api: Api, db: Database, path: str) -> None:
    organisation = uuid7()
    client = api.organisation(organisation)
    made = (await client.post("/subscriptions", json=HOOK, headers=fresh_key())).json()
    for _ in range(6):
        await client.post("/subscriptions", json=INBOX, headers=fresh_key())
    await consume_among_desks(db, *(held(uuid7()) for _ in range(7)))
    path = f"/subscriptions/{made['subscription_id']}/deliveries" if path == "log" else path
    seen: list[str] = []
    cursor: str | None = None
    for _ in range(5):
        query = {"limit": 3, **({"cursor": cursor} if cursor else {})}
        page = (await client.get(path, params=query)).json()
        [rows_of_page] = [value for value in page.values() if isinstance(value, list)]
        seen += [next(iter(row.values())) for row in rows_of_page]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 7
    stolen = await api.organisation().get("/inbox", params={"cursor": "AAAA"})
    assert (stolen.status_code, stolen.json()["code"]) == (400, "cursor_invalid")


async def test_a_get_of_the_unsubscribe_link_shows_and_a_post_acts(api: Api, db: Database, url: str) -> None:
    client, reader = api.organisation(language="en"), api.client()
    made = (await client.post("/subscriptions", json=MAIL, headers=fresh_key())).json()
    [row] = await rows(db, "SELECT contact_ref FROM notify.rules")
    token = Vault(settings_for(url).master_key_bytes()).unsubscribe_token(row["contact_ref"])

    async def state() -> str:
        return (await client.get(f"/subscriptions/{made['subscription_id']}")).json()["state"]

    shown = await reader.get(f"/u/{token}")
    assert shown.status_code == 200 and "Stop crisis notifications to this address?" in shown.text
    assert shown.headers["referrer-policy"] == "no-referrer" and shown.headers["cache-control"] == "no-store"
    assert '<form method="post">' in shown.text and "<script" not in shown.text
    assert await state() == "active"
    form = {"content-type": "application/x-www-form-urlencoded"}
    for _ in range(2):
        stopped = await reader.post(f"/u/{token}", content="List-Unsubscribe=One-Click", headers=form)
        assert stopped.status_code == 200 and "no longer" in stopped.text
        assert not stopped.has_redirect_location and "set-cookie" not in stopped.headers
        assert await state() == "unsubscribed"
    refused = await client.post("/subscriptions", json=MAIL, headers=fresh_key())
    assert (refused.status_code, refused.json()["code"]) == (409, "address_unsubscribed")


async def test_a_made_up_unsubscribe_link_does_nothing(api: Api) -> None:
    reader = api.client(**{"accept-language": "ar"})
    for answered in (await reader.get("/u/" + "A" * 43), await reader.post("/u/" + "A" * 43)):
        assert answered.status_code == 404 and 'dir="rtl"' in answered.text


async def test_the_openapi_document_names_every_route(api: Api) -> None:
    paths = (await api.client().get("/openapi.json")).json()["paths"]
    assert {
        "/subscriptions",
        "/subscriptions/{subscription_id}",
        "/subscriptions/{subscription_id}/deliveries",
        "/deliveries/{delivery_id}/redrive",
        "/inbox",
        "/inbox/{notice_id}/read",
    } <= paths.keys()
