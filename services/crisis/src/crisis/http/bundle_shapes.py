"""Bundles in requests and answers."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, model_validator

from crisis.domain.bundles import MOST_ROWS
from crisis.http.pledge_shapes import PledgeListItem
from crisis.http.shapes import Body, DeviceTime, LineView, PCode, Quantity, Reason, Unit, View
from crisis.http.term_shapes import MOST_CONDITIONS, AlternativeView, ConditionBody, PlanBody, StatedOnOffer


class RowTwice(ValueError):
    """One row is named twice."""

    code = "row_twice"
    tr = "aynı satır iki kez yazılmış"


class BundleOfOneSource(ValueError):
    """The goods of a bundle are new at one place, or all of one open offer."""

    code = "one_source"
    member = "origin"
    tr = (
        "yeni mallar için origin ya da açık bir teklifinizin malları için offer_id ve her satırda"
        " offer_line_id gönderin; ikisi birden olmaz"
    )

    def __init__(self) -> None:
        super().__init__(
            "send origin (where new goods are), or offer_id with an offer_line_id in every row (goods of your"
            " own open offer): one is required, both are too many"
        )


class TooManyRows(ValueError):
    """More rows than one command may hold the locks of."""

    code = "too_many_rows"
    tr = f"en çok {MOST_ROWS} satır olabilir; birkaç demete bölün"


class BundleRowBody(Body):
    """What one need line is promised; `offer_line_id` exactly where the bundle names an offer."""

    need_line_id: UUID
    quantity: Quantity
    unit: Unit
    offer_line_id: UUID | None = None
    plan: PlanBody | None = None
    conditions: Annotated[tuple[ConditionBody, ...], Field(max_length=MOST_CONDITIONS)] = ()
    ready_within_minutes: Annotated[int, Field(ge=0, le=60 * 24 * 90)] | None = None


class BundleBody(Body):
    """Rows that are promised together, at most 100.

    Either `origin`, and one offer is made of all of them, or `offer_id`, an open offer of your own.
    """

    rows: Annotated[tuple[BundleRowBody, ...], Field(min_length=1)]
    origin: PCode | None = None
    offer_id: UUID | None = None
    has_transport: bool = False
    device_time: DeviceTime = None

    @model_validator(mode="after")
    def _few_of_one_source(self) -> "BundleBody":
        if len(self.rows) > MOST_ROWS:
            raise TooManyRows(f"{len(self.rows)} rows; at most {MOST_ROWS}: make several bundles")
        if (self.origin is None) == (self.offer_id is None):
            raise BundleOfOneSource
        if any((row.offer_line_id is None) != (self.offer_id is None) for row in self.rows):
            raise BundleOfOneSource
        if self.offer_id is not None and self.has_transport:
            raise StatedOnOffer("has_transport")
        if self.offer_id is not None and any(row.ready_within_minutes is not None for row in self.rows):
            raise StatedOnOffer("rows")
        return self


class BundlePartBody(Body):
    """How much of one row is taken, and what becomes of its rest."""

    allocation_id: UUID
    quantity: Quantity | None = None
    rest: Literal["decline", "waitlist"] | None = None


class AcceptBundleBody(Body):
    """Every row that waits for your side is taken whole but those named in `rows`.

    `rest` is for the rows that are not named. `override_reason`: why a desk takes from a pledger above the
    hoarding limit.
    """

    rows: Annotated[tuple[BundlePartBody, ...], Field(max_length=MOST_ROWS)] = ()
    rest: Literal["decline", "waitlist"] | None = None
    override_reason: Reason | None = None
    device_time: DeviceTime = None

    @model_validator(mode="after")
    def _once_each(self) -> "AcceptBundleBody":
        if len({row.allocation_id for row in self.rows}) < len(self.rows):
            raise RowTwice("every row at most once")
        return self


class BundleRowView(PledgeListItem):
    """One row as it is, with its line; `alternatives` for a row that was declined."""

    line: LineView
    alternatives: tuple[AlternativeView, ...] | None = None


class SkippedView(View):
    """A row that the command left as it was."""

    allocation_id: UUID
    state: str


class BundleView(View):
    """A bundle with the rows you may see, oldest first, pieces of cut rows in their place.

    `row_count` is how many it was made with; `skipped` is in answers to commands.
    """

    bundle_id: UUID
    crisis_id: UUID
    is_drill: bool
    pledger_org_id: UUID
    offer_id: UUID
    row_count: int
    made_at: datetime
    version: int
    rows: tuple[BundleRowView, ...]
    skipped: tuple[SkippedView, ...] | None = None
