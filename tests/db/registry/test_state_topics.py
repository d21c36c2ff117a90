"""What goes to the state topics is what the tables say, version by version."""

import json
from collections import defaultdict
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from imece_chassis.database import Database, Transaction
from imece_chassis.ids import uuid7
from imece_contracts.catalogue import parse
from imece_contracts.envelope import from_record
from registry.domain.grants import Wish
from registry.domain.keys import Wish as KeyWish
from registry.domain.organisations import Particulars
from registry.domain.refusals import AreaRequired
from registry.usecases.bootstrap import Bootstrap, bootstrap
from registry.usecases.create_key import CreateKey, create_key
from registry.usecases.finding import any_version
from registry.usecases.grant_role import GrantRole, grant_role
from registry.usecases.move_organisation import MoveOrganisation, move_organisation
from registry.usecases.revise_organisation import ReviseOrganisation, revise_organisation
from registry.usecases.revoke_grant import revoke_grant
from registry.usecases.revoke_key import RevokeKey, revoke_key
from registry.usecases.rotate_key import RotateKey, rotate_key
from tests.db.registry.given import MINT, NOW, act, do, integration

TABLES = {
    "registry.organisations.v1": (
        """select organisation_id, version, kind, legal_name, short_name, state, seat_plate,
                  province_plates, languages from organisations"""
    ),
    "registry.grants.v1": (
        """select grant_id, version, role, organisation_id, integration_id, province_plates, crisis_id,
                  valid_from, valid_to, revoked_at from grants"""
    ),
    "registry.credentials.v1": (
        """select key_id, version, integration_id, organisation_id, mode, prefix,
                  encode(digest, 'hex') as digest, pepper, scopes, expires_on, revoked_at from api_keys"""
    ),
}


async def everything_happens(database: Database) -> None:
    first = Particulars("federasyon", "Ortak Sekretarya", "06")

    async def start(tx: Transaction) -> object:
        return await bootstrap(tx, Bootstrap(first), MINT, NOW, uuid7)

    await database.unit_of_work(start)
    made = await integration(database, "pledger", "asker")
    home = made.organisation_id
    desk = await do(
        database, grant_role, act(), GrantRole(made.integration_id, Wish("provincial_desk", ["31"]))
    )
    await do(database, revoke_grant, act(), desk.grant_id, any_version)
    key, _ = await do(database, create_key, act(), CreateKey(made.integration_id, KeyWish()), MINT)
    rotation = RotateKey(made.integration_id, key.key_id, retire_now=True)
    heir, _ = await do(database, rotate_key, act(), rotation, MINT)
    for _ in range(2):
        await do(database, revoke_key, act(), RevokeKey(made.integration_id, heir.key_id), any_version)
    for move in ("suspend", "reinstate"):
        await do(database, move_organisation, act(), MoveOrganisation(home, move, "Karar 2"), any_version)
    rename = ReviseOrganisation(
        home, lambda said: replace(said, short_name="Örnek", province_plates=("01", "31"))
    )
    await do(database, revise_organisation, act(), rename, any_version)


async def outbox(database: Database) -> list[Any]:
    async def work(tx: Transaction) -> list[Any]:
        return await tx.fetch("select topic, key, type, headers, payload from outbox order by position")

    return await database.snapshot(work)


async def test_the_last_record_of_every_key_equals_its_row(registry_db: Database) -> None:
    await everything_happens(registry_db)
    last: dict[str, dict[UUID, tuple[int, dict[str, Any]]]] = defaultdict(dict)
    for row in await outbox(registry_db):
        headers = [(name, value.encode()) for name, value in json.loads(row["headers"]).items()]
        envelope = from_record(row["topic"], row["key"].encode(), row["payload"], headers)
        state = parse(envelope).model_dump(mode="python")
        last[row["topic"]][UUID(row["key"])] = (envelope.sequence, state)
    for topic, query in TABLES.items():
        rows = await registry_db.snapshot(lambda tx, query=query: tx.fetch(query))
        assert rows, topic
        assert {row[0] for row in rows} == set(last[topic]), topic
        for row in rows:
            version, state = last[topic][row[0]]
            assert version == row["version"]
            for column in set(row.keys()) - {"version"}:
                expected = tuple(row[column]) if isinstance(row[column], list) else row[column]
                assert state[column] == expected, (topic, column)


async def test_versions_of_every_key_run_from_one_without_gaps(registry_db: Database) -> None:
    await everything_happens(registry_db)
    seen: dict[str, list[int]] = defaultdict(list)
    for row in await outbox(registry_db):
        seen[row["key"]].append(int(json.loads(row["headers"])["ce_sequence"]))
    assert len(seen) >= 8
    assert all(versions == list(range(1, len(versions) + 1)) for versions in seen.values())
    assert max(len(versions) for versions in seen.values()) == 5


async def test_no_event_holds_key_text_or_reasons(registry_db: Database) -> None:
    await everything_happens(registry_db)
    for row in await outbox(registry_db):
        text = row["payload"].decode() + row["headers"]
        assert "imc_" not in text
        assert "Karar" not in text and "basis" not in text


async def test_a_command_that_fails_leaves_no_trace(registry_db: Database) -> None:
    made = await integration(registry_db)
    before = len(await outbox(registry_db))
    with pytest.raises(AreaRequired):
        await do(registry_db, grant_role, act(), GrantRole(made.integration_id, Wish("provincial_desk")))
    assert len(await outbox(registry_db)) == before
