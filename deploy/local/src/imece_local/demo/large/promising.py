"""The waves of promises: made in bulk, answered by the desk, taken back, and passed on to who waits."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence

from imece_local.demo.bodies import pledge_body
from imece_local.demo.calls import Answer, DemoFailed
from imece_local.demo.large.ground import Ground, Made
from imece_local.demo.large.story import Fate, Promise

MOST_IN_BULK = 500
CALLED_WITHIN = 60.0
LOOKS_EVERY = 1.0


async def promise(ground: Ground, what: str, promises: Sequence[Promise]) -> list[Made]:
    """Every organisation sends its own in bulk; answers those that were taken."""
    made: list[Made] = []

    async def send(bulk: Sequence[Promise]) -> None:
        bodies = [
            (each.ref, pledge_body(ground.lines[each.line], each.quantity, each.unit, each.origin))
            for each in bulk
        ]
        path = f"{ground.stage.crisis}{ground.here}/pledges"
        results = await ground.calls.bulk(path, ground.cast[bulk[0].organisation].key, bodies)
        for sent, result in zip(bulk, results, strict=True):
            body = result["body"]
            if result["status"] != 201:
                _count_refusal(ground, sent, body)
                continue
            ground.counts["promises made"] += 1
            made.append(Made(sent, str(body["allocation_id"]), str(body["state"])))

    await ground.each(what, _bulks(promises), send, weight=len)
    return made


async def answer_all(ground: Ground, made: Sequence[Made]) -> None:
    """The desk says yes, in part, or no to what waits for it."""

    async def answer(each: Made) -> None:
        sent, path = each.promise, f"/allocations/{each.allocation_id}"
        if sent.fate is Fate.DECLINED:
            await ground.as_secretariat(f"{path}/decline", f"{sent.ref}-decline", {"reason": "too_far"})
            return
        # Who holds much has closed nothing yet in so young a crisis: the desk says why it takes more.
        body: Answer = {"rest": "decline", "override_reason": "explained"}
        if sent.fate is Fate.TAKEN_IN_PART and sent.quantity > 1:
            body["quantity"] = str(sent.quantity // 2)
        held = await ground.as_secretariat(f"{path}/accept", f"{sent.ref}-accept", body, allow={409})
        if held.get("state") != "held":
            reason = {"reason": "gap_covered"}
            await ground.as_secretariat(f"{path}/decline", f"{sent.ref}-covered", reason, allow={409})

    waiting = [each for each in made if each.state == "proposed"]
    await ground.each("promises answered by the desk", waiting, answer)


async def take_back(ground: Ground, first: Sequence[Made], waiting: Sequence[Made]) -> None:
    """Lines become free again, and whoever waits there and fits best is called and says yes."""

    async def withdraw(each: Made) -> None:
        path, ref = f"/allocations/{each.allocation_id}/withdraw", f"{each.promise.ref}-withdraw"
        await ground.as_organisation(each.promise.organisation, path, ref, {"reason": "transport_lost"})
        ground.counts["promises taken back"] += 1

    async def see_called(waits: tuple[str, set[str]]) -> None:
        await _see_called(ground, *waits)

    gone = [each for each in first if each.promise.fate is Fate.WITHDRAWN]
    freed = {each.promise.line for each in gone}
    behind: defaultdict[str, set[str]] = defaultdict(set)
    for each in waiting:
        if each.state == "waitlisted" and each.promise.line in freed:
            behind[each.promise.line].add(each.allocation_id)
    await ground.each("promises taken back", gone, withdraw)
    await ground.each("free lines passed on to who waits", list(behind.items()), see_called)


async def _see_called(ground: Ground, line: str, waiting: set[str]) -> None:
    by_id = {each.organisation_id: ref for ref, each in ground.cast.items()}
    for _ in range(int(CALLED_WITHIN / LOOKS_EVERY)):
        rows = await ground.listed("pledges", need_line_id=ground.lines[line])
        calls = [row for row in rows if row["awaiting"] == "pledger"]
        for row in calls:
            path, ref = f"/allocations/{row['allocation_id']}/accept", f"called-{row['allocation_id']}"
            await ground.as_organisation(by_id[row["pledger_org_id"]], path, ref, {}, allow={409})
        if calls or any(row["state"] != "waitlisted" for row in rows if row["allocation_id"] in waiting):
            ground.counts["lines passed on"] += 1
            return
        await asyncio.sleep(LOOKS_EVERY)
    raise DemoFailed(f"nobody who waits for {line} was called although there is room")


def _count_refusal(ground: Ground, sent: Promise, problem: Answer) -> None:
    """Promises against the order must be turned away, and nothing else."""
    if sent.fate is not Fate.STOPPED or problem["code"] != "saturated":
        raise DemoFailed(f"{sent.ref} was refused: {problem['code']}, {problem.get('detail')}")
    ground.counts["promises turned away by the order"] += 1


def _bulks(promises: Sequence[Promise]) -> list[list[Promise]]:
    by_organisation: defaultdict[str, list[Promise]] = defaultdict(list)
    for each in promises:
        by_organisation[each.organisation].append(each)
    return [
        group[start : start + MOST_IN_BULK]
        for group in by_organisation.values()
        for start in range(0, len(group), MOST_IN_BULK)
    ]
