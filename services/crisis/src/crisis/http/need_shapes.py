"""Bodies and answers of /needs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from crisis.domain.clocks import Urgency as UrgencyCode
from crisis.domain.earmarks import Population
from crisis.domain.needs import HandlingSaid, LineRequest, Statement
from crisis.domain.needs import Intake as IntakeCode
from crisis.domain.needs import Visibility as VisibilityCode
from crisis.domain.needs.handling import MOST_SENSITIVE, OPEN_PLACE
from crisis.http.shapes import (
    Body,
    GivenMoment,
    LineView,
    PackView,
    PCode,
    Quantity,
    Unit,
    Urgency,
    View,
)

State = Literal["draft", "submitted", "returned", "open", "on_hold", "closed"]
Visibility = Literal["member", "public", "restricted"]
Intake = Literal["form", "chat", "phone", "import", "paper"]
Substitution = Literal["none", "equivalent_list", "ask_asker"]
ContactRef = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9_:.-]{1,64}$",
        description="Opaque reference of a contact entered elsewhere; never a name or number",
        examples=["cnt-0199c2d4"],
    ),
]
FREE_TEXT = "Free text; phones, national ids, IBANs, plates and mail addresses are masked before it is stored"


class LineBody(Body):
    """One item that is missing."""

    item_code: Annotated[str, Field(min_length=1, max_length=40, examples=["SHL-TENT-FAM"])]
    quantity: Quantity
    unit: Unit
    needed_by: GivenMoment
    min_useful_quantity: Quantity | None = None
    substitution: Substitution = "none"
    is_loan_ok: bool = False
    is_earmark_welcome: bool = True
    populations: Annotated[tuple[Population, ...], Field(max_length=len(Population))] = ()
    note: Annotated[str | None, Field(max_length=280, description=FREE_TEXT)] = None


class HandlingBody(Body):
    """How a need is to be handled; what is left out stays as it is, at first `member`, 0, `form`, no site.

    A restricted need is not offered to others as a gap or as perhaps the same. From sensitivity 1 on the site
    is shown only to those who have to go there or to judge it.
    """

    visibility: Visibility | None = None
    sensitivity: Annotated[int | None, Field(ge=OPEN_PLACE, le=MOST_SENSITIVE)] = None
    intake: Intake | None = None
    site_id: Annotated[
        UUID | None, Field(description="A site entered elsewhere, never a private home; null takes it away")
    ] = None

    def handling(self) -> HandlingSaid:
        """The body as the domain takes it; a site said to be null is taken away."""
        return HandlingSaid(
            visibility=VisibilityCode(self.visibility) if self.visibility else None,
            sensitivity=self.sensitivity,
            intake=IntakeCode(self.intake) if self.intake else None,
            site_id=self.site_id,
            is_without_site=self.site_id is None and "site_id" in self.model_fields_set,
        )


class StatementBody(HandlingBody):
    """What draft and need have in common."""

    district: PCode
    contact_ref: ContactRef | None = None
    urgency: Urgency
    title: Annotated[str | None, Field(max_length=200, description=FREE_TEXT)] = None
    description: Annotated[str | None, Field(max_length=4000, description=FREE_TEXT)] = None

    def said_of(self, lines: Sequence[LineBody]) -> Statement:
        """The body as the domain takes it."""
        return Statement(
            district=self.district,
            urgency=UrgencyCode(self.urgency),
            lines=tuple(_line(line) for line in lines),
            contact_ref=self.contact_ref,
            title=self.title,
            description=self.description,
            handling=self.handling(),
        )


class DraftBody(StatementBody):
    """What is missing at one place, as far as it is known."""

    lines: Annotated[list[LineBody], Field(default_factory=list, max_length=50)]

    def said(self) -> Statement:
        """See `said_of`."""
        return self.said_of(self.lines)


class NeedBody(StatementBody):
    """What is missing at one place."""

    lines: Annotated[list[LineBody], Field(min_length=1, max_length=50)]

    def said(self) -> Statement:
        """See `said_of`."""
        return self.said_of(self.lines)


class MaskedView(View):
    """What was hidden in which member of the request."""

    pointer: str = Field(description="Member of the request")
    kinds: tuple[str, ...] = Field(description="What was hidden in it")


class DraftLineView(View):
    """A line as written."""

    item_code: str = Field(description="Code of the item (`GET /items`)")
    quantity: str = Field(description="As written, in `unit`")
    unit: str = Field(description="As written: base unit or pack")
    needed_by: str = Field(description="After it the line takes no pledge")
    min_useful_quantity: str | None = Field(description="As written; null for any")
    substitution: Substitution = Field(description="Whether something else may be given instead")
    is_loan_ok: bool = Field(description="Goods on loan help as well")
    is_earmark_welcome: bool = Field(description="Goods bound to a use are taken")
    populations: tuple[Population, ...] = Field(description="Who it is for; empty for everybody")
    note: str | None = Field(description="Free text, masked")


class NeedLineView(View):
    """A line as stated; `line` is its vector once figures exist for it."""

    need_line_id: UUID = Field(description="Id of the line: `need_line_id` of a pledge")
    item_code: str = Field(description="Code of the item (`GET /items`)")
    quantity: str = Field(description="What is asked for, decimal text in `unit`")
    unit: str = Field(description="Base unit of the item")
    entered_as: PackView = Field(description="The quantity as it was sent")
    min_useful_quantity: str = Field(description="The least that helps, in `unit`")
    needed_by: str = Field(description="After it the line takes no pledge")
    substitution: Substitution = Field(description="Whether something else may be given instead")
    is_loan_ok: bool = Field(description="Goods on loan help as well")
    is_earmark_welcome: bool = Field(description="Goods bound to a use are taken")
    populations: tuple[Population, ...] = Field(description="Who it is for; empty for everybody")
    note: str | None = Field(description="Free text, masked")
    sector: str = Field(description="Sector of the item")
    tamp_group: str = Field(description="Group of the national response plan")
    line: LineView | None = Field(description="The line with its figures, once there are any")


class HintView(View):
    """A need that may be the same: how alike its texts are (0 to 1), and what the submitter said of it."""

    need_id: UUID = Field(description="The need that may be the same")
    similarity: str = Field(description="How alike the texts are, 0 to 1")
    asker_org_id: UUID = Field(description="Organisation that asks there")
    district: str = Field(description="P-code of its place")
    state: State = Field(description="State of that need")
    submitted_at: datetime = Field(description="When it was submitted")
    items: tuple[str, ...] = Field(description="Items of both")
    choice: Literal["join", "add_to_it", "another_one"] | None = Field(
        description="What the submitter said of it"
    )


class DelegationView(View):
    """Until just before `until` the asker may answer what is promised; a desk of `by_org_id` said so."""

    until: datetime = Field(description="The asker answers until just before it")
    by_org_id: UUID = Field(description="Organisation of the desk that lent the right")


class NeedView(View):
    """A need with its lines. `reason` is the code given with the last step, `due_at` when silence ends;
    `draft_lines` are lines as written while the asker may change them, for the asker only. `masked` comes
    with what was sent. `site_id` is null where there is none, and where `is_place_kept` from the reader."""

    need_id: UUID = Field(description="Id of the need")
    crisis_id: UUID = Field(description="Crisis it belongs to")
    is_drill: bool = Field(description="Of an exercise, apart from live data")
    asker_org_id: UUID = Field(description="Organisation that asks")
    district: str = Field(description="P-code of the place, a province or a district")
    contact_ref: str | None = Field(description="Reference of a contact entered elsewhere")
    state: State = Field(description="Only an `open` one takes pledges")
    verification: int = Field(description="0 none, 1 by phone, 2 on site, 3 by an authority")
    urgency: Urgency = Field(description="`life_saving` has the shortest times")
    visibility: Visibility = Field(description="Whom it is shown to")
    sensitivity: int = Field(description="0 open; from 1 the site is kept from most readers")
    intake: Intake = Field(description="How it came in")
    site_id: UUID | None = Field(description="Null where there is none, and where `is_place_kept`")
    is_place_kept: bool = Field(description="The site is kept from this reader")
    is_stale: bool = Field(description="Nobody said for long that it still holds")
    last_heartbeat_at: datetime | None = Field(description="When somebody said last that it holds")
    opened_at: datetime | None = Field(description="When it was verified first")
    close_reason: str | None = Field(description="Why it was closed")
    merged_into: UUID | None = Field(description="Need it lives on in")
    reason: str | None = Field(description="Code given with the last step")
    missing_fields: tuple[str, ...] = Field(description="What the asker is to complete")
    state_since: datetime = Field(description="When it came into this state")
    due_at: datetime | None = Field(description="When silence ends; what happens then happens by itself")
    appealed_at: datetime | None = Field(description="When its rejection was appealed")
    delegation: DelegationView | None = Field(description="The asker may answer what is promised")
    title: str | None = Field(description="Free text, masked")
    description: str | None = Field(description="Free text, masked")
    version: int = Field(description="Grows with every change; `If-Match` takes it")
    lines: tuple[NeedLineView, ...] = Field(description="What is missing, submitted")
    draft_lines: tuple[DraftLineView, ...] | None = Field(
        description="As written while the asker may change them; for the asker only"
    )
    masked: tuple[MaskedView, ...] = Field((), description="What was hidden in the texts just sent")
    duplicate_hints: tuple[HintView, ...] = Field((), description="Needs that may be the same")


def _line(line: LineBody) -> LineRequest:
    return LineRequest(
        item_code=line.item_code,
        quantity=line.quantity,
        unit=line.unit,
        needed_by=line.needed_by,
        min_useful_quantity=line.min_useful_quantity,
        note=line.note,
        substitution=line.substitution,
        is_loan_ok=line.is_loan_ok,
        is_earmark_welcome=line.is_earmark_welcome,
        populations=tuple(line.populations),
    )
