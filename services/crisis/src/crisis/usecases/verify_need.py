"""VerifyNeed: somebody of another organisation vouches for a need; its lines open and appear on boards."""

from dataclasses import dataclass, replace
from uuid import UUID

from crisis import events
from crisis.domain.needs import Need, must_be_verifiable
from crisis.domain.refusals import NotFound
from crisis.store import command_log, crises, ledger, lines, needs
from crisis.usecases.authority import VERIFIERS, acting_role
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class VerifyNeed:
    """`level` 1 by phone, 2 on site, 3 by an authority."""

    need_id: UUID
    level: int


async def verify_need(tx: Transaction, command: VerifyNeed, caller: Caller, tools: Tools) -> Need:
    """The opened need. Raises NotFound, RoleMissing and what `must_be_verifiable` does."""
    seen = await needs.read(tx, command.need_id)
    if seen is None:
        raise NotFound(kind="need", id=str(command.need_id))
    role = acting_role(caller, VERIFIERS, place=seen.district, crisis_id=seen.crisis_id)
    crisis = (await crises.lock_shared(tx, [seen.crisis_id]))[seen.crisis_id]
    balances = await lines.lock_needs(tx, [line.need_line_id for line in seen.lines])
    need = await needs.read(tx, command.need_id, is_locked=True)
    assert need is not None
    must_be_verifiable(crisis, need, caller.organisation_id)
    now, command_id = tools.clock.now(), tools.new_id()
    await needs.set_opened(tx, need, command.level, now)
    await ledger.tell_need_lines(
        tx, {(line_id, need.is_drill): balance.version for line_id, balance in balances.items()}
    )
    opened = replace(need, state="open", verification=command.level, version=need.version + 1)
    story = story_of(caller, role, command_id, need.crisis_id, need.is_drill, now)
    await command_log.record(
        tx,
        [
            audit(
                story,
                caller,
                "verify_need",
                "need",
                need.need_id,
                (need.version, opened.version),
                counterparty=need.asker_org_id,
            )
        ],
    )
    known = await lines.read(tx, list(balances))
    told = [
        events.need_line_opened(known[line_id], balances[line_id].told(), story)
        for line_id in sorted(balances)
    ]
    await outbox.append(tx, events.need_opened(opened, story), *told)
    return opened
