"""Merges for tests on a database: two needs for tents made one, parted again, and the sums checked."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from crisis.domain.merging import MergeMode
from crisis.usecases.check_ledger import check_ledger
from crisis.usecases.merge_need import Merged, MergeNeed, merge_need
from crisis.usecases.unmerge_need import unmerge_need
from imece_chassis.access.caller import Caller
from tests.db.crisis.test_one_pledge import body
from tests.db.crisis.world import World


@dataclass(frozen=True)
class Twins:
    """Two open needs for tents in one crisis."""

    crisis_id: UUID
    need: UUID
    line: UUID
    into: UUID
    into_line: UUID


async def twins(world: World, quantity: str = "500", into: str = "500") -> Twins:
    crisis = await world.open_crisis()
    first = await world.open_need(crisis.crisis_id, world.tents(quantity))
    second = await world.open_need(crisis.crisis_id, world.tents(into))
    return Twins(
        crisis.crisis_id,
        first.need_id,
        first.lines[0].need_line_id,
        second.need_id,
        second.lines[0].need_line_id,
    )


async def merge(
    world: World, pair: Twins, mode: MergeMode = MergeMode.MAX, by: Caller | None = None, **changes: Any
) -> Merged:
    command = MergeNeed(pair.need, pair.into, mode, **changes)
    return await world.database.unit_of_work(
        lambda tx: merge_need(tx, command, by or world.secretariat, world.tools)
    )


async def unmerge(world: World, need: UUID, by: Caller | None = None) -> Merged:
    return await world.database.unit_of_work(
        lambda tx: unmerge_need(tx, need, by or world.secretariat, world.tools)
    )


async def propose(world: World, pair: Twins, line: UUID, quantity: str) -> UUID:
    return UUID(body(await world.pledge(pair.crisis_id, line, quantity))["allocation_id"])


async def sound(world: World, *, but: tuple[str, ...] = ()) -> bool:
    findings = await check_ledger(world.database)
    return not any(found for name, found in findings.items() if name not in but)
