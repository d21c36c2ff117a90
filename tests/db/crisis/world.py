"""A small crisis to test in: organisations with roles, a crisis in Hatay, needs and pledges."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from crisis.domain.answers import Rest
from crisis.domain.clocks import Urgency
from crisis.domain.crises import CrisisFacts
from crisis.domain.needs import LineRequest, Need
from crisis.domain.pledges import PledgeRequest
from crisis.http.views import promised_answer
from crisis.usecases.accept_allocation import AcceptAllocation, accept_allocation
from crisis.usecases.allocation_step import Moved
from crisis.usecases.batch import Outcome
from crisis.usecases.decline_allocation import DeclineAllocation, decline_allocation
from crisis.usecases.open_crisis import OpenCrisis, open_crisis
from crisis.usecases.propose_allocations import ProposeAllocation, ProposeAllocations
from crisis.usecases.submit_need import SubmitNeed, submit_need
from crisis.usecases.tools import Tools
from crisis.usecases.verify_need import VerifyNeed, verify_need
from crisis.usecases.withdraw_allocation import WithdrawAllocation, withdraw_allocation
from imece_chassis.access.caller import SHIFT_ROLES, Caller, Grant
from imece_chassis.answers import Answer
from imece_chassis.clock import FixedClock
from imece_chassis.database import Database, DatabaseUnavailable
from imece_chassis.http.problems import is_refusal, render
from imece_chassis.idempotency import Request, body_hash
from imece_chassis.ids import uuid7

T = TypeVar("T")

TENT = "SHL-TENT-FAM"
HATAY = "TUR031"
NOW = datetime(2026, 2, 6, 9, 0, tzinfo=UTC)
SCOPES = frozenset({"crisis:board:read", "crisis:need:write", "crisis:pledge:write"})
ALL_ROLES = ("secretariat", "provincial_desk", "verifier", "asker", "pledger")


def caller(*roles: str, provinces: frozenset[str] = frozenset()) -> Caller:
    """A new organisation's program with these roles."""
    organisation = uuid7()
    # A role of a shift counts only with an end.
    ends = dict.fromkeys(SHIFT_ROLES, datetime.max.replace(tzinfo=UTC))
    return Caller(
        key_id=uuid7(),
        integration_id=uuid7(),
        organisation_id=organisation,
        scopes=SCOPES,
        grants=tuple(
            Grant(role=role, organisation_id=organisation, provinces=provinces, valid_until=ends.get(role))
            for role in roles
        ),
    )


def refusal(error: Exception) -> Answer | None:
    """Expected errors as English problem documents."""
    return render(error, "en", None, "/crises/pledges") if is_refusal(error) else None


async def again_after_503(work: Callable[[], Awaitable[T]]) -> T:
    """As a client who is told that nothing happened and to come again."""
    while True:
        try:
            return await work()
        except DatabaseUnavailable:
            continue


async def hands(works: Iterable[Callable[[], Awaitable[T]]], clients: int = 50) -> list[T | BaseException]:
    """Run everything as `clients` clients would: the next command after an answer, again after a 503."""
    gate = asyncio.Semaphore(clients)

    async def one(work: Callable[[], Awaitable[T]]) -> T:
        async with gate:
            return await again_after_503(work)

    return await asyncio.gather(*(one(work) for work in works), return_exceptions=True)


