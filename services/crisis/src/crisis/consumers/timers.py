"""Deadlines that came due: one ordinary command each, or one for many where they come in thousands."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from crisis.consumers.allocation_timers import BatchEffect, allocation_batches, allocation_effects
from crisis.consumers.desk_timers import desk_effects
from crisis.consumers.imports import import_effects, mirrored
from crisis.consumers.needs import need_effects
from crisis.consumers.offers import offer_batches, offer_effects
from crisis.consumers.orders import order_effects
from crisis.consumers.pools import pool_effects
from crisis.consumers.terms import term_effects
from crisis.domain.imports import RUN
from crisis.usecases.pool_offers import OF_NEED, OF_OFFER
from crisis.usecases.recurring_needs import RECUR, state_next
from crisis.usecases.run_import import Holder
from crisis.usecases.settle_two_keys import lapse_two_keys
from crisis.usecases.tools import Tools
from crisis.usecases.two_keys import LAPSE
from imece_chassis.database import Database
from imece_chassis.deadlines import Deadline, DeadlineWorker

Effect = Callable[[Deadline], Awaitable[None]]
IMPORTS_AT_ONCE = 4
"""Connections are left for the clocks, which share them."""
POOLS_AT_ONCE = 1
"""A look computes; the clocks share its processor."""


@dataclass(frozen=True, slots=True)
class Workers:
    """`imports` works off chosen rows, thousands of commands in a turn; `pools` compares thousands of goods.

    No clock waits for either.
    """

    clocks: DeadlineWorker
    imports: DeadlineWorker
    pools: DeadlineWorker


def effects(database: Database, tools: Tools, *, holder: Holder | None = None) -> Mapping[str, Effect]:
    """Kind of deadline → what happens when nobody acted until then; `holder` knows who holds a key."""

    async def no_second_key(deadline: Deadline) -> None:
        await database.unit_of_work(
            lambda tx: lapse_two_keys(tx, deadline.deadline_id, deadline.subject_id, tools)
        )

    async def next_need(deadline: Deadline) -> None:
        await database.unit_of_work(
            lambda tx: state_next(tx, deadline.deadline_id, deadline.subject_id, tools)
        )

    return {
        **allocation_effects(database, tools),
        **desk_effects(database, tools),
        **import_effects(database, tools, holder or mirrored(tools)),
        **need_effects(database, tools),
        **offer_effects(database, tools),
        **order_effects(database, tools),
        **pool_effects(database, tools),
        **term_effects(database, tools),
        LAPSE: no_second_key,
        RECUR: next_need,
    }


def workers(database: Database, tools: Tools, *, holder: Holder | None = None) -> Workers:
    """Who runs the effects."""
    known = dict(effects(database, tools, holder=holder))
    rows = {RUN: known.pop(RUN)}
    looks = {kind: known.pop(kind) for kind in (OF_OFFER, OF_NEED)}
    return Workers(
        clocks=DeadlineWorker(database, known, batch_effects=batches(database, tools)),
        imports=DeadlineWorker(database, rows, parallel=IMPORTS_AT_ONCE, name="imports"),
        pools=DeadlineWorker(database, looks, parallel=POOLS_AT_ONCE, name="pools"),
    )


def batches(database: Database, tools: Tools) -> Mapping[str, BatchEffect]:
    """Kinds whose deadlines are handled many at a time."""
    return {**allocation_batches(database, tools), **offer_batches(database, tools)}
