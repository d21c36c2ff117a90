"""Commands on what stands by itself: packages, templates, repeated needs, desks and watches, settings."""

from datetime import timedelta
from typing import Any

from crisis.domain.desks import DeskLevel
from crisis.domain.duplicates import Choice
from crisis.domain.offering import OfferLineRequest
from crisis.domain.tasks import Seat
from crisis.usecases.call_package import CallPackage, call_package
from crisis.usecases.change_settings import ChangeSettings, change_settings
from crisis.usecases.duplicate_hints import AnswerHint, answer_hint
from crisis.usecases.keep_package import OpenPackage, open_package, retire_package, verify_package
from crisis.usecases.open_crisis import OpenProposal, open_proposal
from crisis.usecases.open_desk import ChangeDesk, OpenDesk, change_desk, open_desk
from crisis.usecases.pledge_package import pledge_package
from crisis.usecases.recurring_needs import RepeatNeed, repeat_need, stop_repeating
from crisis.usecases.seat_watch import SeatWatch, end_watch, seat_watch
from crisis.usecases.templates import (
    KeepTemplate,
    StateTemplate,
    keep_template,
    retire_template,
    state_template,
)
from tests.db.crisis.histories.actors import mostly, of_organisation
from tests.db.crisis.histories.choices import Choices
from tests.db.crisis.histories.ground import ITEMS, PLEDGERS, SECRETARIAT, Ground
from tests.db.crisis.histories.on_allocations import open_lines
from tests.db.crisis.histories.on_crises import crises
from tests.db.crisis.histories.on_needs import needs
from tests.db.crisis.histories.registry import command


async def packages(ground: Ground) -> list[Any]:
    return await ground.rows(
        "SELECT package_id, org_id, (SELECT array_agg(item_code) FROM package_lines AS line"
        " WHERE line.package_id = packages.package_id) AS items"
        " FROM packages WHERE state <> 'retired' ORDER BY package_id"
    )


@command("open_package", weight=2)
async def keep_ready(ground: Ground, choose: Choices):
    lines = (OfferLineRequest(choose.one(ITEMS), str(choose.size(60)), "adet"),)
    keeping = OpenPackage(choose.one(("TUR006", "TUR031")), lines)
    who = mostly(choose, choose.one(PLEDGERS))
    return await ground.run(lambda tx: open_package(tx, keeping, who, ground.tools))


@command("verify_package", weight=1)
async def look_after(ground: Ground, choose: Choices):
    kept = choose.one(await packages(ground))
    who = mostly(choose, of_organisation(kept["org_id"]))
    return await ground.run(lambda tx: verify_package(tx, kept["package_id"], who, ground.tools))


@command("retire_package", weight=1)
async def give_up(ground: Ground, choose: Choices):
    kept = choose.one(await packages(ground))
    who = mostly(choose, of_organisation(kept["org_id"]))
    return await ground.run(lambda tx: retire_package(tx, kept["package_id"], who, ground.tools))


@command("pledge_package", weight=4)
async def pledge_in_one_tap(ground: Ground, choose: Choices):
    kept, need = choose.one(await packages(ground)), choose.one(await needs(ground, "open"))
    who = mostly(choose, of_organisation(kept["org_id"]))
    return await ground.run(
        lambda tx: pledge_package(tx, kept["package_id"], need["need_id"], who, ground.tools)
    )


@command("call_package", weight=4)
async def call_the_package(ground: Ground, choose: Choices):
    kept = choose.one(await packages(ground))
    lines = [row for row in await open_lines(ground) if row["item_code"] in kept["items"]]
    line = choose.one(lines)
    calling = CallPackage(kept["package_id"], line["need_line_id"], str(choose.size(30)), "adet")
    return await ground.run(lambda tx: call_package(tx, calling, mostly(choose, SECRETARIAT), ground.tools))


@command("keep_template", weight=2)
async def keep_for_next_time(ground: Ground, choose: Choices):
    need = choose.one(await needs(ground, "open", "submitted", "closed"))
    keeping = KeepTemplate(need["need_id"], "haftalık", 24 * choose.size(5))
    who = mostly(choose, of_organisation(need["asker_org_id"]))
    return await ground.run(lambda tx: keep_template(tx, keeping, who, ground.tools))


async def templates(ground: Ground) -> list[Any]:
    return await ground.rows(
        "SELECT template_id, org_id FROM need_templates WHERE retired_at IS NULL ORDER BY template_id"
    )


@command("state_template", weight=3)
async def state_again(ground: Ground, choose: Choices):
    template, crisis = choose.one(await templates(ground)), choose.one(await crises(ground))
    stating = StateTemplate(crisis["crisis_id"], template["template_id"], is_draft=bool(choose.number() % 2))
    who = mostly(choose, of_organisation(template["org_id"]))
    return await ground.run(lambda tx: state_template(tx, stating, who, ground.tools))


