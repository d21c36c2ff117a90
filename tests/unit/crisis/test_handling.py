"""How a need is handled: what is said stands, what is not said stays, and a site belongs to its place."""

from uuid import UUID

import pytest

from crisis.domain.needs import (
    Handling,
    HandlingSaid,
    Intake,
    Need,
    Visibility,
    edited,
    handled_anew,
    relocated,
    returned,
)
from crisis.domain.refusals import HandlingUnchanged, NeedNotInState
from crisis.store.need_rows import facts_json, facts_of
from tests.unit.crisis.examples import DESK, NOW, new_id
from tests.unit.crisis.needs import CRISIS, a_draft, a_submitted_need, an_open_need, said

SITE, OTHER = UUID(int=7), UUID(int=8)
SENSITIVE = HandlingSaid(Visibility.RESTRICTED, 2, Intake.PHONE, SITE)


def a_returned_need(handling: HandlingSaid) -> Need:
    return returned(a_submitted_need(handling=handling), "missing_information", (), DESK, NOW, new_id)


def test_a_need_is_for_members_open_of_place_and_from_a_form_unless_said_otherwise():
    assert a_draft().handling == Handling(Visibility.MEMBER, 0, Intake.FORM, None)
    need = a_submitted_need(handling=SENSITIVE)
    assert need.handling == Handling(Visibility.RESTRICTED, 2, Intake.PHONE, SITE)


def test_saying_a_draft_anew_leaves_what_is_not_said():
    draft = a_draft(handling=SENSITIVE)
    assert edited(draft, CRISIS, said()).handling == draft.handling
    assert edited(draft, CRISIS, said(handling=HandlingSaid(sensitivity=0))).handling.sensitivity == 0
    assert edited(draft, CRISIS, said(handling=HandlingSaid(is_without_site=True))).handling.site_id is None


def test_a_site_stays_behind_when_the_place_changes():
    draft = a_draft(handling=SENSITIVE)
    elsewhere = edited(draft, CRISIS, said(district="TUR046002"))
    assert (elsewhere.handling.site_id, elsewhere.handling.sensitivity) == (None, 2)
    there = edited(draft, CRISIS, said(district="TUR046002", handling=HandlingSaid(site_id=OTHER)))
    assert there.handling.site_id == OTHER
    moved = relocated(an_open_need(handling=SENSITIVE), CRISIS, "TUR046002", "site_moved")
    assert moved.handling == Handling(Visibility.RESTRICTED, 2, Intake.PHONE, None)


def test_what_a_returned_need_is_to_be_is_nobodys_before_it_is_submitted():
    anew = edited(a_returned_need(HandlingSaid()), CRISIS, said(handling=SENSITIVE))
    assert (anew.handling, anew.as_edited.handling.sensitivity) == (Handling(), 2)
    assert anew.draft_facts is not None
    stored = facts_of(facts_json(anew.draft_facts))
    assert stored is not None and stored.handling == SENSITIVE


def test_facts_stored_without_a_word_about_handling_change_none():
    need = a_returned_need(SENSITIVE)
    anew = edited(need, CRISIS, said())
    stored = facts_json(anew.draft_facts)
    assert stored is not None and "handling" not in stored
    assert anew.as_edited.handling == need.handling


def test_an_open_need_is_handled_anew_without_telling_anybody():
    need = an_open_need()
    after = handled_anew(need, HandlingSaid(sensitivity=1, site_id=SITE))
    assert after.handling == Handling(sensitivity=1, site_id=SITE)
    assert (after.version, after.told) == (need.version + 1, need.told)
    with pytest.raises(HandlingUnchanged):
        handled_anew(after, HandlingSaid(sensitivity=1))
    with pytest.raises(NeedNotInState):
        handled_anew(a_draft(), HandlingSaid(sensitivity=1))
