"""The proof of the large demo: what the board shows is what the ledger's list says, figure by figure."""

import json
from typing import Any
from uuid import UUID

import pytest

from crisis.board.projection import fact
from crisis.events.lines import vector
from imece_chassis.consumer import Received
from imece_local.demo.large.proof import FIGURES, fingerprint, of_board, of_ledger
from tests.boards.lines import Line
from tests.unit.crisis.examples import a_balance, a_line


def told(line: Line) -> tuple[Received, dict[str, Any]]:
    """An event of the line, and the line as the list of lines tells it after that event."""
    line.open()
    line.propose(300)
    event = line.hold(200)
    vector_json = json.loads(event.data.model_dump_json())["line"]
    return event, {"need_line_id": str(line.id), "sequence": line.version, "line": vector_json}


def card_of(event: Received) -> dict[str, Any]:
    return json.loads(fact(event.envelope, event.data).body)  # type: ignore[arg-type]


def test_a_card_made_from_the_event_equals_the_line_in_the_list() -> None:
    event, item = told(Line(UUID(int=31)))
    board, ledger = of_board([card_of(event)]), of_ledger([item])
    assert board == ledger
    assert fingerprint(board) == fingerprint(ledger)


@pytest.mark.parametrize("name", [*sorted(FIGURES.values()), "state", "sequence"])
def test_any_figure_that_differs_is_seen(name: str) -> None:
    event, item = told(Line(UUID(int=31)))
    card = card_of(event)
    card[name] = "else"
    assert of_board([card]) != of_ledger([item])


def test_a_card_that_misses_an_event_equals_nothing() -> None:
    event, item = told(Line(UUID(int=31)))
    assert of_board([{**card_of(event), "parked": True}]) != of_ledger([item])


def test_lines_that_were_never_opened_are_on_no_board() -> None:
    document = json.loads(vector(a_line(opened_at=None), a_balance()))
    assert of_ledger([{"need_line_id": "1", "sequence": 1, "line": document}]) == {}


def test_the_list_of_lines_has_every_figure_that_is_compared() -> None:
    assert set(FIGURES) <= set(json.loads(vector(a_line(), a_balance())))
