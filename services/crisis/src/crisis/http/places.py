"""A place in a queue, as read: the position, its points and what is ahead, also in words."""

from typing import Any

from pydantic import Field

from crisis.domain.fitness import Fitness
from crisis.domain.queue import explained_en, explained_tr
from crisis.http.shapes import View
from crisis.usecases.queue_place import Queued


class MeritView(View):
    """Points of one merit and the figure behind them: kilometres, minutes, kept of concluded promises."""

    merit: str
    points: int
    figure: str | None


class Explained(View):
    """The place in words."""

    tr: str
    en: str


class PlaceView(View):
    """A place on the waiting list; `ahead` counts those before it by what puts them there.

    `passed_over` is why the row was not called the last time there was room.
    """

    position: int = Field(description="Place on the list, from 1")
    waiting: int = Field(description="How many wait")
    points: int = Field(description="Sum of the merits")
    reasons: tuple[MeritView, ...] = Field(description="Points of each merit, and the figure behind them")
    ahead: dict[str, int] = Field(description="Those before it, counted by what puts them there")
    passed_over: str | None = Field(description="Why it was not called the last time there was room")
    explained: Explained = Field(description="The place in words")


def merits_view(fitness: Fitness) -> list[dict[str, Any]]:
    """Where points come from."""
    return [
        {"merit": reason.merit, "points": reason.points, "figure": reason.figure}
        for reason in fitness.reasons
    ]


def place_view(queued: Queued) -> dict[str, Any]:
    """A place with its reasons."""
    place = queued.place
    return {
        "position": place.position,
        "waiting": place.waiting,
        "points": place.standing.fitness.points,
        "reasons": merits_view(place.standing.fitness),
        "ahead": {why.value: count for why, count in place.ahead.items()},
        "passed_over": queued.passed_over,
        "explained": {"tr": explained_tr(place), "en": explained_en(place)},
    }
