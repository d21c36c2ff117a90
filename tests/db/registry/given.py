"""Shortcuts of the registry's database tests: an act of the secretariat, organisations, an integration."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from imece_chassis.database import Database, Transaction
from imece_chassis.ids import uuid7
from registry.domain.acts import Act, Actor
from registry.domain.integrations import Integration
from registry.domain.organisations import Organisation, Particulars
from registry.usecases.create_integration import CreateIntegration, create_integration
from registry.usecases.finding import any_version
from registry.usecases.minting import Mint
from registry.usecases.move_organisation import MoveOrganisation, move_organisation
from registry.usecases.register_organisation import RegisterOrganisation, register_organisation

NOW = datetime(2026, 2, 6, 6, 12, tzinfo=UTC)
SECRETARIAT = UUID(int=1)
MINT = Mint("a pepper that is long enough for tests")


def act(now: datetime = NOW) -> Act:
    return Act(Actor(SECRETARIAT, is_secretariat=True), now, uuid7)


async def do(database: Database, command: Any, *arguments: Any) -> Any:
    """Run one command in a transaction of its own."""

    async def work(tx: Transaction) -> Any:
        return await command(tx, *arguments)

    return await database.unit_of_work(work)


async def organisation(database: Database, name: str = "Örnek Derneği", **particulars: Any) -> Organisation:
    wanted = Particulars(**{"kind": "dernek", "legal_name": name, "seat_plate": "31", **particulars})
    return await do(database, register_organisation, act(), RegisterOrganisation(wanted))


async def active(database: Database, name: str = "Örnek Derneği") -> Organisation:
    found = await organisation(database, name)
    command = MoveOrganisation(found.organisation_id, "activate", "Karar 1")
    return await do(database, move_organisation, act(), command, any_version)


async def integration(database: Database, *roles: str) -> Integration:
    home = await active(database)
    command = CreateIntegration(home.organisation_id, "Depo yazılımı", roles or ("pledger",))
    made, _ = await do(database, create_integration, act(), command)
    return made
