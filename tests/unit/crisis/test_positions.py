"""A cursor of a list that can be followed carries when its walk began; one of an id alone goes on as well."""

from datetime import UTC, datetime

from crisis.http.lists import began

AT = datetime(2026, 2, 6, 9, tzinfo=UTC)


def test_a_position_carries_when_its_walk_began() -> None:
    assert began(("one", AT.isoformat())) == (("one",), AT)
    assert began((AT.isoformat(), "one", AT.isoformat())) == ((AT.isoformat(), "one"), AT)
    assert began(None) == (None, None)


def test_a_position_of_an_id_alone_goes_on() -> None:
    assert began(("one",)) == (("one",), None)
