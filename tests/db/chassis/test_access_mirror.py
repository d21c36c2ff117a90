"""The local copy of credentials: what the owner says is true here, in whatever order it arrives."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from imece_chassis.access import keys
from imece_chassis.access.caller import Caller
from imece_chassis.access.mirror import mirror_consumer
from imece_chassis.access.view import AccessView, holder_of
from imece_chassis.consumer import Policy, Received
from imece_chassis.database import Database, Transaction
from imece_chassis.ids import uuid7
from imece_contracts.registry import RoleGranted
from imece_contracts.topics import CREDENTIALS, GRANTS, ORGANISATIONS, REGISTRY_PROGRESS
from tests.db.chassis.credentials import (
    DIGEST,
    GRANT_ID,
    INTEGRATION,
    KEY_ID,
    ORGANISATION,
    PEPPER,
    credential,
    feed,
    organisation,
    received,
)


def grant(sequence: int = 1, **changes: Any) -> Received:
    values: dict[str, Any] = {
        "grant_id": GRANT_ID,
        "role": "editor",
        "organisation_id": ORGANISATION,
        "integration_id": INTEGRATION,
        "province_plates": ("31",),
        "valid_from": datetime.now(UTC) - timedelta(days=1),
    }
    return received(RoleGranted(**{**values, **changes}), GRANT_ID, sequence)


async def head(db: Database) -> int:
    async def work(tx: Transaction) -> int:
        return await tx.fetchval("SELECT version FROM mirror_head")

    return await db.snapshot(work)


async def test_the_consumer_reads_the_three_state_topics_and_never_skips_a_defect() -> None:
    consumer = mirror_consumer()
    assert consumer.topics == (ORGANISATIONS, GRANTS, CREDENTIALS, REGISTRY_PROGRESS)
    assert consumer.policy is Policy.STOP


async def test_a_key_is_known_with_its_grants_and_its_organisation(db: Database) -> None:
    await feed(db, credential(), organisation(), grant())
    view = AccessView(db)
    await view.refresh()
    caller = view.lookup(DIGEST)
    assert caller is not None
    assert (caller.key_id, caller.integration_id, caller.organisation_id) == (
        KEY_ID,
        INTEGRATION,
        ORGANISATION,
    )
    assert caller.scopes == {"things:read", "things:write"} and caller.is_organisation_active
    assert caller.may("editor", province="31") and not caller.may("editor", province="06")
    assert not caller.may("editor"), "a grant for one province does not cover the whole country"
    assert view.lookup(keys.digest(PEPPER, keys.new_key(True))) is None


async def test_the_holder_of_a_key_is_known_by_its_id_with_the_rights_of_the_moment(db: Database) -> None:
    now = datetime.now(UTC)

    async def holder(key_id: UUID, at: datetime = now) -> Caller | None:
        return await db.snapshot(lambda tx: holder_of(tx, key_id, at))

    await feed(db, credential(), organisation(), grant(valid_to=now + timedelta(days=2)))
    found = await holder(KEY_ID)
    assert found is not None and found.has_scope("things:write")
    assert found.may("editor", province="31") and not found.may("editor", province="06")
    later = await holder(KEY_ID, now + timedelta(days=3))
    assert later is not None and not later.may("editor", province="31"), "the grant has ended by then"
    assert await holder(uuid7()) is None
    assert await holder(KEY_ID, now + timedelta(days=60)) is None, "expired"
    await feed(db, organisation(2, "suspended"))
    suspended = await holder(KEY_ID)
    assert suspended is not None and not suspended.has_scope("things:write")
    await feed(db, credential(2, revoked=True))
    assert await holder(KEY_ID) is None


async def test_an_older_sequence_changes_nothing_and_moves_nothing(db: Database) -> None:
    await feed(db, credential(5, revoked=True))
    before = await head(db)
    await feed(db, credential(4), credential(5))
    view = AccessView(db)
    await view.refresh()
    caller = view.lookup(DIGEST)
    assert caller is not None and caller.revoked_at is not None
    assert await head(db) == before


async def test_within_one_batch_the_highest_sequence_wins_whatever_the_order(db: Database) -> None:
    await feed(db, credential(1), credential(3, revoked=True), credential(2))
    view = AccessView(db)
    await view.refresh()
    caller = view.lookup(DIGEST)
    assert caller is not None and caller.revoked_at is not None


async def test_a_tombstone_ends_its_key_and_a_later_state_starts_a_new_life(db: Database) -> None:
    view = AccessView(db)
    await feed(db, credential(3), grant(), organisation())
    await feed(db, received(None, KEY_ID, 4, CREDENTIALS.name), received(None, GRANT_ID, 2, GRANTS.name))
    await view.refresh()
    assert view.lookup(DIGEST) is None
    await feed(db, received(None, KEY_ID, 5, CREDENTIALS.name), credential(1))
    await view.refresh()
    caller = view.lookup(DIGEST)
    assert caller is not None and caller.grants == ()


async def test_a_suspended_organisation_keeps_reading_and_loses_every_write_scope(db: Database) -> None:
    view = AccessView(db)
    await feed(db, credential(), organisation(1))
    await feed(db, organisation(2, "suspended"))
    await view.refresh()
    caller = view.lookup(DIGEST)
    assert caller is not None
    assert caller.has_scope("things:read") and not caller.has_scope("things:write")


async def test_a_key_of_an_organisation_not_heard_of_yet_may_only_read(db: Database) -> None:
    view = AccessView(db)
    await feed(db, credential())
    await view.refresh()
    caller = view.lookup(DIGEST)
    assert caller is not None and caller.organisation_state == "unknown"
    assert not caller.has_scope("things:write")


async def test_revoked_and_ended_grants_are_not_held_and_future_ones_not_yet(db: Database) -> None:
    now = datetime.now(UTC)
    other, later = uuid7(), uuid7()
    await feed(
        db,
        credential(),
        organisation(),
        grant(revoked_at=now),
        received(
            RoleGranted(
                grant_id=other, role="editor", integration_id=INTEGRATION, valid_from=now, valid_to=now
            ),
            other,
            1,
        ),
        received(
            RoleGranted(
                grant_id=later, role="editor", integration_id=INTEGRATION, valid_from=now + timedelta(days=1)
            ),
            later,
            1,
        ),
    )
    view = AccessView(db)
    await view.refresh()
    caller = view.lookup(DIGEST)
    assert caller is not None and [held.grant_id for held in caller.grants] == [later]
    assert not caller.grants[0].is_current(datetime.now(UTC))
    assert caller.grants[0].is_current(now + timedelta(days=2))


async def test_the_last_day_of_a_key_ends_at_local_midnight(db: Database) -> None:
    await feed(db, credential(expires_on=date(2026, 2, 6)))
    view = AccessView(db)
    await view.refresh()
    caller = view.lookup(DIGEST)
    assert caller is not None and caller.expires_at == datetime(2026, 2, 6, 21, 0, tzinfo=UTC)


async def test_records_of_other_topics_are_passed_over(db: Database) -> None:
    before = await head(db)
    await feed(db, received(None, KEY_ID, 1, "other.topic.v1"))
    assert await head(db) == before


async def test_names_of_organisations_can_be_read_from_the_mirror(db: Database) -> None:
    await feed(db, organisation())

    async def work(tx: Transaction) -> Any:
        return await tx.fetchval("SELECT document ->> 'legal_name' FROM organisations_mirror")

    assert await db.snapshot(work) == "Örnek Derneği"
