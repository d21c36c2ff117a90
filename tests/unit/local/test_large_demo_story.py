"""The large demo's story is a pure function of seed and size, and stays inside what the APIs allow."""

from collections import Counter
from collections.abc import Iterator

import pytest

from imece_local.demo.large.opening import TAKEN_AT_ONCE
from imece_local.demo.large.places import DISTRICTS, HELPING
from imece_local.demo.large.run import story_of
from imece_local.demo.large.story import LARGE, REHEARSAL, Fate, Promise, Size, Story
from imece_reference.items import item
from imece_reference.places import is_valid_pcode, is_valid_plate

SIZES = pytest.mark.parametrize("size", [LARGE, REHEARSAL], ids=["large", "rehearsal"])


def promises(story: Story) -> Iterator[Promise]:
    for wave in (story.first, story.waiting, story.silent, story.stopped):
        yield from wave


def test_the_same_seed_tells_the_same_story() -> None:
    assert story_of(7, LARGE) == story_of(7, LARGE)
    assert story_of(7, LARGE) != story_of(8, LARGE)


@pytest.mark.parametrize("seed", [1, 7, 2023])
def test_the_large_story_has_the_promised_size(seed: int) -> None:
    story = story_of(seed, LARGE)
    assert len(story.organisations) == 300
    assert len({organisation.name for organisation in story.organisations}) == 300
    assert len({need.district[:6] for need in story.needs}) == len(story.area) == 11
    assert story.lines == 7_800
    assert len({line.ref for need in story.needs for line in need.lines}) == 7_800


def test_it_plays_in_the_eleven_provinces_of_2023() -> None:
    provinces = {"01", "02", "21", "23", "27", "31", "44", "46", "63", "79", "80"}
    assert set(DISTRICTS) == provinces
    assert not provinces & set(HELPING)
    assert all(is_valid_plate(plate) for plate in (*DISTRICTS, *HELPING))
    assert all(is_valid_pcode(need.district) for need in story_of(7, LARGE).needs)


@SIZES
@pytest.mark.parametrize("seed", [1, 7, 2023])
def test_every_course_is_played(size: Size, seed: int) -> None:
    story = story_of(seed, size)
    fates = Counter(promise.fate for promise in promises(story))
    assert {fate for fate in Fate if not fates[fate]} <= (set() if size is LARGE else {Fate.FORGOTTEN})
    assert any(need.is_quiet and need.is_heard for need in story.needs)
    assert any(need.is_quiet and not need.is_heard for need in story.needs)


@SIZES
def test_nobody_promises_to_itself_or_to_a_need_nobody_hears_of(size: Size) -> None:
    story = story_of(11, size)
    by_line = {line.ref: (need, line) for need in story.needs for line in need.lines}
    assert len({promise.ref for promise in promises(story)}) == len(list(promises(story)))
    for promise in promises(story):
        need, line = by_line[promise.line]
        assert promise.organisation != need.asker
        assert not need.is_quiet
        assert (promise.unit, 1 <= promise.quantity <= line.quantity) == (line.unit, True)


@SIZES
def test_whoever_waits_stands_behind_somebody_who_promised_everything(size: Size) -> None:
    story = story_of(11, size)
    quantities = {line.ref: line.quantity for need in story.needs for line in need.lines}
    whole = {each.line for each in story.first if each.fate in (Fate.KEPT, Fate.WITHDRAWN)}
    assert {each.line for each in story.waiting} == whole
    assert all(each.quantity == quantities[each.line] for each in story.first if each.line in whole)
    assert not whole & {each.line for each in story.silent}


@SIZES
def test_only_what_no_desk_accepts_is_forgotten_and_only_the_rest_stays_unanswered(size: Size) -> None:
    story = story_of(11, size)
    items = {line.ref: line.item for need in story.needs for line in need.lines}
    for each in story.silent:
        needs_no_desk = item(items[each.line]).tamp_group in TAKEN_AT_ONCE
        assert needs_no_desk == (each.fate is Fate.FORGOTTEN)


@SIZES
def test_the_order_stops_one_item_in_one_province_and_nothing_life_saving(size: Size) -> None:
    story = story_of(11, size)
    by_line = {line.ref: (need, line) for need in story.needs for line in need.lines}
    under = {each.line for each in story.stopped}
    assert under
    for ref in under:
        need, line = by_line[ref]
        assert (line.item, need.district[:6]) == (story.stop.item, story.stop.province)
        assert need.urgency != "life_saving"
    assert not under & {each.line for each in story.silent}, "the order would end them before their clocks"
