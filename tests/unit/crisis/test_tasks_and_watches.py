"""Who is called next, and what a desk or a watch may be."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crisis.domain.clocks import Urgency
from crisis.domain.desks import Desk, DeskLevel, Watch
from crisis.domain.refusals import DeskAreaInvalid, DeskClosed, PeriodInvalid, TaskDone, WatchEnded
from crisis.domain.tasks import Post, Seat, Task, TaskKind, TaskState, first_post
from imece_reference.refusals import UnknownPlace
from tests.unit.crisis.examples import NOW, new_id

DESK, SECRETARIAT = new_id(), new_id()
TASK = Task(
    new_id(),
    TaskKind.VERIFY_NEED,
    new_id(),
    False,
    "need",
    new_id(),
    "TUR031005",
    None,
    Urgency.URGENT,
    Post(DESK, Seat.PRIMARY),
    NOW,
    timedelta(hours=4),
    new_id(),
)
PROVINCE = Desk(DESK, None, False, DeskLevel.PROVINCE, ("TUR031",), (), new_id())
WATCH = Watch(new_id(), DESK, False, Seat.PRIMARY, "person_0001", NOW, NOW + timedelta(hours=8))


def test_the_deputy_is_called_then_the_officer_who_has_nobody_above():
    posts = [TASK.post]
    for _ in range(3):
        posts.append(posts[-1].above(SECRETARIAT))
    assert posts[1:] == [Post(DESK, Seat.DEPUTY), *[Post(SECRETARIAT, Seat.OFFICER)] * 2]


def test_work_of_the_secretariat_never_goes_to_a_province_desk():
    assert first_post(TaskKind.WIND_DOWN, DESK, SECRETARIAT) == Post(SECRETARIAT, Seat.PRIMARY)
    assert first_post(TaskKind.LEVEL_REVIEW, DESK, None) == Post(None, Seat.OFFICER)
    assert first_post(TaskKind.DIVERT, DESK, None) == Post(DESK, Seat.PRIMARY)
    assert first_post(TaskKind.DIVERT, None, None) == Post(None, Seat.OFFICER)


def test_an_escalated_task_keeps_its_promise_and_a_done_one_moves_no_more():
    after = TASK.escalated(SECRETARIAT, new_id())
    assert (after.state, after.due_at, after.escalations) == (TaskState.OVERDUE, NOW, 1)
    done = after.done("done", None, NOW)
    assert (done.deadline_id, done.version) == (None, 3)
    for step in (lambda: done.escalated(None, new_id()), lambda: done.done("done", None, NOW)):
        with pytest.raises(TaskDone):
            step()


@pytest.mark.parametrize(("level", "area"), [(DeskLevel.PROVINCE, ()), (DeskLevel.SECRETARIAT, ("TUR031",))])
def test_exactly_a_province_desk_names_its_area(level: DeskLevel, area: tuple[str, ...]):
    with pytest.raises(DeskAreaInvalid):
        replace(PROVINCE, level=level, area=area)


def test_a_desk_changes_what_is_given_and_no_more():
    after = PROVINCE.changed(area=None, item_groups=["su", "su"], host_org_id=None, is_active=False)
    assert (after.area, after.item_groups, after.version) == (("TUR031",), ("su",), 2)
    with pytest.raises(DeskClosed):
        after.must_be_active()
    with pytest.raises(UnknownPlace):
        PROVINCE.changed(area=["TUR099"], item_groups=None, host_org_id=None, is_active=None)


@pytest.mark.parametrize("length", [timedelta(0), timedelta(days=-1), timedelta(days=32)])
def test_a_watch_runs_forward_and_ends(length: timedelta):
    with pytest.raises(PeriodInvalid):
        replace(WATCH, until=NOW + length)


def test_a_watch_that_ends_early_keeps_what_was_kept():
    kept = WATCH.ended(NOW + timedelta(hours=2))
    assert kept is not None
    assert (kept.since, kept.until, kept.version) == (NOW, NOW + timedelta(hours=2), 2)
    assert WATCH.ended(NOW) is None
    with pytest.raises(WatchEnded):
        WATCH.ended(WATCH.until)
