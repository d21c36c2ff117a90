"""What lists are filtered by: one name and one meaning in all of them; what is left out does not matter."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from crisis.domain.states import State
from crisis.domain.tasks import TaskKind, TaskState
from crisis.http import need_shapes, offer_shapes
from crisis.http.lists import MAY_BE_SHORT, SINCE, PageQuery
from crisis.http.shapes import Body, GivenMoment, ProvinceCode, Urgency
from crisis.store.need_lists import NeedFilter
from crisis.store.offer_lists import MatchFilter, OfferFilter
from crisis.store.pledge_lists import PledgeFilter
from crisis.store.tasks import WAITING, TaskFilter
from crisis.usecases.authority import DESKS, plates_of
from imece_chassis.access.caller import Caller
from imece_chassis.http.paging import DEFAULT_LIMIT
from imece_reference.items import TAMP_EDITION, item, items
from imece_reference.refusals import UnknownCode, UnknownItem
from imece_reference.sectors import sector, sectors
from imece_reference.tamp import tamp_group, tamp_groups


class FilterUnknown(ValueError):
    """A code that is in no list: it would find nothing for ever. Says which are, or where they stand."""

    code = "unknown_value"

    def __init__(self, en: str, tr: str) -> None:
        super().__init__(en)
        self.tr = tr


def _known_group(code: str) -> str:
    try:
        return tamp_group(code, TAMP_EDITION).code
    except UnknownCode:
        known = ", ".join(group.code for group in tamp_groups(TAMP_EDITION))
        raise FilterUnknown(f"must be one of {known}", f"şunlardan biri olmalı: {known}") from None


def _known_item(code: str) -> str:
    try:
        return item(code).code
    except UnknownItem:
        raise FilterUnknown("must be an item of GET /items", "GET /items içindeki bir kalem olmalı") from None


def _known_sector(code: str) -> str:
    try:
        return sector(code).code
    except UnknownCode:
        known = ", ".join(each.code for each in sectors())
        raise FilterUnknown(f"must be one of {known}", f"şunlardan biri olmalı: {known}") from None


Code = Annotated[str, Field(max_length=40)]
Group = Annotated[Code, AfterValidator(_known_group), Field(description="TAMP group of the item")]
ItemCode = Annotated[Code, AfterValidator(_known_item), Field(description="Item code")]
Sector = Annotated[Code, AfterValidator(_known_sector), Field(description="IASC sector of the item")]
Province = Annotated[ProvinceCode, Field(description="P-code of a province")]
Since = Annotated[GivenMoment, Field(description=SINCE)]


class NeedFilters(Body):
    """Needs: a line of the item group, or one needed before the moment, is enough."""

    state: Annotated[need_shapes.State | None, Field(description="Only this state")] = None
    mine: Annotated[bool, Field(description="Only needs of the caller's organisation")] = False
    province: Province | None = None
    item_group: Group | None = None
    urgency: Urgency | None = None
    due_before: Annotated[GivenMoment | None, Field(description="Needed before this moment")] = None
    updated_since: Since | None = None

    def wanted(self, crisis_id: UUID, caller: Caller) -> NeedFilter:
        """The same as the store understands it."""
        return NeedFilter(
            crisis_id=crisis_id,
            reader=caller.organisation_id,
            is_mine=self.mine,
            state=self.state,
            province=self.province,
            item_group=self.item_group,
            urgency=self.urgency,
            due_before=self.due_before,
            updated_since=self.updated_since,
        )


class PledgeFilters(Body):
    """Pledges: province, item group and urgency are those of the need they are for."""

    state: Annotated[State | None, Field(description="Only this state")] = None
    need_line_id: Annotated[UUID | None, Field(description="Only for this need line")] = None
    bundle: Annotated[UUID | None, Field(description="Only rows of this bundle")] = None
    root_id: Annotated[
        UUID | None, Field(description="Only this promise, by its first id, and all that it was cut into")
    ] = None
    mine: Annotated[bool, Field(description="Desks: only their own organisation's")] = False
    written: Annotated[
        bool, Field(description="Only what desks of your organisation wrote down for others")
    ] = False
    province: Province | None = None
    item_group: Group | None = None
    urgency: Urgency | None = None
    due_before: Annotated[
        GivenMoment | None,
        Field(description="Waiting, with a clock that ends before this moment; the earliest first"),
    ] = None
    updated_since: Since | None = None

    def wanted(self, crisis_id: UUID, caller: Caller) -> PledgeFilter:
        """The same as the store understands it."""
        return PledgeFilter(
            crisis_id=crisis_id,
            state=self.state,
            need_line_id=self.need_line_id,
            province=self.province,
            item_group=self.item_group,
            urgency=self.urgency,
            due_before=self.due_before,
            updated_since=self.updated_since,
            bundle_id=self.bundle,
            root_id=self.root_id,
            writer=caller.organisation_id if self.written else None,
        )


class PlaceFilters(Body):
    """Offers: where their goods stand, what they are, and until when they may be had."""

    province: Province | None = None
    item_group: Group | None = None
    due_before: Annotated[GivenMoment | None, Field(description="Available until before this moment")] = None


class OfferFilters(PlaceFilters):
    """Offers, in any state."""

    state: Annotated[offer_shapes.State | None, Field(description="Only this state")] = None
    mine: Annotated[bool, Field(description="Only those of your organisation")] = False
    updated_since: Since | None = None

    def wanted(self, crisis_id: UUID) -> OfferFilter:
        """The same as the store understands it."""
        return OfferFilter(
            crisis_id=crisis_id,
            state=self.state,
            province=self.province,
            items=items_of(self.item_group),
            due_before=self.due_before,
            updated_since=self.updated_since,
        )


class MatchFilters(PlaceFilters):
    """Offers that wait to be matched: of the item or item group something must be free."""

    item: ItemCode | None = None

    def wanted(self, crisis_id: UUID, now: datetime) -> MatchFilter:
        """The same as the store understands it."""
        grouped = items_of(self.item_group)
        named = None if self.item is None else [self.item]
        return MatchFilter(
            crisis_id=crisis_id,
            now=now,
            province=self.province,
            items=grouped if named is None else [code for code in named if code in (grouped or named)],
            due_before=self.due_before,
        )


_WAITING = "waiting: not done. With `updated_since` every state unless one is asked for"


class TaskFilters(Body):
    """Tasks, by what they are about."""

    crisis_id: Annotated[UUID | None, Field(description="Only of this crisis")] = None
    desk: Annotated[UUID | None, Field(description="Only of this desk")] = None
    kind: Annotated[TaskKind | None, Field(description="Only this kind")] = None
    state: Annotated[TaskState | Literal["waiting"], Field(description=_WAITING)] = WAITING
    due: Annotated[GivenMoment | None, Field(description="Only due until then")] = None
    mine: Annotated[bool, Field(description="Only desks the caller's organisation hosts")] = False
    province: Province | None = None
    item_group: Group | None = None
    urgency: Urgency | None = None
    updated_since: Since | None = None

    def wanted(self, caller: Caller) -> TaskFilter:
        """The same as the store understands it: whoever follows tasks hears of their end as well."""
        is_any = self.updated_since is not None and "state" not in self.model_fields_set
        return TaskFilter(
            host_org_id=caller.organisation_id,
            plates=plates_of(caller, DESKS, self.crisis_id),
            crisis_id=self.crisis_id,
            is_mine=self.mine,
            desk_id=self.desk,
            kind=self.kind,
            state=None if is_any else self.state,
            due_before=self.due,
            province=self.province,
            item_group=self.item_group,
            urgency=self.urgency,
            updated_since=self.updated_since,
        )


def items_of(group: str | None) -> list[str] | None:
    """Codes of all items of a TAMP group; None for any."""
    return None if group is None else [each.code for each in items() if each.tamp_group == group]


class NeedQuery(NeedFilters, PageQuery):
    """A page of needs."""


class PledgeQuery(PledgeFilters, PageQuery):
    """A page of pledges."""


class OfferQuery(OfferFilters, PageQuery):
    """A page of offers."""


class MatchQuery(MatchFilters, PageQuery):
    """A page of the match queue."""

    limit: Annotated[int, Field(ge=1, le=DEFAULT_LIMIT, description=MAY_BE_SHORT)] = DEFAULT_LIMIT


class TaskQuery(TaskFilters, PageQuery):
    """A page of tasks."""
