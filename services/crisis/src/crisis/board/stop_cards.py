"""Stop cards in words: what not to send, where, until when, and where trucks on the road may turn to."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from crisis.board.card import instant
from crisis.board.rows import item_name, province_name
from crisis.board.stops import Stop
from imece_reference.refusals import UnknownCode
from imece_reference.tamp import tamp_group
from imece_web import formats
from imece_web.languages import LANGUAGES


@dataclass(frozen=True, slots=True)
class StopCard:
    """One order in force, in the words of a language."""

    what: str
    where: str
    until: str
    depot: str | None


def told(stops: Sequence[Stop]) -> list[dict[str, Any]]:
    """The stops as a stream tells them: codes for programs, and under `words` the card in every language."""
    return [
        {
            "order": str(stop.order),
            "item": stop.item,
            "group": stop.group,
            "area": stop.area,
            "until": instant(stop.until),
            "depot": stop.depot,
            "is_provisional": stop.is_provisional,
            "words": {language: asdict(cards([stop], language)[0]) for language in LANGUAGES},
        }
        for stop in stops
    ]


def cards(stops: Sequence[Stop], language: str) -> tuple[StopCard, ...]:
    """What a page says of them."""
    return tuple(
        StopCard(
            what=item_name(stop.item, language) if stop.item else _group_name(stop.group or "", language),
            where=", ".join(_place_name(place, language) for place in stop.area),
            until=formats.day_and_clock(language, stop.until),
            depot=_place_name(stop.depot, language) if stop.depot else None,
        )
        for stop in stops
    )


def _place_name(pcode: str, language: str) -> str:
    """A district has no name in this edition: the province and its code."""
    district = pcode[6:]
    return f"{province_name(pcode, language)} {district}".rstrip()


def _group_name(code: str, language: str) -> str:
    try:
        found = tamp_group(code)
    except UnknownCode:
        return code
    return found.name_tr if language == "tr" else found.name_en
