"""The demo's story is a pure function of its seed and stays inside what the APIs allow."""

from imece_local.demo.scenario import play
from imece_local.demo.wants import wants


def test_the_same_seed_tells_the_same_story() -> None:
    assert play(7, wants()) == play(7, wants())
    assert play(7, wants()) != play(8, wants())


def test_the_story_has_the_promised_size() -> None:
    story = play(7, wants())
    assert len(story.organisations) == 30
    assert len({need.plate for need in story.needs}) == 3
    assert sum(len(need.lines) for need in story.needs) == 60
    assert 300 <= len(story.pledges) <= 600


def test_nobody_pledges_before_the_need_is_open_or_for_itself() -> None:
    story = play(11, wants())
    opened = {line.ref: need for need in story.needs for line in need.lines}
    for pledge in story.pledges:
        need = opened[pledge.line]
        assert need.at < need.verified_at <= pledge.at < pledge.answered_at
        assert pledge.organisation != need.asker
        assert pledge.quantity >= 1
        assert pledge.withdrawn_at is None or pledge.withdrawn_at > pledge.answered_at
