"""Classes come from a table, and one recipient hears once."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.domain.audience import Fact, Rule, audience
from notifications.domain.kinds import KINDS, SUBSCRIBABLE, Channel, NoticeClass, class_of
from notifications.http.shapes import EVERY_KIND

NOW = datetime(2026, 2, 6, 4, 17, tzinfo=UTC)
CRISES = [UUID(int=number) for number in range(1, 4)]
PEOPLE = [UUID(int=number) for number in range(100, 104)]


def fact(kind: str = "allocation.held", crisis: UUID = CRISES[0], *, is_drill: bool = False) -> Fact:
    return Fact(
        event_id=UUID(int=7),
        kind=kind,
        event_type=f"crisis.{kind}",
        crisis_id=crisis,
        subject="allocation/1",
        occurred_at=NOW,
        sequence=1,
        is_drill=is_drill,
        urgency="urgent",
        thread=None,
        parties=(),
        params={},
    )


rules = st.builds(
    Rule,
    subscription_id=st.uuids(),
    recipient_id=st.sampled_from(PEOPLE),
    organisation_id=st.just(UUID(int=1)),
    channel=st.sampled_from(Channel),
    contact_ref=st.sampled_from(PEOPLE),
    crisis_id=st.sampled_from([None, *CRISES]),
    event_kinds=st.frozensets(st.sampled_from(SUBSCRIBABLE), min_size=1),
    only_own=st.booleans(),
    created_at=st.just(NOW),
)


@given(st.lists(rules), st.sampled_from(SUBSCRIBABLE), st.sampled_from(CRISES), st.booleans())
def test_every_recipient_hears_at_most_once_and_never_twice_on_a_contact(
    given_rules: list[Rule], kind: str, crisis: UUID, is_drill: bool
) -> None:
    found = audience(given_rules, fact(kind, crisis, is_drill=is_drill))
    assert len({addressee.recipient_id for addressee in found}) == len(found)
    assert all(len(set(each.contacts)) == len(each.contacts) > 0 for each in found)


@given(st.lists(rules), st.sampled_from(SUBSCRIBABLE), st.sampled_from(CRISES))
def test_a_further_rule_never_silences_anybody(given_rules: list[Rule], kind: str, crisis: UUID) -> None:
    before = {each.recipient_id for each in audience(given_rules[:-1], fact(kind, crisis))}
    after = {each.recipient_id for each in audience(given_rules, fact(kind, crisis))}
    assert before <= after


@pytest.mark.parametrize("urgency", ["life_saving", "urgent", "normal", None])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_a_class_for_every_urgency(kind: str, urgency: str | None) -> None:
    assert class_of(kind, urgency) in NoticeClass


def test_act_now_comes_before_act_today() -> None:
    assert NoticeClass.ACT_NOW.rank < NoticeClass.ACT_TODAY.rank
    assert class_of("crisis.opened", None) is NoticeClass.ACT_NOW
    assert class_of("allocation.proposed", "life_saving") is NoticeClass.ACT_NOW
    assert class_of("allocation.held", "life_saving") is NoticeClass.ACT_TODAY


def test_the_api_offers_exactly_the_kinds_a_rule_may_choose() -> None:
    assert set(EVERY_KIND) == set(SUBSCRIBABLE)
