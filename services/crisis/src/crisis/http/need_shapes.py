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

    pointer: str
    kinds: tuple[str, ...]


class DraftLineView(View):
    """A line as written."""

    item_code: str
    quantity: str
    unit: str
    needed_by: str
    min_useful_quantity: str | None
    substitution: Substitution
    is_loan_ok: bool
    is_earmark_welcome: bool
    populations: tuple[Population, ...]
    note: str | None


class NeedLineView(View):
    """A line as stated; `line` is its vector once figures exist for it."""

    need_line_id: UUID
    item_code: str
    quantity: str
    unit: str
    entered_as: PackView
    min_useful_quantity: str
    needed_by: str
    substitution: Substitution
    is_loan_ok: bool
    is_earmark_welcome: bool
    populations: tuple[Population, ...]
    note: str | None
    sector: str
    tamp_group: str
    line: LineView | None


class HintView(View):
    """A need that may be the same: how alike its texts are (0 to 1), and what the submitter said of it."""

    need_id: UUID
    similarity: str
    asker_org_id: UUID
    district: str
    state: State
    submitted_at: datetime
    items: tuple[str, ...]
    choice: Literal["join", "add_to_it", "another_one"] | None


class DelegationView(View):
    """Until just before `until` the asker may answer what is promised; a desk of `by_org_id` said so."""

    until: datetime
    by_org_id: UUID


class NeedView(View):
    """A need with its lines. `reason` is the code given with the last step, `due_at` when silence ends;
    `draft_lines` are lines as written while the asker may change them, for the asker only. `masked` comes
    with what was sent. `site_id` is null where there is none, and where `is_place_kept` from the reader."""

    need_id: UUID
    crisis_id: UUID
    is_drill: bool
    asker_org_id: UUID
    district: str
    contact_ref: str | None
    state: State
    verification: int
    urgency: Urgency
    visibility: Visibility
    sensitivity: int
    intake: Intake
    site_id: UUID | None
    is_place_kept: bool
    is_stale: bool
    last_heartbeat_at: datetime | None
    opened_at: datetime | None
    close_reason: str | None
    merged_into: UUID | None
    reason: str | None
    missing_fields: tuple[str, ...]
    state_since: datetime
    due_at: datetime | None
    appealed_at: datetime | None
    delegation: DelegationView | None
    title: str | None
    description: str | None
    version: int
    lines: tuple[NeedLineView, ...]
    draft_lines: tuple[DraftLineView, ...] | None
    masked: tuple[MaskedView, ...] = ()
    duplicate_hints: tuple[HintView, ...] = ()


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
