"""One notice per recipient and event, whatever arrives how often."""

from typing import Any

import pytest

from imece_chassis.ids import uuid7
from notifications.domain.kinds import Channel
from notifications.domain.refusals import TooManySubscriptions
from notifications.store import notices as store
from notifications.usecases.end_subscription import end_subscription
from tests.notifying.events import crisis_opened, held, line, need_line_opened, proposed, withdrawn
from tests.notifying.service import consume, execute, granted, rows, states, subscribed

URL = "https://receiver.example/hook"


async def test_a_record_delivered_ten_times_is_one_notice_and_one_delivery(notifications_db: Any) -> None:
    await subscribed(notifications_db, Channel.WEBHOOK, URL)
    event = proposed(uuid7())
    for _ in range(10):
        await consume(notifications_db, event)
    await consume(notifications_db, event, event)
    assert len(await rows(notifications_db, "SELECT notice_id FROM notify.notices")) == 1
    assert await states(notifications_db) == ["queued"]


async def test_six_rules_of_one_address_give_one_notice_and_one_message(notifications_db: Any) -> None:
    organisation, crisis = uuid7(), uuid7()
    for wanted in (None, crisis, None, crisis, None, crisis):
        await subscribed(
            notifications_db,
            Channel.MAIL,
            "kriz@ornek.org.tr",
            organisation_id=organisation,
            crisis_id=wanted,
        )
    await consume(notifications_db, held(crisis))
    assert len(await rows(notifications_db, "SELECT notice_id FROM notify.notices")) == 1
    assert await states(notifications_db) == ["queued"]


async def test_a_rule_for_one_crisis_hears_nothing_of_another(notifications_db: Any) -> None:
    await subscribed(notifications_db, Channel.WEBHOOK, URL, crisis_id=uuid7())
    await consume(notifications_db, proposed(uuid7()))
    assert await states(notifications_db) == []


async def test_a_rule_hears_only_the_kinds_it_named(notifications_db: Any) -> None:
    crisis = uuid7()
    await subscribed(notifications_db, Channel.WEBHOOK, URL, event_kinds=["allocation.held"])
    await consume(
        notifications_db, crisis_opened(crisis), need_line_opened(crisis), proposed(crisis), withdrawn(crisis)
    )
    assert await states(notifications_db) == []
    await consume(notifications_db, held(crisis))
    assert await states(notifications_db) == ["queued"]


async def test_a_rule_for_own_events_hears_of_the_own_organisation_only(notifications_db: Any) -> None:
    organisation = uuid7()
    await subscribed(notifications_db, Channel.WEBHOOK, URL, organisation_id=organisation, only_own=True)
    await consume(notifications_db, proposed(uuid7()))
    assert await states(notifications_db) == []
    await consume(notifications_db, proposed(uuid7(), pledger=organisation))
    assert await states(notifications_db) == ["queued"]


async def test_bystanders_hear_of_crises_and_needs_but_not_of_what_others_agree_on(
    notifications_db: Any,
) -> None:
    pledger, crisis = uuid7(), uuid7()
    await subscribed(notifications_db, Channel.WEBHOOK, URL, desk_role=None)
    await subscribed(notifications_db, Channel.WEBHOOK, URL, desk_role="pledger")
    await subscribed(notifications_db, Channel.WEBHOOK, URL, desk_role="provincial_desk", provinces=["46"])
    await consume(notifications_db, proposed(crisis), held(crisis), withdrawn(crisis))
    assert await states(notifications_db) == []
    await consume(notifications_db, crisis_opened(crisis), need_line_opened(crisis))
    assert await states(notifications_db) == ["queued"] * 6
    await subscribed(
        notifications_db, Channel.MAIL, "biz@ornek.org.tr", organisation_id=pledger, desk_role=None
    )
    await subscribed(
        notifications_db, Channel.MAIL, "il@ornek.gov.tr", desk_role="provincial_desk", provinces=["31"]
    )
    await consume(notifications_db, proposed(crisis, pledger=pledger))
    assert len(await states(notifications_db)) == 8


async def test_a_regional_desk_hears_of_agreements_of_its_area(notifications_db: Any) -> None:
    await subscribed(notifications_db, Channel.WEBHOOK, URL, desk_role="regional_desk", provinces=["46"])
    await consume(notifications_db, proposed(uuid7()))
    assert await states(notifications_db) == []
    await subscribed(
        notifications_db, Channel.MAIL, "bolge@ornek.org.tr", desk_role="regional_desk", provinces=["31"]
    )
    await consume(notifications_db, proposed(uuid7()))
    assert await states(notifications_db) == ["queued"]


async def test_a_duty_officer_hears_of_agreements_until_the_end_of_the_shift(notifications_db: Any) -> None:
    await subscribed(notifications_db, Channel.WEBHOOK, URL, desk_role=None)
    (rule,) = await rows(notifications_db, "SELECT DISTINCT integration_id FROM notify.rules")
    grant = await granted(notifications_db, rule["integration_id"], "duty_officer")
    await consume(notifications_db, proposed(uuid7()))
    assert await states(notifications_db) == [], "a shift without an end"
    await execute(
        notifications_db,
        "UPDATE grants_mirror SET valid_to = now() + interval '8 hours' WHERE grant_id = $1",
        grant,
    )
    await consume(notifications_db, proposed(uuid7()))
    assert await states(notifications_db) == ["queued"]


