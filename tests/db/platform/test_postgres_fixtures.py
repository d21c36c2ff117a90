from collections.abc import Callable

import asyncpg


async def test_each_database_is_new_and_belongs_to_a_role_without_superuser_rights(
    database: Callable[[str], str],
) -> None:
    first, second = database(""), database("")
    assert first != second
    connection = await asyncpg.connect(first)
    try:
        await connection.execute("CREATE TABLE marks (id int PRIMARY KEY)")
        assert (
            await connection.fetchval("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        )
        assert await connection.fetchval("SHOW server_version_num") >= "180000"
    finally:
        await connection.close()
