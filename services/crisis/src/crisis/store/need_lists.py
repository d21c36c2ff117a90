"""Lists of needs: which ones, in which order, and when each last changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from crisis.domain.needs import Need
from crisis.store.needs import read_many
from crisis.store.walks import LOOKED_AT, Found, Walk, found
from imece_chassis.database import Transaction
from imece_chassis.ids import BEYOND_ALL
from imece_chassis.selection import Selection

_ASKS = (
    "EXISTS (SELECT FROM need_lines AS line"
    " WHERE line.need_id = need.need_id AND line.is_drill = need.is_drill"
    " AND line.dropped_at IS NULL AND {asked} OFFSET 0)"
)
_PROVINCE = "left(need.district, 6) = {}"


@dataclass(frozen=True, slots=True)
class NeedFilter:
    """Which needs of a crisis; `province` is a p-code, `reader` the organisation that asks.

    `item_group` and `due_before` (needed before that moment) hold when one line fits; when both are asked
    for, the same line. With `updated_since` needs come in the order of their change, else newest first.
    """

    crisis_id: UUID
    reader: UUID
    is_mine: bool = False
    state: str | None = None
    province: str | None = None
    item_group: str | None = None
    urgency: str | None = None
    due_before: datetime | None = None
    updated_since: datetime | None = None

    @property
    def asker(self) -> UUID | None:
        """The organisation whose needs are asked for; None: of all."""
        return self.reader if self.is_mine else None


@dataclass(frozen=True, slots=True)
class Listed:
    """A need and when it last changed."""

    need: Need
    changed_at: datetime


async def page(
    tx: Transaction, wanted: NeedFilter, after: tuple[Any, ...] | None, limit: int, look: int = LOOKED_AT
) -> Found[Listed]:
    """Needs in order, drafts only to their own organisation; `after` is (id,) or, by change, (changed_at, id)
    of the last."""
    walk = _newest(wanted, after) if wanted.updated_since is None else _by_change(wanted, after)
    listed = await found(tx, walk, limit, look)
    known = await read_many(tx, [row["need_id"] for row in listed.rows])
    return listed.showing(
        [Listed(need, row["changed_at"]) for need, row in zip(known, listed.rows, strict=True)]
    )


def _newest(wanted: NeedFilter, after: tuple[Any, ...] | None) -> Walk:
    """Led by the asker, else by the province, else by the state: each has an index in this order."""
    asker, province = wanted.asker, wanted.province

    def led() -> Selection:
        chosen = _told(wanted)
        chosen.where("need.need_id < {}", BEYOND_ALL if after is None else UUID(after[0]))
        if asker is not None:
            return chosen.where("need.asker_org_id = {}", asker)
        if province is not None:
            return chosen.where(_PROVINCE, province)
        return chosen.where("need.state = {}", wanted.state)

    def fit(fits: Selection) -> None:
        fits.where(_PROVINCE, None if asker is None else province)
        fits.where("need.state = {}", None if asker is province is None else wanted.state)
        _asked(fits, wanted)

    return Walk("list_needs", "walk_needs", "need.need_id DESC", ("need_id",), led, fit)


def _by_change(wanted: NeedFilter, after: tuple[Any, ...] | None) -> Walk:
    def led() -> Selection:
        chosen = _told(wanted).where("need.changed_at >= {}", wanted.updated_since)
        if after is not None:
            last = chosen.place(UUID(after[1]))
            behind = f"(need.changed_at, need.need_id) > ({{}}, {last})"
            chosen.where(behind, datetime.fromisoformat(after[0]))
        return chosen

    def fit(fits: Selection) -> None:
        fits.where("need.asker_org_id = {}", wanted.asker).where(_PROVINCE, wanted.province)
        fits.where("need.state = {}", wanted.state)
        _asked(fits, wanted)

    order = "need.changed_at, need.need_id"
    return Walk("list_needs", "walk_needs", order, ("changed_at", "need_id"), led, fit)


def _told(wanted: NeedFilter) -> Selection:
    chosen = Selection().where("need.crisis_id = {}", wanted.crisis_id)
    return chosen.where("(need.told > 0 OR need.asker_org_id = {})", wanted.reader)


def _asked(fits: Selection, wanted: NeedFilter) -> None:
    fits.where("need.urgency = {}", wanted.urgency)
    asked = fits.further().where("line.tamp_group = {}", wanted.item_group)
    asked.where("line.needed_by < {}", wanted.due_before)
    fits.when(not asked.is_empty, _ASKS.format(asked=asked.text))
