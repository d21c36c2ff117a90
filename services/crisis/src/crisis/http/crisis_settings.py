"""The settings of a crisis as given: timers in minutes by urgency, limits, groups, public view."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from crisis.domain.settings import MOST_COUNT, MOST_MINUTES, MOST_OFFER_DAYS
from crisis.http.shapes import Body

Minutes = Annotated[int, Field(ge=1, le=MOST_MINUTES)]
FigureKey = Annotated[str, Field(min_length=1, max_length=40)]
Figure = Annotated[Decimal, Field(gt=0, le=10_000_000, decimal_places=3)]
Group = Annotated[str, Field(min_length=1, max_length=40)]


class TimerBody(Body):
    """Minutes of one silence; what is not given stays. Nothing more urgent waits longer."""

    life_saving: Minutes | None = None
    urgent: Minutes | None = None
    normal: Minutes | None = None


class LimitsBody(Body):
    """When an organisation holds too much without delivering."""

    open_held: Annotated[int, Field(ge=1, le=MOST_COUNT)] | None = None
    ratio: Annotated[Decimal, Field(ge=0, le=1, decimal_places=3)] | None = None
    concluded: Annotated[int, Field(ge=1, le=MOST_COUNT)] | None = None


class SettingsBody(Body):
    """What is to change; `auto_accept` names TAMP groups whose exact matches need no desk.

    `estimates` gives own values for figures of `GET /estimates`.
    """

    verify_minutes: TimerBody | None = None
    answer_minutes: TimerBody | None = None
    hold_minutes: TimerBody | None = None
    release_minutes: TimerBody | None = None
    heartbeat_minutes: TimerBody | None = None
    confirm_minutes: TimerBody | None = None
    desk_minutes: TimerBody | None = None
    suspended_minutes: TimerBody | None = None
    offer_days: Annotated[int, Field(ge=1, le=MOST_OFFER_DAYS)] | None = None
    limits: LimitsBody | None = None
    auto_accept: Annotated[tuple[Group, ...], Field(max_length=100)] | None = None
    is_public: bool | None = None
    estimates: Annotated[dict[FigureKey, Figure], Field(max_length=50)] | None = None
