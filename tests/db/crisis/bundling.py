"""Bundles for tests on a database: commands as one would give them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from crisis.domain.answers import Rest
from crisis.domain.pledges import PledgeRequest
from crisis.usecases.accept_bundle import AcceptBundle, Part, accept_bundle
from crisis.usecases.bundle_step import Answered
from crisis.usecases.decline_bundle import DeclineBundle, decline_bundle
from crisis.usecases.propose_bundle import ProposeBundle, propose_bundle
from crisis.usecases.reading_bundles import BundleRead
from crisis.usecases.reading_bundles import bundle as read_bundle
from crisis.usecases.withdraw_bundle import WithdrawBundle, withdraw_bundle
from imece_chassis.access.caller import Caller
from imece_chassis.ids import uuid7
from tests.db.crisis.world import World


async def three_lines(world: World, *quantities: str, **changes: Any) -> tuple[UUID, list[UUID]]:
    """An open crisis, and the lines of an open need for these many tents."""
    crisis = await world.open_crisis()
    asked = [world.tents(quantity, **changes) for quantity in quantities or ("100", "100", "100")]
    need = await world.open_need(crisis.crisis_id, *asked)
    return crisis.crisis_id, [line.need_line_id for line in need.lines]


def bundling(
    world: World,
    crisis_id: UUID,
    rows: Sequence[tuple[UUID, str]],
    by: Caller | None = None,
    offer_id: UUID | None = None,
    **changes: Any,
) -> ProposeBundle:
    """Tents for each of the lines."""
    who = by or world.pledger
    terms = PledgeRequest(rows[0][0], who.organisation_id, "1", "adet", "TUR006", **changes)
    asked = tuple(replace(terms, need_line_id=line, quantity=quantity) for line, quantity in rows)
    return ProposeBundle(uuid7(), crisis_id, asked, who, offer_id)


async def proposed(world: World, command: ProposeBundle) -> BundleRead:
    await world.database.unit_of_work(lambda tx: propose_bundle(tx, command, world.tools))
    return await read(world, command.bundle_id, command.caller)


async def a_bundle(
    world: World, crisis_id: UUID, rows: Sequence[tuple[UUID, str]], by: Caller | None = None
) -> BundleRead:
    return await proposed(world, bundling(world, crisis_id, rows, by))


async def here_and_there(world: World) -> BundleRead:
    """Ten tents each for a need in Hatay and for one in Kahramanmaraş."""
    crisis = await world.open_crisis(area=("TUR031", "TUR046"))
    here, there = [await world.open_need(crisis.crisis_id, world.tents("50")) for _ in range(2)]
    move = "UPDATE needs SET district = 'TUR046003' WHERE need_id = $1"
    await world.database.unit_of_work(lambda tx: tx.execute(move, there.need_id))
    rows = [(need.lines[0].need_line_id, "10") for need in (here, there)]
    return await a_bundle(world, crisis.crisis_id, rows)


async def read(world: World, bundle_id: UUID, by: Caller | None = None) -> BundleRead:
    return await world.database.snapshot(lambda tx: read_bundle(tx, bundle_id, by or world.pledger))


async def accepted(
    world: World,
    bundle_id: UUID,
    parts: dict[UUID, Part] | None = None,
    rest: Rest | None = None,
    by: Caller | None = None,
    override_reason: str | None = None,
) -> Answered:
    command = AcceptBundle(bundle_id, parts or {}, rest, override_reason)
    return await world.database.unit_of_work(
        lambda tx: accept_bundle(tx, command, by or world.secretariat, world.tools)
    )


async def declined(
    world: World, bundle_id: UUID, reason: str = "too_far", by: Caller | None = None
) -> Answered:
    command = DeclineBundle(bundle_id, reason)
    return await world.database.unit_of_work(
        lambda tx: decline_bundle(tx, command, by or world.secretariat, world.tools)
    )


async def withdrawn(
    world: World, bundle_id: UUID, reason: str = "transport_lost", by: Caller | None = None
) -> Answered:
    command = WithdrawBundle(bundle_id, reason)
    return await world.database.unit_of_work(
        lambda tx: withdraw_bundle(tx, command, by or world.pledger, world.tools)
    )


async def tell_bundles(world: World) -> None:
    """One taken in part and taken back, one declined."""
    crisis_id, lines = await three_lines(world)
    rows = [(line, "40") for line in lines]
    first, second = await a_bundle(world, crisis_id, rows), await a_bundle(world, crisis_id, rows)
    await accepted(world, first.bundle.bundle_id, {first.rows[0].allocation_id: Part("10", Rest.WAITLIST)})
    await withdrawn(world, first.bundle.bundle_id)
    await declined(world, second.bundle.bundle_id)


def states(found: BundleRead) -> list[str]:
    return [row.state.value for row in found.rows if row.qty]
