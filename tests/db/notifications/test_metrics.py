"""The figures operators watch move with the work, and carry no id and no address."""

from typing import Any

from imece_chassis.ids import uuid7
from imece_chassis.telemetry.metrics import REGISTRY, exposition
from notifications.domain.kinds import Channel
from tests.notifying.events import held
from tests.notifying.receivers import answer, receiving
from tests.notifying.service import consume, delivering, states, subscribed, webhook_lanes
from tests.waiting import wait_until


def figure(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_one_delivery_is_counted_at_every_station(notifications_db: Any) -> None:
    def seen() -> list[float]:
        return [
            figure("notification_notices_total", notice_class="act_today"),
            figure("notification_attempts_total", channel="webhook", outcome="accepted"),
            figure("notification_attempts_total", channel="inbox", outcome="accepted"),
            figure("notification_terminal_total", channel="webhook", state="delivered"),
            figure("notification_terminal_total", channel="inbox", state="delivered"),
            figure("notification_first_attempt_seconds_count", channel="webhook", notice_class="act_today"),
        ]

    before = seen()
    async with receiving(answer(200)) as receiver:
        await subscribed(notifications_db, Channel.WEBHOOK, receiver.url)
        await subscribed(notifications_db, Channel.INBOX)
        event = held(uuid7())
        await consume(notifications_db, event)
        await consume(notifications_db, event)
        async with delivering(notifications_db, webhook_lanes()):
            await wait_until(lambda: _are_delivered(notifications_db, 2))
            await wait_until(
                lambda: (
                    [after - then for after, then in zip(seen(), before, strict=True)] == [2, 1, 1, 1, 1, 1]
                )
            )
        text = exposition(None)[0].decode()
    assert 'notification_queue_oldest_seconds{lane_kind="webhook"}' in text
    for hidden in (str(event.envelope.id), "127.0.0.1", receiver.url):
        assert hidden not in text


async def _are_delivered(db: Any, number: int) -> bool:
    return await states(db) == ["delivered"] * number
