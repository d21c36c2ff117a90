from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crisis.domain.clocks import Timers, Urgency, timers_of
from crisis.domain.crises import area_of, crisis_number, local_year
from crisis.domain.needs import (
    NeedState,
    NeedTimer,
    edited,
    goes_first,
    must_be_verifiable,
    submitted,
    without_personal_data,
)
from crisis.domain.refusals import (
    ContactNotReference,
    CrisisNotOpen,
    DrillNotAvailable,
    MinUsefulAboveRequested,
    NeedClosed,
    NeededByPast,
    NeedNotInState,
    NeedNotSubmitted,
    NeedWithoutLines,
    PlaceOutsideArea,
    SameParty,
)
from imece_reference.refusals import UnknownItem, UnknownPlace
from tests.unit.crisis.examples import ASKER, DESK, NOW, a_crisis, new_id
from tests.unit.crisis.needs import CRISIS, LINE, a_draft, a_submitted_need, an_open_need, said


def test_packs_are_frozen_in_base_units_when_a_need_is_stated():
    (line,) = a_submitted_need().lines
    assert (line.unit, line.requested, line.min_useful) == ("adet", 60, 6)
    assert (line.pack.pack, line.pack.factor, line.pack.count) == ("palet", 6, 10)
    assert (line.sector, line.tamp_group) == ("SHL", "BAR")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"needed_by": NOW}, NeededByPast),
        ({"min_useful_quantity": "11"}, MinUsefulAboveRequested),
        ({"item_code": "NOPE"}, UnknownItem),
    ],
)
def test_a_line_is_refused_with_what_is_wrong_with_it(changes: dict[str, Any], refusal: type[Exception]):
    with pytest.raises(refusal):
        a_submitted_need(lines=(replace(LINE, **changes),))


def test_a_need_belongs_to_a_place_inside_the_crisis_area():
    assert a_submitted_need(district="TUR046").district == "TUR046"
    with pytest.raises(PlaceOutsideArea) as refused:
        a_draft(district="TUR006")
    assert refused.value.facts["area"] == "TUR031, TUR046"
    with pytest.raises(UnknownPlace):
        a_draft(district="TUR099")


def test_a_closed_crisis_takes_no_needs():
    for make in (a_draft, a_submitted_need):
        with pytest.raises(CrisisNotOpen):
            make(a_crisis(state="closed"))


def test_a_draft_is_private_may_be_incomplete_and_expires():
    draft = a_draft(lines=())
    assert (draft.state, draft.is_private, draft.told, draft.version) == (NeedState.DRAFT, True, 0, 1)
    assert draft.clock is not None
    assert (draft.clock.kind, draft.clock.due_at) == (NeedTimer.DRAFT, NOW + timedelta(days=7))
    with pytest.raises(NeedWithoutLines):
        submitted(draft, CRISIS, NOW, new_id)


def test_a_draft_is_said_anew_without_telling_anybody_and_keeps_its_clock():
    draft = a_draft(lines=())
    after = edited(draft, CRISIS, said(district="TUR046", urgency=Urgency.NORMAL))
    assert (after.district, after.urgency, after.draft_lines) == ("TUR046", Urgency.NORMAL, (LINE,))
    assert (after.version, after.told, after.clock) == (2, 0, draft.clock)
    for need, refusal in ((a_submitted_need(), NeedNotInState), (an_open_need(), NeedNotInState)):
        with pytest.raises(refusal):
            edited(need, CRISIS, said())


def test_submission_checks_the_lines_at_that_moment_and_starts_the_verifiers_clock():
    draft = a_draft()
    need = submitted(draft, CRISIS, NOW, new_id)
    assert (need.state, need.draft_lines, need.told, len(need.lines)) == (NeedState.SUBMITTED, None, 1, 1)
    assert need.clock is not None
    assert (need.clock.kind, need.clock.due_at) == (NeedTimer.VERIFY, NOW + timedelta(hours=12))
    with pytest.raises(NeededByPast):
        submitted(draft, CRISIS, LINE.needed_by, new_id)
    with pytest.raises(NeedNotInState):
        submitted(need, CRISIS, NOW, new_id)


@pytest.mark.parametrize(
    ("urgency", "hours"), [(Urgency.LIFE_SAVING, 2), (Urgency.URGENT, 12), (Urgency.NORMAL, 48)]
)
def test_the_verifiers_clock_runs_by_urgency(urgency: Urgency, hours: int):
    clock = a_submitted_need(urgency=urgency).clock
    assert clock is not None and clock.due_at == NOW + timedelta(hours=hours)


def test_a_contact_is_a_reference_and_texts_are_masked_where_they_stand():
    with pytest.raises(ContactNotReference) as refused:
        a_draft(contact_ref="05321234567")
    assert refused.value.facts == {"looks_like": "phone"}
    shown, masked = without_personal_data(
        said(title="Çadır", description="Ali 0532 123 45 67", lines=(replace(LINE, note="34 ABC 12"),))
    )
    assert (shown.title, shown.description, shown.lines[0].note) == ("Çadır", "Ali •••", "•••")
    assert [(each.pointer, each.kinds) for each in masked] == [
        ("/description", ("phone",)),
        ("/lines/0/note", ("plate",)),
    ]


def test_only_another_organisation_verifies_and_only_what_was_submitted():
    need = a_submitted_need()
    must_be_verifiable(CRISIS, need, DESK)
    with pytest.raises(SameParty):
        must_be_verifiable(CRISIS, need, ASKER)
    with pytest.raises(NeedNotSubmitted):
        must_be_verifiable(CRISIS, an_open_need(), DESK)
    with pytest.raises(NeedClosed):
        must_be_verifiable(CRISIS, replace(need, state=NeedState.CLOSED, close_reason="rejected"), DESK)


def test_only_a_life_saving_need_of_an_accredited_asker_goes_first():
    life_saving = a_submitted_need(urgency=Urgency.LIFE_SAVING)
    assert goes_first(life_saving, is_asker_accredited=True)
    assert not goes_first(life_saving, is_asker_accredited=False)
    assert not goes_first(a_submitted_need(), is_asker_accredited=True)


def test_an_area_lists_each_place_once_and_drills_are_refused_for_now():
    assert area_of(["TUR031", "TUR046", "TUR031"]) == ("TUR031", "TUR046")
    with pytest.raises(DrillNotAvailable):
        area_of(["TUR031"], is_drill=True)


def test_a_crisis_number_names_series_year_and_ordinal():
    assert crisis_number("KRZ", 2026, 7) == "KRZ-2026-0007"


def test_the_year_of_a_crisis_number_is_that_of_turkiye():
    assert local_year(datetime(2026, 12, 31, 20, 59, tzinfo=UTC)) == 2026
    assert local_year(datetime(2026, 12, 31, 22, 30, tzinfo=UTC)) == 2027


def test_timers_survive_being_stored_as_settings():
    timers = Timers()
    assert timers_of(timers.as_settings(), 1) == timers
    shorter = timers_of({"hold_minutes": {"urgent": 5}}, 2)
    assert shorter.lease_until(Urgency.URGENT, NOW, NOW + timedelta(days=9)) == NOW + timedelta(minutes=5)
    assert shorter.answer_by(Urgency.LIFE_SAVING, NOW) == NOW + timedelta(hours=1)
