"""Deadlines of needs that came due: what silence does in each state of a need."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from crisis.domain.needs import CLOSE_MET, SWEEP_TEXT, NeedTimer
from crisis.usecases.appeal_need import call_secretariat
from crisis.usecases.ask_verifier_again import ask_verifier_again
from crisis.usecases.close_met import close_met
from crisis.usecases.expire_need import expire_need
from crisis.usecases.hold_need import end_hold
from crisis.usecases.return_need import remind_asker
from crisis.usecases.stale_need import look_at_stale, mark_stale
from crisis.usecases.sweep_text import sweep_text
from crisis.usecases.tools import Tools
from imece_chassis.database import Database, Transaction
from imece_chassis.deadlines import Deadline

Silence = Callable[[Transaction, UUID, UUID, Tools], Awaitable[bool]]

ENDS: Mapping[str, Silence] = {
    NeedTimer.DRAFT.value: expire_need,
    NeedTimer.VERIFY.value: ask_verifier_again,
    NeedTimer.REMIND.value: remind_asker,
    NeedTimer.RETURNED.value: expire_need,
    NeedTimer.HEARTBEAT.value: mark_stale,
    NeedTimer.STALE.value: look_at_stale,
    NeedTimer.HOLD.value: end_hold,
    NeedTimer.APPEAL.value: call_secretariat,
    CLOSE_MET: close_met,
    SWEEP_TEXT: sweep_text,
}


def need_effects(database: Database, tools: Tools) -> Mapping[str, Callable[[Deadline], Awaitable[None]]]:
    """Kind of deadline → its effect."""

    def effect_of(silence: Silence) -> Callable[[Deadline], Awaitable[None]]:
        async def effect(deadline: Deadline) -> None:
            await database.unit_of_work(
                lambda tx: silence(tx, deadline.deadline_id, deadline.subject_id, tools)
            )

        return effect

    return {kind: effect_of(silence) for kind, silence in ENDS.items()}
