"""The life of an organisation's record."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imece_reference.refusals import UnknownCode, UnknownPlace
from registry.domain import organisations as rules
from registry.domain.acts import Act, Actor, must_be_secretariat, must_manage
from registry.domain.organisations import Organisation, Particulars
from registry.domain.refusals import (
    IdentityNumberInText,
    KindHoldsNoKeys,
    NotFound,
    ParentNotPossible,
    ParentRequired,
    RoleRequired,
    TextRefused,
    WrongState,
)
from registry.domain.texts import checked_text

NOW = datetime(2026, 2, 6, 6, 12, tzinfo=UTC)
HOME = UUID(int=1)


def act(*, secretariat: bool = True, at: datetime = NOW) -> Act:
    numbers = count(100)
    return Act(Actor(HOME, is_secretariat=secretariat), at, lambda: UUID(int=next(numbers)))


def said(**changes: object) -> Particulars:
    return replace(Particulars("dernek", "Örnek Yardım Derneği", "31"), **changes)  # type: ignore[arg-type]


def candidate() -> Organisation:
    return rules.register(act(), said(), None)


def test_a_new_organisation_is_a_candidate_active_at_its_seat() -> None:
    organisation = candidate()
    assert (organisation.state, organisation.version) == ("candidate", 1)
    assert organisation.province_plates == ("31",)
    assert organisation.registered_at == organisation.state_since == NOW


def test_provinces_are_a_sorted_set_of_known_plates() -> None:
    organisation = rules.register(act(), said(province_plates=("46", "01", "46")), None)
    assert organisation.province_plates == ("01", "46")
    with pytest.raises(UnknownPlace):
        rules.register(act(), said(province_plates=("82",)), None)
    with pytest.raises(UnknownCode):
        rules.register(act(), said(kind="kulüp"), None)


def test_names_sort_and_search_in_turkish() -> None:
    organisation = rules.register(act(), said(legal_name="Çınar IŞIK Derneği", short_name="ÇIŞIK"), None)
    assert organisation.search_key == "cinar isik dernegi cisik"
    assert organisation.sort_key < rules.register(act(), said(legal_name="Damla"), None).sort_key


def test_the_life_is_candidate_active_suspended_active() -> None:
    later = act(at=NOW + timedelta(days=1))
    active = rules.activate(candidate(), later, "Karar 14")
    suspended = rules.suspend(active, later, "Karar 15")
    back = rules.reinstate(suspended, later, "Karar 16")
    assert [o.state for o in (active, suspended, back)] == ["active", "suspended", "active"]
    assert [o.version for o in (active, suspended, back)] == [2, 3, 4]
    assert back.state_basis == "Karar 16"
    assert back.registered_at == NOW < back.state_since


@pytest.mark.parametrize(
    ("state", "move"),
    [
        ("candidate", rules.suspend),
        ("candidate", rules.reinstate),
        ("active", rules.activate),
        ("active", rules.reinstate),
        ("suspended", rules.activate),
        ("suspended", rules.suspend),
        ("merged", rules.activate),
        ("dissolved", rules.reinstate),
    ],
)
def test_no_other_move_is_possible(state, move) -> None:
    with pytest.raises(WrongState) as refused:
        move(replace(candidate(), state=state), act(), "Karar")
    assert refused.value.facts["state"] == state


def test_a_revision_that_changes_nothing_makes_no_version() -> None:
    organisation = candidate()
    assert rules.revise(organisation, act(), said(province_plates=("31",))) is organisation
    revised = rules.revise(organisation, act(), said(legal_name="Yeni Ad"))
    assert (revised.version, revised.legal_name) == (2, "Yeni Ad")
    with pytest.raises(WrongState):
        rules.revise(replace(organisation, state="merged"), act(), said())


def test_branches_need_a_parent_and_associations_have_none() -> None:
    parent = candidate()
    branch = rules.register(act(), said(kind="sube"), parent)
    assert (branch.parent_id, branch.depth) == (parent.organisation_id, 2)
    with pytest.raises(ParentRequired):
        rules.register(act(), said(kind="sube"), None)
    for impossible in (replace(parent, depth=3), replace(parent, state="dissolved")):
        with pytest.raises(ParentNotPossible):
            rules.register(act(), said(kind="sube"), impossible)
    with pytest.raises(ParentNotPossible):
        rules.register(act(), said(kind="dernek"), parent)


def test_a_platform_holds_no_keys_and_a_closed_organisation_neither() -> None:
    with pytest.raises(KindHoldsNoKeys):
        rules.must_hold_keys(rules.register(act(), said(kind="platform"), None))
    with pytest.raises(WrongState):
        rules.must_hold_keys(replace(candidate(), state="merged"))
    rules.must_hold_keys(candidate())


def test_a_candidate_is_seen_by_itself_and_the_secretariat_only() -> None:
    organisation = candidate()
    assert rules.is_visible(organisation, Actor(HOME, is_secretariat=True))
    assert rules.is_visible(organisation, Actor(organisation.organisation_id))
    assert not rules.is_visible(organisation, Actor(HOME))
    assert rules.is_visible(replace(organisation, state="active"), Actor(HOME))


def test_foreign_things_are_not_found_and_own_ones_need_the_role() -> None:
    must_manage(Actor(HOME, is_secretariat=True), UUID(int=2))
    must_manage(Actor(HOME, is_admin=True), HOME)
    with pytest.raises(NotFound):
        must_manage(Actor(HOME, is_admin=True), UUID(int=2))
    with pytest.raises(RoleRequired):
        must_manage(Actor(HOME), HOME)
    with pytest.raises(RoleRequired):
        must_be_secretariat(Actor(HOME, is_admin=True))


@pytest.mark.parametrize(
    "text", ["Kardelen\u0000", "a\ud800", "a\u202eb", "123", "  ", "", "x" * 201, "A\nB"]
)
def test_unusable_texts_are_refused_by_field_name(text: str) -> None:
    with pytest.raises(TextRefused) as refused:
        checked_text("legal_name", text)
    assert refused.value.facts == {"field": "legal_name", "limit": "200"}


def test_texts_are_trimmed_and_composed() -> None:
    assert checked_text("name", "  Ye\u015filay   C\u0327ınar ") == "Yeşilay Çınar"


@given(st.integers(min_value=100_000_000, max_value=999_999_999))
def test_a_national_identity_number_never_passes_and_is_never_repeated(first_nine: int) -> None:
    digits = [int(c) for c in str(first_nine)]
    tenth = (sum(digits[0::2]) * 7 - sum(digits[1::2])) % 10
    number = f"{first_nine}{tenth}{(sum(digits) + tenth) % 10}"
    with pytest.raises(IdentityNumberInText) as refused:
        checked_text("basis", f"Başvuru {number} ile")
    assert number not in str(refused.value)
    assert refused.value.facts == {"field": "basis"}