@dataclass
class World:
    """One database with a clock of its own.

    The clock stands in the past, so a deadline can be due at will.
    """

    database: Database
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))
    secretariat: Caller = field(default_factory=lambda: caller("secretariat"))
    asker: Caller = field(default_factory=lambda: caller("asker"))
    pledger: Caller = field(default_factory=lambda: caller("pledger"))
    keys: Any = field(default_factory=lambda: itertools.count(1))

    @property
    def tools(self) -> Tools:
        return Tools(self.clock)

    @property
    def propose(self) -> ProposeAllocations:
        return ProposeAllocations(self.database, self.tools, promised_answer, is_on_behalf_open=True)

    async def open_crisis(self, **changes: Any) -> CrisisFacts:
        command = OpenCrisis(
            **{
                "title": {"tr": "Deneme depremi", "en": "Test earthquake"},
                "hazard": "earthquake",
                "area": (HATAY,),
                "severity": "red",
                **changes,
            }
        )
        return await self.database.unit_of_work(
            lambda tx: open_crisis(tx, command, self.secretariat, self.tools)
        )

    async def submit(
        self,
        crisis_id: UUID,
        *lines: LineRequest,
        urgency: Urgency = Urgency.URGENT,
        district: str = "TUR031005",
    ) -> Need:
        command = SubmitNeed(crisis_id, district, urgency, lines or (self.tents("1000"),))
        return await self.database.unit_of_work(lambda tx: submit_need(tx, command, self.asker, self.tools))

    async def open_need(self, crisis_id: UUID, *lines: LineRequest, **place: Any) -> Need:
        """`place`: urgency and district, as `submit` has them."""
        need = await self.submit(crisis_id, *lines, **place)
        return await self.database.unit_of_work(
            lambda tx: verify_need(tx, VerifyNeed(need.need_id, 1), self.secretariat, self.tools)
        )

    def tents(self, quantity: str, **changes: Any) -> LineRequest:
        return LineRequest(
            **{
                "item_code": TENT,
                "quantity": quantity,
                "unit": "adet",
                "needed_by": self.clock.now() + timedelta(days=3),
                **changes,
            }
        )

    def pledging(
        self, crisis_id: UUID, need_line_id: UUID, quantity: str, by: Caller | None = None, **changes: Any
    ) -> ProposeAllocation:
        """A pledge command with a key of its own."""
        who = by or self.pledger
        unit, key = changes.pop("unit", "adet"), changes.pop("key", None) or f"key-{next(self.keys)}"
        terms = PledgeRequest(need_line_id, who.organisation_id, quantity, unit, "TUR006", **changes)
        return ProposeAllocation(
            crisis_id=crisis_id,
            pledge=terms,
            caller=who,
            key=Request(f"{who.organisation_id}:POST /pledges", key, body_hash(repr(terms).encode())),
            refusal=refusal,
        )

    async def pledge(
        self, crisis_id: UUID, need_line_id: UUID, quantity: str, by: Caller | None = None, **changes: Any
    ) -> Outcome | Exception:
        """One pledge in a transaction of its own."""
        (outcome,) = await self.propose([self.pledging(crisis_id, need_line_id, quantity, by, **changes)])
        return outcome

    async def accept(
        self,
        allocation_id: UUID,
        quantity: str | None = None,
        rest: Rest | None = None,
        by: Caller | None = None,
        override_reason: str | None = None,
    ) -> Moved:
        command = AcceptAllocation(allocation_id, quantity, rest, override_reason)
        return await self.database.unit_of_work(
            lambda tx: accept_allocation(tx, command, by or self.secretariat, self.tools)
        )

    async def decline(self, allocation_id: UUID, reason: str = "too_far", by: Caller | None = None) -> Moved:
        command = DeclineAllocation(allocation_id, reason)
        return await self.database.unit_of_work(
            lambda tx: decline_allocation(tx, command, by or self.secretariat, self.tools)
        )

    async def withdraw(
        self, allocation_id: UUID, reason: str = "transport_lost", by: Caller | None = None
    ) -> Moved:
        command = WithdrawAllocation(allocation_id, reason)
        return await self.database.unit_of_work(
            lambda tx: withdraw_allocation(tx, command, by or self.pledger, self.tools)
        )

    async def rows(self, statement: str, *args: Any) -> list[Any]:
        return await self.database.snapshot(lambda tx: tx.fetch(statement, *args))

    async def value(self, statement: str, *args: Any) -> Any:
        return await self.database.snapshot(lambda tx: tx.fetchval(statement, *args))
