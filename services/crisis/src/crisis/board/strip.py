"""The strip of what happened last: who, what, how much, where, how long ago; newest first."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from crisis.board.rows import age, item_name, province_name, unit_name
from crisis.board.view import BoardView
from imece_web import formats
from imece_web.catalogue import Catalogue, MissingMessage

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the strip, in words."""

    clock: str
    ago: str
    who: str
    verb: str
    amount: str
    where: str


def actors(view: BoardView) -> set[UUID]:
    """Organisations named in the strip."""
    return {UUID(each["org"]) for each in _latest(view) if "org" in each}


def happenings(
    view: BoardView, language: str, catalogue: Catalogue, names: Mapping[UUID, str], now: datetime
) -> tuple[Happening, ...]:
    """The newest things in memory, in a language."""
    made: list[Happening] = []
    for each in _latest(view):
        card = view.cards[UUID(each["line"])]
        at = datetime.fromisoformat(each["at"])
        amount = ""
        if "qty" in each:
            unit = unit_name(card.unit, language, catalogue)
            amount = f"{formats.number(language, Decimal(each['qty']))} {unit}"
        made.append(
            Happening(
                clock=formats.clock(at),
                ago=age(now - at, language, catalogue),
                who=_who(each, language, catalogue, names),
                verb=verb(each["type"], language, catalogue),
                amount=amount,
                where=f"{province_name(card.place, language)}, {item_name(card.item, language)}",
            )
        )
    return tuple(made)


def verb(kind: str, language: str, catalogue: Catalogue) -> str:
    """What an event type is called; a plain "changed" for types this page does not know."""
    try:
        return catalogue.text(language, f"what.{kind}")
    except MissingMessage:
        return catalogue.text(language, "what.other")


def _who(what: Mapping[str, Any], language: str, catalogue: Catalogue, names: Mapping[UUID, str]) -> str:
    if "org" not in what:
        return ""
    return names.get(UUID(what["org"])) or catalogue.text(language, "org.unknown", id=what["org"][-6:])


def _latest(view: BoardView) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for entry in view.latest(SHOWN):
        found.extend(reversed(json.loads(b"[" + entry.what + b"]")))
    return found[:SHOWN]
