"""Commands on needs as their people give them, and what they left behind."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from crisis.consumers.needs import ENDS
from crisis.domain.clocks import Urgency
from crisis.domain.needs import LineRequest, Need, Statement
from crisis.store import needs
from crisis.usecases.appeal_need import AppealNeed, appeal_need
from crisis.usecases.close_need import CloseNeed, close_need
from crisis.usecases.decide_appeal import DecideAppeal, decide_appeal
from crisis.usecases.delegate_answers import DelegateAnswers, delegate_answers, end_delegation
from crisis.usecases.draft_need import Drafted, DraftNeed, draft_need
from crisis.usecases.heartbeat_need import HeartbeatNeed, Less, heartbeat_need
from crisis.usecases.hold_need import HoldNeed, hold_need, resume_need
from crisis.usecases.record_attempt import Attempted, RecordAttempt, record_attempt
from crisis.usecases.reject_need import Rejection, RejectNeed, reject_need
from crisis.usecases.relocate_need import RelocateNeed, relocate_need
from crisis.usecases.reopen_need import ReopenNeed, reopen_need
from crisis.usecases.return_need import ReturnNeed, return_need
from crisis.usecases.submit_draft import submit_draft
from crisis.usecases.submit_need import SubmitNeed, submit_need
from crisis.usecases.verify_need import VerifyNeed, verify_need
from imece_chassis.access.caller import Caller
from tests.db.crisis.world import World, caller

PLACE = "TUR031005"


@dataclass
class Needs:
    """One crisis with its people; the desk is the province's, of an organisation of its own."""

    world: World
    crisis_id: UUID
    desk: Caller = field(default_factory=lambda: caller("provincial_desk", provinces=frozenset({"31"})))
    accredited: Caller = field(default_factory=lambda: caller("asker", "verifier"))

    @classmethod
    async def of(cls, world: World) -> "Needs":
        return cls(world, (await world.open_crisis()).crisis_id)

    def said(self, *lines: LineRequest, **changes: Any) -> Statement:
        stated = {"district": PLACE, "urgency": Urgency.URGENT, "lines": lines or (self.tents("100"),)}
        return Statement(**{**stated, **changes})

    def tents(self, quantity: str, **changes: Any) -> LineRequest:
        later = self.world.clock.now() + timedelta(days=60)
        return self.world.tents(quantity, **{"needed_by": later, **changes})

    async def _do(self, work: Any, command: Any, who: Caller) -> Any:
        return await self.world.database.unit_of_work(lambda tx: work(tx, command, who, self.world.tools))

    async def draft(
        self, *lines: LineRequest, by: Caller | None = None, need_id: UUID | None = None, **changes: Any
    ) -> Drafted:
        command = DraftNeed(self.crisis_id, self.said(*lines, **changes), need_id)
        return await self._do(draft_need, command, by or self.world.asker)

    async def submit_draft(self, need: Need, by: Caller | None = None) -> Need:
        return await self._do(submit_draft, need.need_id, by or self.world.asker)

    async def submitted(
        self, *lines: LineRequest, by: Caller | None = None, urgency: Urgency = Urgency.URGENT
    ) -> Need:
        command = SubmitNeed(self.crisis_id, PLACE, urgency, lines or (self.tents("100"),))
        return await self._do(submit_need, command, by or self.world.asker)

    async def opened(self, *lines: LineRequest, urgency: Urgency = Urgency.URGENT) -> Need:
        return await self.verify(await self.submitted(*lines, urgency=urgency))

    async def verify(self, need: Need, level: int = 1, by: Caller | None = None) -> Need:
        return await self._do(verify_need, VerifyNeed(need.need_id, level), by or self.desk)

    async def send_back(
        self, need: Need, reason: str = "missing_information", *fields: str, by: Caller | None = None
    ) -> Need:
        return await self._do(return_need, ReturnNeed(need.need_id, reason, fields), by or self.desk)

    async def reject(self, need: Need, reason: str = "not_confirmed", by: Caller | None = None) -> Rejection:
        return await self._do(reject_need, RejectNeed(need.need_id, reason), by or self.desk)

    async def appeal(self, need: Need, reason: str = "now_confirmed", by: Caller | None = None) -> Need:
        return await self._do(appeal_need, AppealNeed(need.need_id, reason), by or self.world.asker)

    async def decide(
        self, need: Need, outcome: Any, reason: str | None = None, by: Caller | None = None
    ) -> Need:
        return await self._do(decide_appeal, DecideAppeal(need.need_id, outcome, reason), by or self.desk)

    async def hold(
        self, need: Need, hours: int = 24, reason: str = "no_access", by: Caller | None = None
    ) -> Need:
        until = self.world.clock.now() + timedelta(hours=hours)
        return await self._do(hold_need, HoldNeed(need.need_id, reason, until), by or self.desk)

    async def resume(self, need: Need, by: Caller | None = None) -> Need:
        return await self._do(resume_need, need.need_id, by or self.desk)

    async def delegate(self, need: Need, hours: int = 24, by: Caller | None = None) -> Need:
        until = self.world.clock.now() + timedelta(hours=hours)
        return await self._do(delegate_answers, DelegateAnswers(need.need_id, until), by or self.desk)

    async def end_delegation(self, need: Need, by: Caller | None = None) -> Need:
        return await self._do(end_delegation, need.need_id, by or self.desk)

    async def heartbeat(self, need: Need, said: Any = "still", *less: Less, by: Caller | None = None) -> Need:
        command = HeartbeatNeed(need.need_id, said, less)
        return await self._do(heartbeat_need, command, by or self.world.asker)

    async def close(self, need: Need, reason: str = "met_by_others", by: Caller | None = None) -> Need:
        return await self._do(close_need, CloseNeed(need.need_id, reason), by or self.desk)

    async def reopen(self, need: Need, reason: str = "needed_again", by: Caller | None = None) -> Need:
        return await self._do(reopen_need, ReopenNeed(need.need_id, reason), by or self.desk)

    async def relocate(
        self, need: Need, district: str = "TUR031002", reason: str = "site_moved", by: Caller | None = None
    ) -> Need:
        command = RelocateNeed(need.need_id, district, reason)
        return await self._do(relocate_need, command, by or self.desk)

    async def attempt(self, need: Need, channel: Any = "phone", by: Caller | None = None) -> Attempted:
        return await self._do(record_attempt, RecordAttempt(need.need_id, channel), by or self.desk)

    async def now(self, need: Need) -> Need:
        found = await self.world.database.snapshot(lambda tx: needs.read(tx, need.need_id))
        assert found is not None
        return found

    async def silence(self, need: Need) -> bool:
        """Run out the need's clock: what its effect does, once."""
        known = await self.now(need)
        assert known.clock is not None
        effect, deadline = ENDS[known.clock.kind.value], known.clock.deadline_id
        return await self.world.database.unit_of_work(
            lambda tx: effect(tx, deadline, need.need_id, self.world.tools)
        )

    async def vectors(self, need: Need) -> list[tuple[str, dict[str, Any]]]:
        """Type and vector of every event of the need's lines, in order."""
        from tests.db.crisis.test_one_pledge import events

        lines = {str(line.need_line_id) for line in need.lines}
        return [
            (envelope.type.removeprefix("crisis."), data.line.model_dump())  # type: ignore[attr-defined]
            for envelope, data in await events(self.world)
            if envelope.key in lines
        ]

    async def told(self, need: Need) -> list[str]:
        """Types of the events of the need itself, in order."""
        rows = await self.world.rows(
            "SELECT type FROM outbox WHERE topic = 'crisis.needs.v1' AND key = $1 ORDER BY position",
            str(need.need_id),
        )
        return [row["type"].removeprefix("crisis.need.") for row in rows]

    async def tasks(self, need: Need) -> list[tuple[str, str]]:
        """Kind and state of the tasks about the need, oldest first."""
        rows = await self.world.rows(
            "SELECT kind, state FROM tasks WHERE subject_id = $1 ORDER BY task_id", need.need_id
        )
        return [(row["kind"], row["state"]) for row in rows]

    async def pending(self, need: Need) -> list[str]:
        """Kinds of the deadlines that wait for the need."""
        rows = await self.world.rows(
            "SELECT kind FROM deadlines WHERE subject_id = $1 AND state = 'pending' ORDER BY kind",
            need.need_id,
        )
        return [row["kind"] for row in rows]
