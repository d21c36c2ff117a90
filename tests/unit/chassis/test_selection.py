"""A list's statement holds what was asked for and nothing else; values travel as arguments."""

from imece_chassis.selection import Selection

LISTED = "SELECT id FROM things WHERE {where} ORDER BY {order} LIMIT {limit}"


def test_only_what_was_asked_for_stands_in_the_statement() -> None:
    chosen = Selection("mine").where("kind = {}", None).where("place >= {} AND place <= {} || '9'", "06")
    statement, *arguments = chosen.statement(LISTED, 50, order="id")
    expected = "SELECT id FROM things WHERE place >= $2 AND place <= $2 || '9' ORDER BY id LIMIT $3"
    assert (statement, arguments) == (expected, ["mine", "06", 50])


def test_a_condition_without_a_value_stands_there_only_when_it_is_asked_for() -> None:
    chosen = Selection().when(True, "state <> 'done'").when(False, "is_seen")
    assert chosen.statement(LISTED, 5, order="id")[0].count("state <> 'done' ORDER") == 1


def test_everything_is_chosen_when_nothing_was_asked_for() -> None:
    assert "WHERE true ORDER" in Selection().statement(LISTED, 5, order="id")[0]


def test_conditions_of_another_part_number_their_values_behind_the_first() -> None:
    chosen = Selection().where("kind = {}", "tent")
    further = chosen.further().where("place = {}", "06").where("size = {}", None)
    text = "SELECT id FROM (SELECT * FROM things WHERE {where}) AS thing WHERE {fits} LIMIT {limit}"
    statement, *arguments = chosen.statement(text, 7, fits=further.text)
    expected = "SELECT id FROM (SELECT * FROM things WHERE kind = $1) AS thing WHERE place = $2 LIMIT $3"
    assert (statement, arguments) == (expected, ["tent", "06", 7])
    assert not further.is_empty and chosen.further().is_empty
    assert Selection().text == "true"
