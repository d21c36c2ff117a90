"""Where histories happen: a database, a few organisations, a clock only they move, and ids in a row."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from crisis.http.views import promised_answer
from crisis.usecases.propose_allocations import ProposeAllocations
from crisis.usecases.tools import Tools
from imece_chassis.access.caller import Caller, Grant
from imece_chassis.clock import FixedClock
from imece_chassis.database import Database, Transaction

T = TypeVar("T")

BEGINNING = datetime(2026, 2, 6, 9, 0, tzinfo=UTC)
STEP = timedelta(minutes=7)
PROVINCES = ("TUR031", "TUR046")
ITEMS = ("SHL-TENT-4P", "SHL-TENT-6P", "SHL-BLNK-MED")
SCOPES = frozenset({"crisis:board:read", "crisis:need:write", "crisis:pledge:write"})
KEPT = frozenset({"schema_migrations", "log_epoch", "mirror_head", "ledger_checks"})

SWEPT = 25
"""After so many histories tables are made anew, since rows that were deleted leave room behind."""
_TABLES = """
SELECT relname FROM pg_class
 WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> ALL ($1::text[])
"""
_SHIELDS = """
SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE tgname = 'insert_only'
"""
_DELETE = """
DO $$
DECLARE
  name text;
BEGIN
  SET LOCAL session_replication_role = replica;
  FOREACH name IN ARRAY '{tables}'::text[] LOOP
    EXECUTE format('DELETE FROM %I', name);
  END LOOP;
  PERFORM setval(seqrelid::regclass, seqstart, false) FROM pg_sequence;
END $$
"""


def person(number: int, *roles: str, provinces: frozenset[str] = frozenset()) -> Caller:
    """An organisation's program with fixed ids; number N is always the same one."""
    organisation = UUID(int=0x0A0A << 64 | number)
    return Caller(
        key_id=UUID(int=0x0B0B << 64 | number),
        integration_id=UUID(int=0x0C0C << 64 | number),
        organisation_id=organisation,
        scopes=SCOPES,
        grants=tuple(Grant(role=role, organisation_id=organisation, provinces=provinces) for role in roles),
    )


SECRETARIAT = person(1, "secretariat")
SECOND_KEY = person(2, "secretariat")
DESK = person(3, "provincial_desk", provinces=frozenset({"31"}))
VERIFIER = person(4, "verifier")
ASKERS = (person(5, "asker"), person(6, "asker"))
PLEDGERS = (person(7, "pledger"), person(8, "pledger"), person(9, "pledger"))
BOTH_SIDES = person(10, "secretariat", "pledger", "asker", "verifier")
EVERYBODY = (SECRETARIAT, SECOND_KEY, DESK, VERIFIER, *ASKERS, *PLEDGERS, BOTH_SIDES)


@dataclass
class Ground:
    """A database to play on. Histories name rows by their place in a list, never by id.

    `sweeper` empties it between histories: a connection that switches guards off plans its statements anew.
    """

    database: Database
    sweeper: Database
    clock: FixedClock = field(default_factory=lambda: FixedClock(BEGINNING))
    counter: int = 0
    unruled: set[str] = field(default_factory=set[str])  # kinds of deadlines nothing happens at
    histories: int = 0

    def new_id(self) -> UUID:
        """Ids in the order they are asked for; the same in every replay of a history that runs alone."""
        self.counter += 1
        return UUID(int=0x0190_0000_0000 + self.counter << 80 | 0x7 << 76 | 0b10 << 62 | self.counter)

    @property
    def tools(self) -> Tools:
        return Tools(self.clock, self.new_id)

    def colleague(self, who: Caller) -> Caller:
        """Another program of the same organisation."""
        return replace(who, key_id=UUID(int=who.key_id.int ^ 1 << 32))

    @property
    def propose(self) -> ProposeAllocations:
        return ProposeAllocations(self.database, self.tools, promised_answer, is_on_behalf_open=True)

    async def run(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """One command in its transaction."""
        return await self.database.unit_of_work(work)

    async def rows(self, statement: str, *args: Any) -> list[Any]:
        return await self.database.snapshot(lambda tx: tx.fetch(statement, *args))

    def later(self, by: timedelta = STEP) -> None:
        self.clock.advance(by)

    async def emptied(self) -> None:
        """Everything as on the first day; the clock and the ids too."""
        is_swept = self.histories % SWEPT == 0
        await self.sweeper.unit_of_work(_made_anew if is_swept else _deleted)
        self.histories += 1
        self.clock.instant = BEGINNING
        self.counter = 0


async def _deleted(tx: Transaction) -> None:
    """Plans of others' statements stand: making them again takes longer than emptying."""
    tables = [row["relname"] for row in await tx.fetch(_TABLES, list(KEPT))]
    await tx.execute(_DELETE.format(tables="{" + ",".join(tables) + "}"))


async def _made_anew(tx: Transaction) -> None:
    shields = [row["relname"] for row in await tx.fetch(_SHIELDS)]
    tables = [row["relname"] for row in await tx.fetch(_TABLES, list(KEPT))]
    for table in shields:
        await tx.execute(f"ALTER TABLE {table} DISABLE TRIGGER insert_only")
    await tx.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
    for table in shields:
        await tx.execute(f"ALTER TABLE {table} ENABLE TRIGGER insert_only")
