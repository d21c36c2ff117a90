"""A real example of everything a list shows, made by the commands themselves: what copies are taken from."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from crisis.usecases.keep_package import OpenPackage, open_package
from crisis.usecases.request_release import RequestRelease, request_release
from crisis.usecases.set_over_cap import SetOverCap, propose_over_cap
from crisis.usecases.state_elsewhere import StateElsewhere, state_elsewhere
from crisis.usecases.waive_earmark import AskWaiver, ask_waiver
from tests.db.crisis.at_the_desk import a_desk, a_report, a_task, a_watch
from tests.db.crisis.offering import tents
from tests.db.crisis.terms import an_offer_line
from tests.db.crisis.test_one_pledge import body
from tests.db.crisis.test_orders import issue
from tests.db.crisis.test_repeated_needs import keep, repeat
from tests.db.crisis.world import World


@dataclass(frozen=True)
class Examples:
    """The crisis most of them belong to, its need, and one of the need's lines."""

    crisis_id: UUID
    need_id: UUID
    line_id: UUID


async def one_of_each(world: World) -> Examples:
    """Also questions between the sides, a desk with watch and task, a template, an order, a report."""
    crisis = await world.open_crisis()
    need = await world.open_need(crisis.crisis_id, world.tents("1000"), world.tents("1000"))
    line = need.lines[0].need_line_id
    desk = await a_desk(world, crisis_id=crisis.crisis_id)
    await a_watch(world, desk)
    await a_task(world, crisis)
    for _ in range(2):
        await world.pledge(crisis.crisis_id, line, "10")
    held = await world.accept(UUID(body(await world.pledge(crisis.crisis_id, line, "10"))["allocation_id"]))
    elsewhere = await an_offer_line(world, crisis.crisis_id, earmark={"places": ["TUR044"]})
    waiting: Any = RequestRelease(held.rows[0].allocation_id, "no_movement")
    for command, wanted, who in (
        (request_release, waiting, world.secretariat),
        (ask_waiver, AskWaiver(line, elsewhere), world.secretariat),
        (propose_over_cap, SetOverCap(line, "5", "adet", "losses_expected"), world.secretariat),
        (state_elsewhere, StateElsewhere(line, "20", "adet", "doc:1"), world.asker),
        (open_package, OpenPackage("TUR006", (tents("200"),), ready_within_minutes=60), world.pledger),
    ):
        await _done(world, command, wanted, who)
    await repeat(world, crisis.crisis_id, await keep(world, need), 60)
    await issue(world, crisis.crisis_id)
    await a_report(world)
    return Examples(crisis.crisis_id, need.need_id, line)


async def _done(world: World, command: Any, wanted: Any, who: Any) -> None:
    await world.database.unit_of_work(lambda tx: command(tx, wanted, who, world.tools))
