"""What a desk is shown for a line is what its call would not be refused, best fit first."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from crisis.domain.candidates import Source
from crisis.domain.needs import Need
from crisis.domain.refusals import (
    EarmarkMismatch,
    ItemNotEqual,
    NotFound,
    OfferNotInState,
    OfferOver,
    Refusal,
    RoleMissing,
    SameParty,
    Saturated,
    SupplyExceeded,
    TooSmall,
)
from crisis.store import candidates
from crisis.usecases.call_package import CallPackage, call_package
from crisis.usecases.keep_package import OpenPackage, open_package, retire_package
from crisis.usecases.reading_candidates import CandidatesRead, candidates_for
from crisis.usecases.stand_down import StandDown, stand_down
from crisis.usecases.waive_earmark import AnswerWaiver, answer_waiver
from crisis.usecases.withdraw_offer import WithdrawOffer, withdraw_offer
from imece_chassis.access.caller import Caller
from tests.db.crisis.need_world import Needs
from tests.db.crisis.offering import lasting, offered, run, tents
from tests.db.crisis.terms import an_offer_line, call, pledged_from
from tests.db.crisis.test_one_pledge import body, open_line
from tests.db.crisis.test_orders import issue
from tests.db.crisis.test_packages import kept
from tests.db.crisis.test_suspended_offers import suspend
from tests.db.crisis.test_terms_of_use import TENT_4P, TENT_6P, ask, hatay_only, tents_for
from tests.db.crisis.world import TENT, World, caller

Setting = Callable[[World], Awaitable[tuple[UUID, UUID]]]
"""A line, and a line of an offer that is none of its candidates."""


async def look(world: World, line: UUID, by: Caller | None = None) -> CandidatesRead:
    who, now = by or world.secretariat, world.clock.now()
    return await world.database.snapshot(lambda tx: candidates_for(tx, line, who, now))


async def shown(world: World, line: UUID, by: Caller | None = None) -> list[UUID]:
    return [each.share.goods.line_id for each in (await look(world, line, by)).candidates]


async def test_the_nearest_and_readiest_come_first_and_every_one_can_be_called(world: World):
    crisis_id, line = await open_line(world, "500")
    ids: list[UUID] = []
    for origin, ready in (("TUR034", None), ("TUR031", 0), ("TUR027", None)):
        request = lasting(world, tents("100", ready_within_minutes=ready), origin=origin)
        ids.append((await offered(world, crisis_id, request, caller("pledger"))).lines[0].offer_line_id)
    read = await look(world, line)
    assert [each.share.goods.line_id for each in read.candidates] == [ids[1], ids[2], ids[0]]
    assert (read.refusal, read.is_complete, read.pool) == (None, True, ())
    best = read.candidates[0].fitness
    assert best.points == 40 + 30 + 15
    assert [(each.merit, each.points, each.figure) for each in best.reasons] == [
        ("distance", 40, "0"),
        ("readiness", 30, "0"),
        ("reliability", 15, "0/0"),
    ]
    for each in read.candidates:
        quantity = format(each.share.quantity.normalize(), "f")
        assert (await call(world, line, each.share.goods.line_id, quantity)).rows[0].qty == each.share.does
    assert await shown(world, line) == []


async def test_packages_kept_ready_stand_beside_offers_with_what_is_left_of_them(world: World):
    crisis_id, line = await open_line(world, "500")
    package = await kept(world, "200")
    offer_line = await an_offer_line(world, crisis_id, "100", by=caller("pledger"))
    command = CallPackage(package.package_id, line, "60", "adet")
    await run(world, lambda tx: call_package(tx, command, world.secretariat, world.tools))
    first, second = (await look(world, line)).candidates
    assert (first.share.goods.of_id, first.share.goods.source) == (package.package_id, Source.PACKAGE)
    assert (first.share.goods.free, first.share.goods.ready_within_minutes) == (140, 60)
    assert second.share.goods.line_id == offer_line
    rest = replace(command, quantity="140")
    await run(world, lambda tx: call_package(tx, rest, world.secretariat, world.tools))
    assert await shown(world, line) == [offer_line]


async def test_a_package_given_up_unchecked_or_of_one_who_may_not_act_is_not_shown(world: World):
    _, line = await open_line(world)
    given_up, suspended, own = await kept(world), caller("pledger"), caller("secretariat", "pledger")
    await run(world, lambda tx: retire_package(tx, given_up.package_id, world.pledger, world.tools))
    package = OpenPackage("TUR006", (tents("10"),), ready_within_minutes=60)
    for who in (suspended, own):
        await run(world, lambda tx, by=who: open_package(tx, package, by, world.tools))
    assert len(await shown(world, line)) == 2
    assert len(await shown(world, line, own)) == 1
    await stand(world, suspended.organisation_id, "suspended")
    assert await shown(world, line, own) == []
    assert len(await shown(world, line)) == 1
    world.clock.advance(timedelta(days=30))
    await needed_by(world, line, world.clock.now() + timedelta(days=3))
    assert await shown(world, line) == []


async def stand(world: World, org_id: UUID, state: str) -> None:
    statement = "INSERT INTO organisation_standings (org_id, sequence, state) VALUES ($1, 1, $2)"
    await run(world, lambda tx: tx.execute(statement, org_id, state))


async def needed_by(world: World, line: UUID, at: datetime) -> None:
    statement = "UPDATE need_lines SET needed_by = $2 WHERE need_line_id = $1"
    await run(world, lambda tx: tx.execute(statement, line, at))


async def own_goods(world: World) -> tuple[UUID, UUID]:
    world.secretariat = caller("secretariat", "pledger")
    crisis_id, line = await open_line(world)
    return line, await an_offer_line(world, crisis_id, by=world.secretariat)


async def the_askers_goods(world: World) -> tuple[UUID, UUID]:
    world.asker = caller("asker", "pledger")
    crisis_id, line = await open_line(world)
    return line, await an_offer_line(world, crisis_id, by=world.asker)


async def earmarked_for_elsewhere(world: World) -> tuple[UUID, UUID]:
    _, _, there, offer_line = await hatay_only(world)
    return there, offer_line


async def another_item(world: World) -> tuple[UUID, UUID]:
    crisis_id, line = await open_line(world)
    return line, await an_offer_line(world, crisis_id, item_code=TENT_6P)


async def no_substitute_wanted(world: World) -> tuple[UUID, UUID]:
    _, line, offer_line = await tents_for(world, "14", "none")
    return line, offer_line


async def nothing_free(world: World) -> tuple[UUID, UUID]:
    crisis_id, line = await open_line(world)
    offer_line = await an_offer_line(world, crisis_id, "200")
    await pledged_from(world, crisis_id, line, offer_line, "200")
    return line, offer_line


async def suspended(world: World) -> tuple[UUID, UUID]:
    crisis_id, line = await open_line(world)
    offer = await offered(world, crisis_id, lasting(world))
    await suspend(world, offer.offer_id)
    return line, offer.lines[0].offer_line_id


async def taken_back(world: World) -> tuple[UUID, UUID]:
    crisis_id, line = await open_line(world)
    offer = await offered(world, crisis_id, lasting(world))
    gone = WithdrawOffer(offer.offer_id, "stock_gone")
    await run(world, lambda tx: withdraw_offer(tx, gone, world.pledger, world.tools))
    return line, offer.lines[0].offer_line_id


async def over(world: World) -> tuple[UUID, UUID]:
    crisis_id, line = await open_line(world)
    until = world.clock.now() + timedelta(hours=1)
    offer = await offered(world, crisis_id, replace(lasting(world), available_until=until))
    world.clock.advance(timedelta(hours=1))
    return line, offer.lines[0].offer_line_id


async def for_another_crisis(world: World) -> tuple[UUID, UUID]:
    _, line = await open_line(world)
    other = await world.open_crisis()
    return line, await an_offer_line(world, other.crisis_id)


async def a_stopped_substitute(world: World) -> tuple[UUID, UUID]:
    crisis_id, line, offer_line = await tents_for(world, "140", "equivalent_list")
    await issue(world, crisis_id, item_code=TENT_6P)
    return line, offer_line


async def too_small(world: World) -> tuple[UUID, UUID]:
    crisis = await world.open_crisis()
    need = await world.open_need(crisis.crisis_id, world.tents("1000", min_useful_quantity="201"))
    return need.lines[0].need_line_id, await an_offer_line(world, crisis.crisis_id, "200")


@pytest.mark.parametrize(
    ("setting", "refusal"),
    [
        (own_goods, SameParty),
        (the_askers_goods, SameParty),
        (earmarked_for_elsewhere, EarmarkMismatch),
        (another_item, ItemNotEqual),
        (no_substitute_wanted, ItemNotEqual),
        (nothing_free, SupplyExceeded),
        (suspended, OfferNotInState),
        (taken_back, OfferNotInState),
        (over, OfferOver),
        (for_another_crisis, NotFound),
        (a_stopped_substitute, Saturated),
        (too_small, TooSmall),
    ],
    ids=lambda each: each.__name__,
)
async def test_what_a_call_would_be_refused_for_is_not_shown(
    world: World, setting: Setting, refusal: type[Refusal]
):
    line, offer_line = await setting(world)
    read = await look(world, line)
    assert (read.candidates, read.refusal, read.pool) == ((), None, ())
    with pytest.raises(refusal):
        await call(world, line, offer_line, "10")


async def test_goods_allowed_outside_their_earmark_are_shown(world: World):
    _, here, there, offer_line = await hatay_only(world)
    assert (await shown(world, here), await shown(world, there)) == ([offer_line], [])
    yes = AnswerWaiver((await ask(world, there, offer_line)).waiver_id, agrees=True)
    await run(world, lambda tx: answer_waiver(tx, yes, world.pledger, world.tools))
    assert await shown(world, there) == [offer_line]
    assert (await call(world, there, offer_line)).rows[0].state == "proposed"


async def test_a_substitute_is_shown_with_what_it_does(world: World):
    _, line, offer_line = await tents_for(world, "14", "ask_asker")
    ((candidate),) = (await look(world, line)).candidates
    share = candidate.share
    assert (share.goods.item_code, share.goods.line_id) == (TENT_6P, offer_line)
    assert (share.quantity, share.does, str((await look(world, line)).line.item_code)) == (9, 13.5, TENT_4P)
    assert (await call(world, line, offer_line, "9")).rows[0].supply_qty == 9


async def nothing_changed(needs: Needs, need: Need) -> None:
    """The line takes calls."""


async def stood_down(needs: Needs, need: Need) -> None:
    world, command = needs.world, StandDown(needs.crisis_id, "handed_over")
    await run(world, lambda tx: stand_down(tx, command, world.secretariat, world.tools))


async def on_hold(needs: Needs, need: Need) -> None:
    await needs.hold(need)


async def closed(needs: Needs, need: Need) -> None:
    await needs.close(need)


async def overdue(needs: Needs, need: Need) -> None:
    await needed_by(needs.world, need.lines[0].need_line_id, needs.world.clock.now())


async def stale(needs: Needs, need: Need) -> None:
    assert await needs.silence(need)


async def full(needs: Needs, need: Need) -> None:
    world, line = needs.world, need.lines[0].need_line_id
    outcome = await world.pledge(needs.crisis_id, line, "1000", caller("pledger"))
    await world.accept(UUID(body(outcome)["allocation_id"]))


async def stopped(needs: Needs, need: Need) -> None:
    await issue(needs.world, needs.crisis_id, item_code=TENT)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (nothing_changed, None),
        (stood_down, "crisis_not_open"),
        (on_hold, "need_not_open"),
        (closed, "need_closed"),
        (overdue, "line_overdue"),
        (stale, "need_stale"),
        (full, "gap_exceeded"),
        (stopped, "saturated"),
    ],
    ids=lambda each: getattr(each, "__name__", str(each)),
)
async def test_a_line_that_takes_no_calls_says_what_they_would_be_refused_with(
    world: World, change: Callable[[Needs, Need], Awaitable[None]], code: str | None
):
    needs = await Needs.of(world)
    need = await needs.opened(needs.tents("1000"))
    line = need.lines[0].need_line_id
    offer_line = await an_offer_line(world, needs.crisis_id)
    await change(needs, need)
    read = await look(world, line)
    assert (read.refusal, len(read.candidates)) == (code, int(code is None))
    if code is not None:
        with pytest.raises(Refusal) as refused:
            await call(world, line, offer_line, "10")
        assert refused.value.code == code


async def test_offers_too_small_alone_are_shown_as_a_pool_and_called_by_none(world: World):
    crisis = await world.open_crisis()
    need = await world.open_need(crisis.crisis_id, world.tents("1000", min_useful_quantity="50"))
    line = need.lines[0].need_line_id
    small = [await an_offer_line(world, crisis.crisis_id, "30", by=caller("pledger")) for _ in range(2)]
    large = await an_offer_line(world, crisis.crisis_id, "50", by=caller("pledger"))
    read = await look(world, line)
    assert [each.share.goods.line_id for each in read.candidates] == [large]
    assert ([each.share.goods.line_id for each in read.pool], read.pooled) == (small, 60)
    with pytest.raises(TooSmall):
        await call(world, line, small[0], "30")


async def test_only_a_desk_of_the_place_and_auditors_see_them(world: World):
    needs = await Needs.of(world)
    line = (await needs.opened()).lines[0].need_line_id
    assert (await look(world, line, caller("provincial_desk", provinces=frozenset({"31"})))).refusal is None
    elsewhere = caller("provincial_desk", provinces=frozenset({"06"}))
    assert (await look(world, line, caller("auditor"))).refusal is None
    auditor_elsewhere = caller("auditor", provinces=frozenset({"06"}))
    for who in (world.asker, world.pledger, elsewhere, auditor_elsewhere):
        with pytest.raises(RoleMissing):
            await look(world, line, who)
    with pytest.raises(NotFound):
        await look(world, needs.crisis_id)


async def test_no_more_is_looked_at_than_so_many_and_that_is_said(world: World):
    crisis_id, _ = await open_line(world)
    ids = [await an_offer_line(world, crisis_id, by=caller("pledger")) for _ in range(3)]
    for _ in range(2):
        await kept(world)
    now = world.clock.now()

    async def found(look_at: int) -> tuple[list[UUID], bool, int, bool]:
        async def work(tx: object) -> tuple[list[UUID], bool, int, bool]:
            offered = await candidates.offered(tx, crisis_id, [TENT], now, look_at)  # type: ignore[arg-type]
            ready = await candidates.kept_ready(tx, TENT, now, is_drill=False, look=look_at)  # type: ignore[arg-type]
            newest = sorted((each.line_id for each in offered.goods), reverse=True)
            return newest, offered.is_complete, len(ready.goods), ready.is_complete

        return await world.database.snapshot(work)

    newest = sorted(ids, reverse=True)
    assert await found(3) == (newest, True, 2, True)
    assert await found(2) == (newest[:2], False, 2, True)
    assert await found(1) == (newest[:1], False, 1, False)


async def ready(world: World, look_at: int, walk: int = 100) -> tuple[list[UUID], bool]:
    """Packages that could be called for tents, newest first, and whether these are all."""
    now = world.clock.now()
    found = await world.database.snapshot(
        lambda tx: candidates.kept_ready(tx, TENT, now, is_drill=False, look=look_at, walk=walk)
    )
    return [each.of_id for each in found.goods], found.is_complete


async def test_a_package_with_many_lines_of_an_item_is_one_package(world: World):
    older = await kept(world)
    many = OpenPackage("TUR006", tuple(tents("10") for _ in range(3)), ready_within_minutes=60)
    newer = await run(world, lambda tx: open_package(tx, many, caller("pledger"), world.tools))
    assert await ready(world, 2) == ([newer.package_id, older.package_id], True)
    assert await ready(world, 1) == ([newer.package_id], False)


async def test_packages_that_cannot_be_called_keep_no_other_out(world: World):
    good = await kept(world)
    for _ in range(2):
        given_up = await kept(world)
        await run(
            world, lambda tx, one=given_up: retire_package(tx, one.package_id, world.pledger, world.tools)
        )
    unable = caller("pledger")
    package = OpenPackage("TUR006", (tents("10"),), ready_within_minutes=60)
    await run(world, lambda tx: open_package(tx, package, unable, world.tools))
    await stand(world, unable.organisation_id, "suspended")
    assert await ready(world, 1) == ([good.package_id], True)
    assert await ready(world, 1, walk=4) == ([good.package_id], True)
    assert await ready(world, 1, walk=3) == ([], False)