@command("retire_template", weight=1)
async def forget_template(ground: Ground, choose: Choices):
    template = choose.one(await templates(ground))
    who = mostly(choose, of_organisation(template["org_id"]))
    return await ground.run(lambda tx: retire_template(tx, template["template_id"], who, ground.tools))


@command("repeat_need", weight=2)
async def repeat(ground: Ground, choose: Choices):
    template, crisis = choose.one(await templates(ground)), choose.one(await crises(ground))
    repeating = RepeatNeed(
        crisis_id=crisis["crisis_id"],
        template_id=template["template_id"],
        every_days=choose.size(5),
        until=ground.clock.now() + timedelta(days=choose.size(20)),
    )
    who = mostly(choose, of_organisation(template["org_id"]))
    return await ground.run(lambda tx: repeat_need(tx, repeating, who, ground.tools))


@command("stop_repeating", weight=1)
async def repeat_no_more(ground: Ground, choose: Choices):
    rows = await ground.rows(
        "SELECT recurring_id, org_id FROM recurring_needs WHERE state = 'running' ORDER BY recurring_id"
    )
    running = choose.one(rows)
    who = mostly(choose, of_organisation(running["org_id"]))
    return await ground.run(lambda tx: stop_repeating(tx, running["recurring_id"], who, ground.tools))


@command("open_desk", weight=1)
async def set_up_desk(ground: Ground, choose: Choices):
    level = choose.one((DeskLevel.PROVINCE, DeskLevel.SECRETARIAT))
    area = ("TUR031",) if level is DeskLevel.PROVINCE else ()
    opening = OpenDesk(level, area, (), choose.one((SECRETARIAT, *PLEDGERS)).organisation_id)
    return await ground.run(lambda tx: open_desk(tx, opening, mostly(choose, SECRETARIAT), ground.tools))


@command("change_desk", weight=1)
async def move_desk(ground: Ground, choose: Choices):
    rows = await ground.rows("SELECT desk_id FROM desks ORDER BY desk_id")
    changing = ChangeDesk(choose.one(rows)["desk_id"], is_active=bool(choose.number() % 2))
    return await ground.run(lambda tx: change_desk(tx, changing, mostly(choose, SECRETARIAT), ground.tools))


@command("seat_watch", weight=1)
async def go_on_duty(ground: Ground, choose: Choices):
    rows = await ground.rows("SELECT desk_id FROM desks ORDER BY desk_id")
    now = ground.clock.now()
    seating = SeatWatch(
        choose.one(rows)["desk_id"],
        choose.one(tuple(Seat)),
        choose.one(("person_aaaa", "person_bbbb")),
        now,
        now + timedelta(hours=choose.size(12)),
    )
    return await ground.run(lambda tx: seat_watch(tx, seating, mostly(choose, SECRETARIAT), ground.tools))


@command("end_watch", weight=1)
async def go_off_duty(ground: Ground, choose: Choices):
    rows = await ground.rows(
        "SELECT watch_id FROM watches WHERE upper(period) > $1 ORDER BY watch_id", ground.clock.now()
    )
    watch = choose.one(rows)
    return await ground.run(
        lambda tx: end_watch(tx, watch["watch_id"], mostly(choose, SECRETARIAT), ground.tools)
    )


@command("change_settings", weight=1)
async def set_limits(ground: Ground, choose: Choices):
    crisis = choose.one(await crises(ground))
    members = {"auto_accept": choose.one(([], ["BAR"])), "limits": {"open_held": choose.size(20)}}
    changing = ChangeSettings(crisis["crisis_id"], members)
    return await ground.run(
        lambda tx: change_settings(tx, changing, mostly(choose, SECRETARIAT), ground.tools)
    )


@command("answer_hint", weight=2)
async def say_what_the_other_is(ground: Ground, choose: Choices):
    rows = await ground.rows(
        "SELECT need_id, other_need_id, asker_org_id FROM duplicate_hints JOIN needs USING (need_id)"
        " WHERE choice IS NULL ORDER BY need_id, other_need_id"
    )
    hint = choose.one(rows)
    answering = AnswerHint(hint["need_id"], hint["other_need_id"], choose.one(tuple(Choice)))
    who = mostly(choose, of_organisation(hint["asker_org_id"]))
    return await ground.run(lambda tx: answer_hint(tx, answering, who, ground.tools))


@command("open_crisis", weight=1)
async def open_what_was_proposed(ground: Ground, choose: Choices):
    proposed = choose.one(await crises(ground, "proposed"))
    opening = OpenProposal(proposed["crisis_id"])
    return await ground.run(lambda tx: open_proposal(tx, opening, mostly(choose, SECRETARIAT), ground.tools))
