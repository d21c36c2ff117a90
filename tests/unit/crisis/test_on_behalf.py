"""A desk writes down what an organisation without access promises; that one may object for a day."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from crisis.domain.allocations import Side
from crisis.domain.answers import accepted
from crisis.domain.auto_accept import may_be_taken
from crisis.domain.behalf import Behalf, Reach, Represented, must_be_objectable
from crisis.domain.countering import Counter, countered
from crisis.domain.hoarding import UNKNOWN
from crisis.domain.objections import objected
from crisis.domain.refusals import (
    AllocationNotInState,
    NotOnBehalf,
    ObjectionTooLate,
    OrganisationHasAccess,
    OrganisationMayNotAct,
    SameParty,
)
from crisis.domain.states import State
from tests.unit.crisis.examples import NOW, PLEDGER, a_balance, a_crisis, a_line, a_pledge, doing

WRITER, OTHER, CRISIS = uuid4(), uuid4(), uuid4()


def written():
    return a_pledge(written_by_org_id=WRITER)


def later(**by: float):
    return doing(actor_org_id=PLEDGER, actor="pledger", now=NOW + timedelta(**by))


def test_row_and_offer_say_who_wrote_them_down_and_until_when_to_object():
    pledge = written()
    mark = Behalf(WRITER, NOW + timedelta(hours=24))
    assert (pledge.row.behalf, pledge.offer.behalf) == (mark, mark)
    assert pledge.row.pledger_org_id == pledge.offer.org_id == PLEDGER
    assert pledge.row.piece(uuid4(), pledge.row.qty / 2).behalf == mark
    assert a_pledge().row.behalf is None and a_pledge().offer.behalf is None


def test_nobody_writes_for_itself_or_for_a_need_of_its_own():
    line = a_line()
    for writer in (PLEDGER, line.asker_org_id):
        with pytest.raises(SameParty):
            a_pledge(line=line, written_by_org_id=writer)


def test_who_wrote_it_down_neither_accepts_nor_counters():
    row, line, timers = written().row, a_line(), a_crisis().timers
    with pytest.raises(SameParty):
        accepted(row, a_balance(), line, timers, None, None, doing(actor_org_id=WRITER))
    with pytest.raises(SameParty):
        countered(row, Side.ASKER_SIDE, Counter(row.qty / 2), line, timers, doing(actor_org_id=WRITER))
    step = accepted(row, a_balance(), line, timers, None, None, doing(actor_org_id=OTHER))
    assert step.changed[0].state is State.HELD


def test_it_is_never_taken_without_a_person():
    line, group = a_line(verification=1), a_line().tamp_group
    crisis = a_crisis(settings=replace(a_crisis().settings, auto_accept=frozenset({group})))
    for row, is_taken in ((a_pledge().row, True), (written().row, False)):
        assert may_be_taken(row, crisis, line, a_balance(), UNKNOWN) is is_taken


@pytest.mark.parametrize(
    ("state", "end"),
    [
        (State.PROPOSED, State.WITHDRAWN),
        (State.COUNTERED, State.WITHDRAWN),
        (State.WAITLISTED, State.WITHDRAWN),
        (State.HELD, State.WITHDRAWN),
    ],
)
def test_an_objection_ends_what_has_not_left(state: State, end: State):
    row = replace(written().row, state=state)
    (after,) = objected(row, later(hours=1)).changed
    assert (after.state, after.reason, after.clock) == (end, "objection", None)


def test_after_a_day_or_for_the_pledgers_own_word_there_is_no_objection():
    mark = written().row.behalf
    assert must_be_objectable(mark, NOW + timedelta(hours=23, minutes=59)) is mark
    with pytest.raises(ObjectionTooLate):
        must_be_objectable(mark, NOW + timedelta(hours=24))
    assert must_be_objectable(mark, NOW + timedelta(hours=24), NOW + timedelta(hours=25)) is mark
    with pytest.raises(ObjectionTooLate):
        must_be_objectable(mark, NOW + timedelta(hours=25), NOW + timedelta(hours=25))
    with pytest.raises(NotOnBehalf):
        must_be_objectable(None, NOW)
    with pytest.raises(AllocationNotInState):
        objected(replace(written().row, state=State.DISPATCHED), later(hours=1))


@pytest.mark.parametrize(
    ("state", "access", "error"),
    [
        ("active", (), None),
        ("suspended", (), OrganisationMayNotAct),
        ("active", (Reach(),), OrganisationHasAccess),
        ("active", (Reach(frozenset({"34"})), Reach(frozenset({"06", "31"}))), OrganisationHasAccess),
        ("active", (Reach(frozenset({"31"}), CRISIS),), OrganisationHasAccess),
        ("active", (Reach(frozenset({"34"})), Reach(frozenset(), OTHER)), None),
    ],
)
def test_only_an_active_organisation_without_access_there_needs_a_desk(state: str, access: Any, error: Any):
    org = Represented(PLEDGER, state, "06", access)
    if error is None:
        org.must_need_a_desk("31", CRISIS)
    else:
        with pytest.raises(error):
            org.must_need_a_desk("31", CRISIS)


def test_what_was_written_is_answered_towards_whoever_wrote_it():
    row = written().row
    assert (row.proposer_org_id, row.other_party_org_id) == (PLEDGER, WRITER)
    asked = replace(row, awaiting=Side.PLEDGER, desk_org_id=OTHER)
    assert asked.other_party_org_id == OTHER
    assert not asked.is_proposed_by(WRITER), "it answers for the pledger"
    assert asked.is_proposed_by(OTHER)
