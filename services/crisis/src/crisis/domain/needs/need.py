"""A need and its lines as values. One state, one clock; every step is a new value one version later.

`version` counts every change, `told` the events published: a draft's changes are its organisation's own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from crisis.domain.clocks import Urgency
from crisis.domain.refusals import NeedClosed, NeedNotInState, SameParty
from crisis.domain.units import PackSnapshot

from .handling import NOTHING_SAID, USUAL, Handling, HandlingSaid
from .states import CloseReason, NeedState, NeedTimer

NewId = Callable[[], UUID]


@dataclass(frozen=True, slots=True)
class LineRequest:
    """A line as the asker wrote it; quantities are decimal text in `unit`, `note` is masked free text."""

    item_code: str
    quantity: str
    unit: str
    needed_by: datetime
    min_useful_quantity: str | None = None
    note: str | None = None
    substitution: str = "none"
    is_loan_ok: bool = False
    is_earmark_welcome: bool = True
    populations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """What an organisation says it needs, as written; `contact_ref` is opaque, title and description free
    text."""

    district: str
    urgency: Urgency
    lines: tuple[LineRequest, ...] = ()
    contact_ref: str | None = None
    title: str | None = None
    description: str | None = None
    handling: HandlingSaid = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class NeedLine:
    """A line in base units with the pack it was entered in."""

    need_line_id: UUID
    item_code: str
    unit: str
    requested: Decimal
    min_useful: Decimal
    needed_by: datetime
    pack: PackSnapshot
    sector: str
    tamp_group: str
    note: str | None = None
    substitution: str = "none"
    is_loan_ok: bool = False
    is_earmark_welcome: bool = True
    populations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NeedClock:
    """The deadline that ends a need's silence."""

    deadline_id: UUID
    kind: NeedTimer
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Delegation:
    """`by_org_id` is the organisation whose desk gave it; it holds until just before `until`."""

    until: datetime
    by_org_id: UUID


@dataclass(frozen=True, slots=True)
class Need:
    """`verification` 0 none, 1 by phone, 2 on site, 3 by an authority; `reason` is the code given with the
    last step; `draft_lines` are lines as written while the asker may still change them, None when `lines` say
    all. `draft_facts` is what else the asker of a returned need says anew: nobody else's until submitted.
    `delegation` lets the asker answer for itself; one that has run out stands there and lets nobody."""

    need_id: UUID
    crisis_id: UUID
    is_drill: bool
    asker_org_id: UUID
    district: str
    urgency: Urgency
    state: NeedState
    verification: int
    close_reason: CloseReason | None
    version: int
    lines: tuple[NeedLine, ...]
    state_since: datetime
    clock: NeedClock | None
    told: int = 0
    contact_ref: str | None = None
    title: str | None = None
    description: str | None = None
    draft_lines: tuple[LineRequest, ...] | None = None
    draft_facts: Statement | None = None
    is_stale: bool = False
    last_heartbeat_at: datetime | None = None
    opened_at: datetime | None = None
    reason: str | None = None
    missing_fields: tuple[str, ...] = ()
    appealed_at: datetime | None = None
    merged_into: UUID | None = None
    handling: Handling = USUAL
    delegation: Delegation | None = None

    @property
    def is_private(self) -> bool:
        """Only its own organisation knows of it: never submitted."""
        return self.told == 0

    @property
    def as_edited(self) -> "Need":
        """The need as its asker would submit it."""
        said = self.draft_facts
        if said is None:
            return self
        return replace(
            self,
            district=said.district,
            urgency=said.urgency,
            contact_ref=said.contact_ref,
            title=said.title,
            description=said.description,
            handling=self.handled(said),
            draft_facts=None,
        )

    def handled(self, said: Statement) -> Handling:
        """How it is to be handled once this is said: a site stays behind where the place changes."""
        known = self.handling if said.district == self.district else self.handling.moved()
        return said.handling.on(known)

    @property
    def has_text(self) -> bool:
        """Whether somebody wrote something in their own words."""
        noted = (*self.lines, *(self.draft_lines or ()))
        said = self.draft_facts
        texts = (self.title, self.description, said and said.title, said and said.description)
        return any(texts) or any(line.note for line in noted)

    @property
    def item_group(self) -> str | None:
        """The TAMP group all lines share; None where they differ."""
        groups = {line.tamp_group for line in self.lines}
        return groups.pop() if len(groups) == 1 else None

    def must_be(self, *states: NeedState) -> None:
        """Raise NeedClosed with its reason, or NeedNotInState, unless the need is in one of the states."""
        if self.state in states:
            return
        if self.state is NeedState.CLOSED:
            raise NeedClosed(reason=self.close_reason or "")
        raise NeedNotInState(state=self.state.value, wanted=" / ".join(state.value for state in states))

    def must_be_of_another(self, organisation_id: UUID, action: str) -> None:
        """Raise SameParty when the organisation is the asker."""
        if organisation_id == self.asker_org_id:
            raise SameParty(side="asker", action=action)

    def now_in(
        self,
        state: NeedState,
        now: datetime,
        clock: NeedClock | None,
        *,
        close_reason: CloseReason | None = None,
        reason: str | None = None,
        missing_fields: Sequence[str] = (),
        **changes: Any,
    ) -> "Need":
        """The need in its next state, told to others."""
        return replace(
            self,
            state=state,
            state_since=now,
            clock=clock,
            close_reason=close_reason,
            reason=reason,
            missing_fields=tuple(missing_fields),
            version=self.version + 1,
            told=self.told + 1,
            **changes,
        )

    def noted(self, *, is_told: bool = True, **changes: Any) -> "Need":
        """The need in the same state with something else changed."""
        return replace(self, version=self.version + 1, told=self.told + int(is_told), **changes)
