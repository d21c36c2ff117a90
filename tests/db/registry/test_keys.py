"""Two live keys, whatever happens at the same moment; and the registry's own look-up."""

import asyncio
from datetime import date, timedelta

import asyncpg
import pytest

from imece_chassis.access import keys as key_texts
from imece_chassis.database import Database, Transaction
from registry.domain.acts import Act, Actor
from registry.domain.keys import Wish
from registry.domain.refusals import NotFound, RoleRequired, TooManyLiveKeys
from registry.store.credentials import OwnCredentials
from registry.usecases.create_key import CreateKey, create_key
from registry.usecases.finding import any_version
from registry.usecases.move_organisation import MoveOrganisation, move_organisation
from registry.usecases.revoke_key import RevokeKey, revoke_key
from registry.usecases.rotate_key import RotateKey, rotate_key
from tests.db.registry.given import MINT, NOW, act, active, do, integration


async def test_of_many_simultaneous_requests_two_get_a_key(registry_db: Database) -> None:
    made = await integration(registry_db)
    command = CreateKey(made.integration_id, Wish())
    results = await asyncio.gather(
        *(do(registry_db, create_key, act(), command, MINT) for _ in range(8)), return_exceptions=True
    )
    assert sum(isinstance(result, tuple) for result in results) == 2
    assert sum(isinstance(result, TooManyLiveKeys) for result in results) == 6


async def test_the_table_itself_refuses_a_third_live_key(registry_db: Database) -> None:
    made = await integration(registry_db)
    for _ in range(2):
        await do(registry_db, create_key, act(), CreateKey(made.integration_id, Wish()), MINT)

    async def forge(tx: Transaction) -> None:
        await tx.execute(
            """insert into api_keys (key_id, version, integration_id, organisation_id, mode, prefix, last4,
                                     digest, pepper, scopes, expires_on, created_at, slot)
               select uuidv7(), 1, integration_id, organisation_id, mode, prefix, last4,
                      sha256('x'), pepper, scopes, expires_on, created_at, slot
               from api_keys where slot = 1"""
        )

    with pytest.raises(asyncpg.UniqueViolationError):
        await registry_db.unit_of_work(forge)


async def test_a_revoked_key_makes_room_and_so_does_a_lapsed_one(registry_db: Database) -> None:
    made = await integration(registry_db)
    short = Wish(expires_on=date(2026, 2, 6))
    first, _ = await do(registry_db, create_key, act(), CreateKey(made.integration_id, short), MINT)
    second, _ = await do(registry_db, create_key, act(), CreateKey(made.integration_id, Wish()), MINT)
    await do(registry_db, revoke_key, act(), RevokeKey(made.integration_id, second.key_id), any_version)
    third, _ = await do(registry_db, create_key, act(), CreateKey(made.integration_id, Wish()), MINT)
    assert {first.slot, second.slot, third.slot} == {1, 2}
    tomorrow = act(NOW + timedelta(days=1))
    fourth, _ = await do(registry_db, create_key, tomorrow, CreateKey(made.integration_id, Wish()), MINT)
    assert fourth.slot == first.slot


async def test_rotation_keeps_scopes_and_lets_the_old_key_live(registry_db: Database) -> None:
    made = await integration(registry_db)
    wish = Wish("live", ("crisis:pledge:write",))
    old, _ = await do(registry_db, create_key, act(), CreateKey(made.integration_id, wish), MINT)
    heir, plain = await do(registry_db, rotate_key, act(), RotateKey(made.integration_id, old.key_id), MINT)
    assert (heir.mode, heir.scopes) == (old.mode, old.scopes)
    assert key_texts.is_live(plain)
    with pytest.raises(TooManyLiveKeys):
        await do(registry_db, rotate_key, act(), RotateKey(made.integration_id, old.key_id), MINT)
    last, _ = await do(
        registry_db, rotate_key, act(), RotateKey(made.integration_id, old.key_id, retire_now=True), MINT
    )
    assert last.slot == old.slot


async def test_the_registry_knows_the_holder_of_a_key(registry_db: Database) -> None:
    made = await integration(registry_db, "pledger", "org_admin")
    key, plain = await do(registry_db, create_key, act(), CreateKey(made.integration_id, Wish()), MINT)
    source = OwnCredentials(registry_db)
    assert source.age_seconds == 0
    caller = await source.lookup(key_texts.digest(MINT.pepper, plain))
    assert caller is not None
    assert (caller.key_id, caller.organisation_id) == (key.key_id, made.organisation_id)
    assert caller.may("pledger") and caller.may("org_admin") and not caller.may("secretariat")
    assert caller.expires_at == key.lapses_at
    assert await source.lookup(bytes(32)) is None


async def test_a_suspended_organisation_and_a_revoked_key_show_at_the_next_look(
    registry_db: Database,
) -> None:
    made = await integration(registry_db)
    key, plain = await do(registry_db, create_key, act(), CreateKey(made.integration_id, Wish()), MINT)
    digest, source = key_texts.digest(MINT.pepper, plain), OwnCredentials(registry_db)
    suspension = MoveOrganisation(made.organisation_id, "suspend", "Karar 2")
    await do(registry_db, move_organisation, act(), suspension, any_version)
    caller = await source.lookup(digest)
    assert caller is not None
    assert caller.has_scope("crisis:board:read") and not caller.has_scope("crisis:pledge:write")
    await do(registry_db, revoke_key, act(), RevokeKey(made.integration_id, key.key_id), any_version)
    caller = await source.lookup(digest)
    assert caller is not None and caller.revoked_at == NOW


async def test_keys_of_others_do_not_exist(registry_db: Database) -> None:
    made = await integration(registry_db)
    other = await active(registry_db, "Başka Derneği")
    stranger = Act(Actor(other.organisation_id, is_admin=True), NOW, act().new_id)
    member = Act(Actor(made.organisation_id), NOW, act().new_id)
    command = CreateKey(made.integration_id, Wish())
    with pytest.raises(NotFound):
        await do(registry_db, create_key, stranger, command, MINT)
    with pytest.raises(RoleRequired):
        await do(registry_db, create_key, member, command, MINT)


async def test_no_key_text_is_stored_anywhere(registry_db: Database) -> None:
    made = await integration(registry_db)
    _, plain = await do(registry_db, create_key, act(), CreateKey(made.integration_id, Wish()), MINT)

    async def dump(tx: Transaction) -> str:
        tables = ("api_keys", "audit", "outbox", "idempotency")
        rows = [await tx.fetch(f"select t::text from {table} t") for table in tables]
        return " ".join(row[0] for found in rows for row in found)

    stored = await registry_db.snapshot(dump)
    assert plain[9:17] in stored, "the prefix is kept, so the search does find things"
    assert plain[17:] not in stored
    assert plain[17:].encode().hex() not in stored
