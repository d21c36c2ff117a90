"""Every list of the crisis service as its store reads it, with each filter that a request may carry alone."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from crisis.store import (
    candidates,
    crises,
    desks,
    hazards,
    histories,
    line_lists,
    line_terms,
    need_lists,
    offer_lists,
    orders,
    packages,
    pledge_lists,
    release_requests,
    tasks,
    templates,
    two_keys,
    waivers,
)
from crisis.store.line_lists import LineFilter
from crisis.store.need_lists import NeedFilter
from crisis.store.offer_lists import MatchFilter, OfferFilter
from crisis.store.orders import OrderFilter
from crisis.store.pledge_lists import PledgeFilter
from crisis.store.tasks import TaskFilter

Read = Callable[[Any], Awaitable[Any]]
PAGE = 51
"""A page of fifty, and one row more to know whether there is another."""


@dataclass(frozen=True)
class Asked:
    """What the lists are asked about. `after` lies within them, `seldom` is a state few rows are in."""

    crisis_id: UUID
    need_id: UUID
    line_id: UUID
    org_id: UUID
    desk_id: UUID
    after: UUID
    now: datetime
    item: str = "SHL-TENT-FAM"
    seldom: str = "damaged"


def lists(of: Asked) -> Mapping[str, Read]:
    """Name → the list, read for the first page unless its name says otherwise."""
    return {
        **_needs(of),
        **{f"lines {name}": _lines(of, **wanted) for name, wanted in _line_filters(of).items()},
        **_pledges(of),
        **_offers(of),
        **_desks(of),
        **_questions(of),
        "crises": lambda tx: crises.page(tx, limit=PAGE),
        "crises by state": lambda tx: crises.page(tx, state="closed", limit=PAGE),
        "crises changed in ten minutes": lambda tx: crises.page(
            tx, updated_since=of.now - timedelta(minutes=10), limit=PAGE
        ),
        "hazard reports": lambda tx: hazards.of_crisis(tx, of.crisis_id, None, PAGE),
        "revisions of a line": lambda tx: line_terms.revisions(tx, of.line_id, 0, PAGE),
        "statements about a line": lambda tx: line_terms.statements_after(tx, of.line_id, None, PAGE),
        "history of a need": lambda tx: histories.of_need(tx, of.need_id, None, PAGE, pledges_of=None),
        "history of a need for a pledger": lambda tx: histories.of_need(
            tx, of.need_id, None, PAGE, pledges_of=of.org_id
        ),
    }


def _needs(of: Asked) -> dict[str, Read]:
    def read(**wanted: Any) -> Read:
        after = wanted.pop("after", None)
        filtered = NeedFilter(of.crisis_id, of.org_id, **wanted)
        return lambda tx: need_lists.page(tx, filtered, after, PAGE)

    return {
        "needs": read(),
        "needs after a position": read(after=(str(of.after),)),
        "needs by state": read(state="returned"),
        "needs of an asker": read(is_mine=True),
        "needs of a province": read(province="TUR081"),
        "needs for an item group": read(item_group="barinma"),
        "needs by urgency": read(urgency="life_saving"),
        "needs due before": read(due_before=of.now),
        "needs due before a seldom moment": read(due_before=of.now - timedelta(minutes=9_990)),
        "needs changed in ten minutes": read(updated_since=of.now - timedelta(minutes=10)),
        "needs of a province in a seldom state": read(province="TUR081", state="returned"),
    }


def _lines(of: Asked, **wanted: Any) -> Read:
    after = wanted.pop("after", None)
    filtered = LineFilter(of.crisis_id, of.org_id, **wanted)
    return lambda tx: line_lists.page(tx, filtered, after, PAGE)


def _line_filters(of: Asked) -> dict[str, dict[str, Any]]:
    return {
        "of a crisis": {},
        "after a position": {"after": (str(of.after),)},
        "of an asker": {"is_mine": True},
        "of a province": {"province": "TUR081"},
        "of a district": {"district": "TUR081001"},
        "of an item": {"item": of.item},
        "of an item group": {"item_group": "barinma"},
        "of a sector": {"sector": "shelter"},
        "by state": {"state": "returned"},
        "by urgency": {"urgency": "life_saving"},
        "with a gap": {"has_gap": True},
        "that are stale": {"is_stale": True},
        "due before": {"due_before": of.now},
        "changed in ten minutes": {"updated_since": of.now - timedelta(minutes=10)},
        "changed in two days": {"updated_since": of.now - timedelta(days=2)},
    }


def _pledges(of: Asked) -> dict[str, Read]:
    def read(**wanted: Any) -> Read:
        after = wanted.pop("after", None)
        filtered = PledgeFilter(of.crisis_id, **wanted)
        return lambda tx: pledge_lists.page(tx, filtered, after, PAGE)

    return {
        "pledges": read(),
        "pledges after a position": read(after=(str(of.after),)),
        "pledges by state": read(state="held"),
        "pledges by a seldom state": read(state=of.seldom),
        "pledges of an organisation": read(pledger=of.org_id),
        "pledges of an organisation by a seldom state": read(pledger=of.org_id, state=of.seldom),
        "pledges for a line": read(need_line_id=of.line_id),
        "pledges for a line by a seldom state": read(need_line_id=of.line_id, state=of.seldom),
        "pledges of a root": read(root_id=of.line_id),
        "pledges written for others": read(writer=of.org_id),
        "pledges written for others changed in ten minutes": read(
            writer=of.org_id, updated_since=of.now - timedelta(minutes=10)
        ),
        "pledges changed in ten minutes": read(updated_since=of.now - timedelta(minutes=10)),
        "pledges of an organisation changed in ten minutes": read(
            pledger=of.org_id, updated_since=of.now - timedelta(minutes=10)
        ),
        "pledges of a province": read(province="TUR081"),
        "pledges of a province by a seldom state": read(province="TUR081", state=of.seldom),
        "pledges of a province and an organisation": read(province="TUR081", pledger=of.org_id),
        "pledges for an item group": read(item_group="barinma"),
        "pledges by urgency": read(urgency="life_saving"),
        "pledges of a province changed in ten minutes": read(
            province="TUR081", updated_since=of.now - timedelta(minutes=10)
        ),
        "pledges due in an hour": read(due_before=of.now + timedelta(hours=1)),
        "proposals of a province due in an hour": read(
            province="TUR081", state="proposed", due_before=of.now + timedelta(hours=1)
        ),
    }


def _offers(of: Asked) -> dict[str, Read]:
    def read(**wanted: Any) -> Read:
        return lambda tx: offer_lists.page(tx, OfferFilter(of.crisis_id, **wanted), None, PAGE)

    def to_match(**wanted: Any) -> Read:
        return lambda tx: offer_lists.to_match(tx, MatchFilter(of.crisis_id, of.now, **wanted), None, PAGE)

    def kept(**wanted: Any) -> Read:
        given: dict[str, Any] = {"org_id": None, "item_code": None, **wanted}
        return lambda tx: packages.page(tx, **given, now=of.now, after=None, limit=PAGE)

    return {
        "offers": read(),
        "offers by state": read(state="suspended"),
        "offers of an organisation": read(org_id=of.org_id),
        "offers of a province": read(province="TUR081"),
        "offers of items": read(items=[of.item]),
        "offers due before": read(due_before=of.now + timedelta(days=10)),
        "offers changed in ten minutes": read(updated_since=of.now - timedelta(minutes=10)),
        "offers to match": to_match(),
        "offers to match in a province": to_match(province="TUR081"),
        "offers to match of items": to_match(items=[of.item]),
        "offers to match due before": to_match(due_before=of.now + timedelta(days=10)),
        "packages": kept(),
        "packages of an item": kept(item_code=of.item),
        "packages of an organisation": kept(org_id=of.org_id),
        "offers to call for a line": lambda tx: candidates.offered(tx, of.crisis_id, [of.item], of.now),
        "packages to call for a line": lambda tx: candidates.kept_ready(tx, of.item, of.now, is_drill=False),
    }


def _desks(of: Asked) -> dict[str, Read]:
    def read(**wanted: Any) -> Read:
        given: dict[str, Any] = {"plates": None, **wanted}
        filtered = TaskFilter(of.org_id, **given)
        return lambda tx: tasks.page(tx, filtered, None, PAGE)

    return {
        "desks": lambda tx: desks.page(tx, of.crisis_id, None, PAGE),
        "watches": lambda tx: desks.on_duty(tx, of.now, None, None, None, PAGE),
        "watches of a host": lambda tx: desks.on_duty(tx, of.now, None, of.org_id, None, PAGE),
        "tasks that wait": read(state=tasks.WAITING),
        "tasks that wait in provinces": read(state=tasks.WAITING, plates=frozenset({"81"})),
        "tasks that wait of a host": read(state=tasks.WAITING, is_mine=True),
        "tasks of a crisis": read(state="done", crisis_id=of.crisis_id),
        "tasks of a desk": read(state="done", desk_id=of.desk_id),
        "tasks done": read(state="done"),
        "tasks of a province": read(state="done", province="TUR081"),
        "tasks that wait in a province": read(state=tasks.WAITING, province="TUR081"),
        "tasks for an item group": read(state=tasks.WAITING, item_group="barinma"),
        "tasks by urgency": read(state=tasks.WAITING, urgency="life_saving"),
        "tasks changed in ten minutes": read(updated_since=of.now - timedelta(minutes=10)),
        "tasks of a crisis in provinces changed in ten minutes": read(
            updated_since=of.now - timedelta(minutes=10), crisis_id=of.crisis_id, plates=frozenset({"81"})
        ),
    }


def _questions(of: Asked) -> dict[str, Read]:
    rights: list[two_keys.Right] = [("set_over_cap", None, None)]
    actions = ["set_over_cap"]

    def stopped(**wanted: Any) -> Read:
        return lambda tx: orders.page(tx, OrderFilter(of.crisis_id, **wanted), None, PAGE)

    return {
        "orders": stopped(),
        "orders by state": stopped(state="active"),
        "orders changed in ten minutes": stopped(updated_since=of.now - timedelta(minutes=10)),
        "release requests": lambda tx: release_requests.page(tx, of.org_id, None, None, PAGE),
        "release requests by state": lambda tx: release_requests.page(tx, of.org_id, "agreed", None, PAGE),
        "waivers": lambda tx: waivers.page(tx, of.org_id, None, None, PAGE),
        "waivers by state": lambda tx: waivers.page(tx, of.org_id, "granted", None, PAGE),
        "two keys": lambda tx: two_keys.pending(tx, actions, of.org_id, rights, None, None, PAGE),
        "two keys of a crisis": lambda tx: two_keys.pending(
            tx, actions, of.org_id, rights, of.crisis_id, None, PAGE
        ),
        "templates": lambda tx: templates.page(tx, of.org_id, None, PAGE),
        "recurring needs": lambda tx: templates.recurring_of(tx, of.crisis_id, of.org_id, None, PAGE),
    }
