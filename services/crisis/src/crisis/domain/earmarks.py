"""Earmarks: what goods may be used for. AND between the sets, OR inside one; an empty set asks nothing.

A population group is a kind of people (women, children, elderly, disability …), never named persons.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from imece_reference.places import covers, place

from .lines import Line
from .refusals import EarmarkInvalid


class Population(StrEnum):
    """Groups an earmark or a need may name."""

    WOMEN = "women"
    CHILDREN = "children"
    INFANTS = "infants"
    ELDERLY = "elderly"
    DISABILITY = "disability"
    PREGNANT = "pregnant"
    CHRONIC_ILLNESS = "chronic_illness"
    MIGRANTS = "migrants"


@dataclass(frozen=True, slots=True)
class Earmark:
    """Sets a use must lie in; a province among the places covers its districts."""

    places: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    tamp_groups: frozenset[str] = frozenset()
    asker_orgs: frozenset[UUID] = frozenset()
    populations: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Whether it asks for anything."""
        return bool(self.places or self.items or self.tamp_groups or self.asker_orgs or self.populations)

    def as_document(self) -> dict[str, list[str]]:
        """What is stored and shown: the sets that ask something, sorted."""
        sets = {
            "places": self.places,
            "items": self.items,
            "tamp_groups": self.tamp_groups,
            "asker_orgs": {str(org) for org in self.asker_orgs},
            "populations": self.populations,
        }
        return {name: sorted(values) for name, values in sets.items() if values}


UNRESTRICTED = Earmark()


def earmark_json(earmark: Earmark) -> str:
    """An earmark as stored."""
    return json.dumps(earmark.as_document()) if earmark else "{}"


def earmark_of(document: Mapping[str, Sequence[Any]]) -> Earmark:
    """An earmark from its document, as stored or as entered; raises EarmarkInvalid, UnknownPlace."""
    unknown = sorted(document.keys() - {"places", "items", "tamp_groups", "asker_orgs", "populations"})
    if unknown:
        raise EarmarkInvalid(part=unknown[0][:40], value="")
    return Earmark(
        places=frozenset(place(str(code)).pcode for code in document.get("places", ())),
        items=frozenset(str(code) for code in document.get("items", ())),
        tamp_groups=frozenset(str(code) for code in document.get("tamp_groups", ())),
        asker_orgs=frozenset(_organisation(org) for org in document.get("asker_orgs", ())),
        populations=frozenset(_population(str(group)) for group in document.get("populations", ())),
    )


def misfits(earmark: Earmark, line: Line, *, item_code: str | None = None) -> tuple[str, ...]:
    """The sets the line lies outside of; empty when goods may be used there without a waiver.

    `item_code` is the item really given, where it stands in for the line's own.
    """
    if not earmark:
        return ()
    item = item_code or line.item_code
    outside = {
        "places": bool(earmark.places) and not any(covers(area, line.district) for area in earmark.places),
        "items": bool(earmark.items) and item not in earmark.items and line.item_code not in earmark.items,
        "tamp_groups": bool(earmark.tamp_groups) and line.tamp_group not in earmark.tamp_groups,
        "asker_orgs": bool(earmark.asker_orgs) and line.asker_org_id not in earmark.asker_orgs,
        "populations": bool(earmark.populations) and not earmark.populations & line.populations,
    }
    return tuple(name for name, is_outside in outside.items() if is_outside)


def fits(earmark: Earmark, line: Line, *, item_code: str | None = None) -> bool:
    """Whether the goods may be used for the line without asking, and the line takes earmarked goods."""
    if earmark and not line.is_earmark_welcome:
        return False
    return not misfits(earmark, line, item_code=item_code)


def _organisation(value: Any) -> UUID:
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError:
        raise EarmarkInvalid(part="asker_orgs", value=str(value)[:40]) from None


def _population(value: str) -> str:
    if value not in set(Population):
        raise EarmarkInvalid(part="populations", value=value[:40])
    return value
