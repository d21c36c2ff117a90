"""What docs/webhooks.md prints is what the sender does."""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from notifications.channels.links import Links
from notifications.channels.webhook import signed_headers, webhook_body
from notifications.domain.kinds import SUBSCRIBABLE, Channel
from notifications.domain.schedule import WEBHOOK
from notifications.domain.work import Job

PAGE = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text(encoding="utf-8")
OLD, NEW = "whsec_b2xkIHNlY3JldCBvZiB0aGUgaG9vaw==", "whsec_bmV3IHNlY3JldCBvZiB0aGUgaG9vaw=="
JOB = Job(
    delivery_id=UUID(int=1),
    channel=Channel.WEBHOOK,
    contact_ref=UUID(int=2),
    recipient_id=UUID(int=3),
    organisation_id=UUID(int=4),
    number=1,
    tried=1,
    redrives=0,
    event_id=UUID(int=5),
    kind="allocation.held",
    event_type="crisis.allocation.held",
    notice_class="act_today",
    crisis_id=UUID(int=6),
    thread=None,
    sequence=3,
    is_drill=False,
    occurred_at=datetime(2026, 2, 6, 4, 17, tzinfo=UTC),
    begun_at=datetime(2026, 2, 6, 4, 17, tzinfo=UTC),
    crisis_no="KRZ-2026-0007",
    crisis_title={},
    params={"qty": "200", "item": "Çadır"},
    secrets=(NEW, OLD),
)


def printed_check() -> Callable[[str, dict[str, str], bytes], bool]:
    """The function of the page, as printed."""
    found = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    names: dict[str, Callable[[str, dict[str, str], bytes], bool]] = {}
    exec(found.group(1), names)
    return names["is_ours"]


def message(at: float) -> tuple[dict[str, str], bytes]:
    body = webhook_body(JOB, Links("https://board.example.org", "https://notices.example.org"))
    pairs = signed_headers(JOB, body, datetime.fromtimestamp(at, UTC))
    return {name.decode(): value.decode() for name, value in pairs}, body


def test_the_link_leads_to_the_row_of_the_line_on_the_board() -> None:
    links = Links("https://board.example.org", "https://notices.example.org")
    body = webhook_body(replace(JOB, params={"need_line_id": str(UUID(int=7))}), links)
    board = f"https://board.example.org/c/{UUID(int=6)}"
    assert f'"link":"{board}#l-{UUID(int=7)}"' in body.decode()
    assert f'"link":"{board}"' in webhook_body(JOB, links).decode()


@pytest.mark.parametrize("secret", [OLD, NEW])
def test_the_printed_check_takes_what_the_sender_signs_under_either_secret(secret: str) -> None:
    assert printed_check()(secret, *message(time.time()))


def test_the_printed_check_refuses_other_bytes_other_secrets_and_old_messages() -> None:
    is_ours = printed_check()
    headers, body = message(time.time())
    assert not is_ours(OLD, headers, body.replace(b"200", b"900"))
    assert not is_ours("whsec_c29tZWJvZHkgZWxzZSdzIHNlY3JldA==", headers, body)
    assert not is_ours(OLD, *message(time.time() - 600))


def test_the_page_lists_every_kind_one_can_subscribe_to() -> None:
    rows = re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|", PAGE, re.MULTILINE)
    assert set(rows) == set(SUBSCRIBABLE)
    assert len(rows) == len(SUBSCRIBABLE)


def test_the_page_says_when_it_is_tried_again() -> None:
    units = {"s": "seconds", "min": "minutes", "h": "hours"}
    said = re.search(r"tried again after (.*?),\s+each", PAGE, re.DOTALL)
    assert said is not None
    gaps = [timedelta(**{units[unit]: int(n)}) for n, unit in re.findall(r"(\d+) (s|min|h)\b", said.group(1))]
    assert tuple(gaps) == WEBHOOK.gaps[1:]
