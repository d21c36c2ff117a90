"""Classes come from a table, and one recipient hears once."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.domain.audience import Desk, Fact, Rule, audience
from notifications.domain.kinds import BETWEEN_PARTIES, KINDS, SUBSCRIBABLE, Channel, NoticeClass, class_of
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
        plate="31",
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
    desks=st.sampled_from([(), (Desk(),), (Desk(frozenset({"31"})),), (Desk(crisis_id=CRISES[1]),)]),
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


@given(st.lists(rules), st.sampled_from(sorted(BETWEEN_PARTIES)), st.sampled_from(CRISES))
def test_what_two_parties_agree_on_reaches_no_bystander(
    given_rules: list[Rule], kind: str, crisis: UUID
) -> None:
    told = fact(kind, crisis)
    allowed = {rule.recipient_id for rule in given_rules if any(desk.covers(told) for desk in rule.desks)}
    assert {each.recipient_id for each in audience(given_rules, told)} <= allowed


@pytest.mark.parametrize(
    ("desk", "is_told"),
    [
        (Desk(), True),
        (Desk(frozenset({"31", "46"})), True),
        (Desk(frozenset({"46"})), False),
        (Desk(crisis_id=CRISES[0]), True),
        (Desk(frozenset({"31"}), CRISES[1]), False),
    ],
)
def test_a_desk_hears_of_agreements_in_its_provinces_and_its_crisis(desk: Desk, is_told: bool) -> None:
    assert desk.covers(fact("allocation.held")) is is_told
