"""What the match queue shows of many offers is what each would be shown alone, and asked for at once."""

from uuid import UUID

from crisis.store.offer_lists import MatchFilter
from crisis.usecases.alternatives import nearest_gaps
from crisis.usecases.reading_offers import OfferShown, match_queue
from imece_chassis.database import Transaction
from tests.db.crisis.need_world import Needs
from tests.db.crisis.offering import lasting, offered, tents
from tests.db.crisis.world import TENT, World


async def test_all_offers_are_matched_as_each_would_be_alone(world: World):
    needs = await Needs.of(world)
    for district in ("TUR031005", "TUR031002", "TUR031009"):
        for quantity in ("10", "20"):
            need = await needs.opened(needs.tents(quantity))
            await needs.relocate(need, district) if district != need.district else need
    for origin, earmark in (("TUR006", None), ("TUR034", {"places": ["TUR031002"]})):
        request = lasting(world, tents("5"), tents("7", earmark=earmark), origin=origin)
        await offered(world, needs.crisis_id, request)

    async def queue(limit: int) -> list[OfferShown]:
        wanted = MatchFilter(needs.crisis_id, world.clock.now())
        read = await world.database.snapshot(
            lambda tx: match_queue(tx, world.secretariat, wanted, None, limit)
        )
        return read.rows

    async def alone(tx: Transaction, shown: OfferShown) -> None:
        for line in shown.offer.lines:
            expected = await nearest_gaps(
                tx,
                needs.crisis_id,
                line.item_code,
                shown.offer.origin,
                earmark=line.earmark,
                now=world.clock.now(),
            )
            assert len(expected) == (2 if line.earmark else 3)
            assert shown.gaps is not None and shown.gaps[line.offer_line_id] == expected

    both = await queue(2)
    assert len(both) == 2
    for shown in both:
        await world.database.snapshot(lambda tx, each=shown: alone(tx, each))
    first, more = await queue(1)
    assert first.gaps is not None
    assert {line.offer_line_id for line in first.offer.lines} == set(first.gaps)
    assert more.offer.offer_id == both[1].offer.offer_id


async def test_a_restricted_need_is_neither_an_alternative_nor_in_the_match_queue(world: World):
    needs = await Needs.of(world)
    secret, open_to_all = [await needs.opened(needs.tents("10")) for _ in range(2)]
    await offered(world, needs.crisis_id, lasting(world, tents("5"), origin="TUR006"))

    async def named() -> tuple[set[UUID], set[UUID]]:
        now, wanted = world.clock.now(), MatchFilter(needs.crisis_id, world.clock.now())
        gaps = await world.database.snapshot(
            lambda tx: nearest_gaps(tx, needs.crisis_id, TENT, "TUR006", now=now)
        )
        read = await world.database.snapshot(lambda tx: match_queue(tx, world.secretariat, wanted, None, 10))
        queued = [gap for shown in read.rows for found in (shown.gaps or {}).values() for gap in found]
        return {gap.need_line_id for gap in gaps}, {gap.need_line_id for gap in queued}

    both = {need.lines[0].need_line_id for need in (secret, open_to_all)}
    assert await named() == (both, both)
    restricted = "UPDATE needs SET visibility = 'restricted' WHERE need_id = $1"
    await world.database.unit_of_work(lambda tx: tx.execute(restricted, secret.need_id))
    rest = {open_to_all.lines[0].need_line_id}
    assert await named() == (rest, rest)
