"""Bodies and answers of /needs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from crisis.domain.clocks import Urgency as UrgencyCode
from crisis.domain.earmarks import Population
from crisis.domain.needs import LineRequest, Statement
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


class StatementBody(Body):
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
    with what was sent."""

    need_id: UUID
    crisis_id: UUID
    is_drill: bool
    asker_org_id: UUID
    district: str
    contact_ref: str | None
    state: State
    verification: int
    urgency: Urgency
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
