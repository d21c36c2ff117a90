"""Needs stated again: a template keeps what was asked, a recurring need states it every few days.

Each time is a need of its own, with its own lines and clocks; what was stated before is not touched.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from .clocks import Urgency
from .masking import masked
from .needs import LineRequest, Need, Statement
from .refusals import NeedWithoutLines, RecurringEnded, TemplateRetired, UntilPast
from .units import plain


class RecurringState(StrEnum):
    """`ended` by its own rule, `stopped` by somebody."""

    RUNNING = "running"
    ENDED = "ended"
    STOPPED = "stopped"


RECUR = "need.recur"
RECURRING_WAITING = {RecurringState.RUNNING: RECUR}
"""What comes at the next time of a recurring need; every other state is its end."""


@dataclass(frozen=True, slots=True)
class Template:
    """`lines` as written; their `needed_by` says nothing: they are needed within so many hours."""

    template_id: UUID
    org_id: UUID
    title: str
    district: str
    urgency: Urgency
    contact_ref: str | None
    needed_within_hours: int
    lines: tuple[LineRequest, ...]
    from_need_id: UUID
    created_at: datetime
    retired_at: datetime | None = None

    @property
    def version(self) -> int:
        """1 in use, 2 retired: nothing else of a template changes."""
        return 1 if self.retired_at is None else 2

    def must_be_in_use(self) -> None:
        """Raise TemplateRetired."""
        if self.retired_at is not None:
            raise TemplateRetired(retired_at=self.retired_at.isoformat())

    def said(self, now: datetime, district: str | None = None) -> Statement:
        """What it states now, at its own place or another one."""
        needed_by = now + timedelta(hours=self.needed_within_hours)
        lines = tuple(replace(line, needed_by=needed_by) for line in self.lines)
        return Statement(district or self.district, self.urgency, lines, self.contact_ref, self.title)


@dataclass(frozen=True, slots=True)
class Recurring:
    """`next_at` is when the next need is stated, `made` how many were; people submit where `is_draft`."""

    recurring_id: UUID
    crisis_id: UUID
    is_drill: bool
    template_id: UUID
    org_id: UUID
    district: str
    every_days: int
    is_draft: bool
    next_at: datetime
    until: datetime
    state: RecurringState
    deadline_id: UUID | None
    made: int = 0
    last_need_id: UUID | None = None
    end_reason: str | None = None
    version: int = 1

    def must_run(self) -> None:
        """Raise RecurringEnded."""
        if self.state is not RecurringState.RUNNING:
            raise RecurringEnded(state=self.state.value, reason=self.end_reason or "")

    def ended(self, state: RecurringState, reason: str) -> "Recurring":
        """No further needs; those stated stay."""
        return replace(self, state=state, deadline_id=None, end_reason=reason, version=self.version + 1)

    def made_one(self, need_id: UUID, now: datetime, new_id: Callable[[], UUID]) -> "Recurring":
        """One need later. Days that were missed are not made up for."""
        following = self.next_at + timedelta(days=self.every_days)
        while following <= now:
            following += timedelta(days=self.every_days)
        after = replace(
            self,
            next_at=following,
            deadline_id=new_id(),
            made=self.made + 1,
            last_need_id=need_id,
            version=self.version + 1,
        )
        if following <= self.until:
            return after
        return replace(after, state=RecurringState.ENDED, deadline_id=None, end_reason="until_reached")


def template_of(
    need: Need, title: str, needed_within_hours: int, now: datetime, template_id: UUID
) -> Template:
    """What a need asks for, to be asked again; the title is masked. Raises NeedWithoutLines."""
    stated = tuple(
        LineRequest(
            item_code=line.item_code,
            quantity=plain(line.pack.count),
            unit=line.pack.pack,
            needed_by=now,
            min_useful_quantity=None if not line.min_useful else plain(line.min_useful / line.pack.factor),
            note=line.note,
            substitution=line.substitution,
            is_loan_ok=line.is_loan_ok,
            is_earmark_welcome=line.is_earmark_welcome,
        )
        for line in need.lines
    )
    lines = stated or need.draft_lines or ()
    if not lines:
        raise NeedWithoutLines(need_id=str(need.need_id))
    return Template(
        template_id=template_id,
        org_id=need.asker_org_id,
        title=masked(title.strip())[0],
        district=need.district,
        urgency=need.urgency,
        contact_ref=need.contact_ref,
        needed_within_hours=needed_within_hours,
        lines=lines,
        from_need_id=need.need_id,
        created_at=now,
    )


def must_lie_ahead(until: datetime, first_at: datetime) -> None:
    """Raise UntilPast unless at least one need will be stated."""
    if until < first_at:
        raise UntilPast(until=until.isoformat(), first_at=first_at.isoformat())