async def test_a_desk_whose_grant_was_revoked_hears_no_more_agreements(notifications_db: Any) -> None:
    await subscribed(notifications_db, Channel.WEBHOOK, URL)
    await execute(notifications_db, "UPDATE grants_mirror SET revoked_at = now()")
    await consume(notifications_db, proposed(uuid7()))
    assert await states(notifications_db) == []


async def test_a_drill_reaches_only_rules_that_name_it(notifications_db: Any) -> None:
    drill = uuid7()
    await subscribed(notifications_db, Channel.WEBHOOK, URL)
    await subscribed(notifications_db, Channel.MAIL, "tatbikat@ornek.org.tr", crisis_id=drill)
    await consume(notifications_db, proposed(drill, is_drill=True))
    found = await rows(notifications_db, "SELECT channel FROM notify.deliveries")
    assert [row["channel"] for row in found] == ["mail"]


async def test_an_event_from_before_the_subscription_is_not_told(notifications_db: Any) -> None:
    old = proposed(uuid7())
    await subscribed(notifications_db, Channel.WEBHOOK, URL)
    await notifications_db.unit_of_work(
        lambda tx: tx.execute("UPDATE notify.rules SET created_at = now() + interval '1 minute'")
    )
    await consume(notifications_db, old)
    assert await states(notifications_db) == []


async def test_the_inbox_is_delivered_by_the_commit_itself_with_its_attempt(notifications_db: Any) -> None:
    await subscribed(notifications_db, Channel.INBOX)
    await consume(notifications_db, held(uuid7()))
    assert await states(notifications_db) == ["delivered"]
    tries = await rows(notifications_db, "SELECT number, outcome FROM notify.attempt_outcomes")
    assert [tuple(row) for row in tries] == [(1, "accepted")]


async def test_life_saving_lines_are_act_now_and_others_act_today(notifications_db: Any) -> None:
    await subscribed(notifications_db, Channel.WEBHOOK, URL)
    crisis = uuid7()
    await consume(
        notifications_db,
        proposed(crisis, line(urgency="life_saving")),
        proposed(crisis),
        crisis_opened(crisis),
    )
    found = await rows(notifications_db, "SELECT kind, class FROM notify.notices ORDER BY notice_id")
    assert sorted(tuple(row) for row in found) == [
        ("allocation.proposed", "act_now"),
        ("allocation.proposed", "act_today"),
        ("crisis.opened", "act_now"),
    ]


async def test_a_large_audience_is_written_in_chunks(notifications_db: Any) -> None:
    organisation = uuid7()
    for number in range(30):
        await subscribed(
            notifications_db, Channel.MAIL, f"a{number}@ornek.org.tr", organisation_id=organisation
        )
    crisis = uuid7()
    await consume(notifications_db, *(proposed(crisis) for _ in range(40)))
    counted = await rows(
        notifications_db,
        "SELECT count(*) AS notices, (SELECT count(*) FROM notify.deliveries) AS sent FROM notify.notices",
    )
    assert tuple(counted[0]) == (1200, 1200)


async def test_an_event_nobody_is_told_of_writes_nothing(notifications_db: Any) -> None:
    await consume(notifications_db, crisis_opened(uuid7()))
    assert await rows(notifications_db, "SELECT notice_id FROM notify.notices") == []
    assert len(await rows(notifications_db, "SELECT crisis_id FROM notify.crises")) == 1


async def test_an_ended_subscription_hears_nothing(notifications_db: Any) -> None:
    organisation = uuid7()
    created = await subscribed(notifications_db, Channel.WEBHOOK, URL, organisation_id=organisation)
    await notifications_db.unit_of_work(
        lambda tx: end_subscription(tx, organisation, created.subscription.subscription_id)
    )
    await consume(notifications_db, proposed(uuid7()))
    assert await states(notifications_db) == []


async def test_an_older_crisis_event_does_not_change_what_is_known(notifications_db: Any) -> None:
    crisis = uuid7()

    async def remember(number: str, sequence: int) -> None:
        await notifications_db.unit_of_work(
            lambda tx: store.remember_crisis(tx, crisis, number, {"tr": number}, False, sequence)
        )

    await remember("new", 5)
    await remember("old", 4)
    found = await rows(notifications_db, "SELECT crisis_no FROM notify.crises")
    assert [row["crisis_no"] for row in found] == ["new"]


async def test_one_endpoint_has_at_most_ten_rules(notifications_db: Any) -> None:
    organisation = uuid7()
    for _ in range(10):
        await subscribed(notifications_db, Channel.WEBHOOK, URL, organisation_id=organisation)
    with pytest.raises(TooManySubscriptions):
        await subscribed(notifications_db, Channel.WEBHOOK, URL, organisation_id=organisation)
