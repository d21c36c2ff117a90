"""A migration run that dies half-way (C13): running it again ends where an undisturbed run ends."""

from imece_chassis.failpoints import CRASH_STATUS
from tests.faults.lab import Lab

SCHEMA = """
SELECT format('%s.%s.%s %s %s %s', table_schema, table_name, column_name, data_type, is_nullable,
              column_default)
FROM information_schema.columns WHERE table_schema IN ('public', 'board') AND table_name <> 'tally'
UNION ALL
SELECT indexdef FROM pg_indexes WHERE schemaname IN ('public', 'board')
UNION ALL
SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
WHERE connamespace IN ('public'::regnamespace, 'board'::regnamespace) AND conname NOT LIKE 'tally%'
UNION ALL
SELECT format('%s %s %s', component, version, checksum) FROM schema_migrations
"""


async def test_a_migration_that_dies_again_and_again_ends_with_the_same_schema(lab: Lab) -> None:
    lab.system.postgres.create_database("steps", owner="crisis")
    try:
        url = lab.system.postgres.url("steps", "crisis")
        crashes = 0
        # The third step of each run crashes: every run gets two steps further.
        while (
            done := await lab.system.attempt(
                "crisis", "migrate", DATABASE_URL_CRISIS=url, FP="migrate.step:crash@#3"
            )
        ).returncode == CRASH_STATUS:
            crashes += 1
        assert done.returncode == 0, done.stdout + done.stderr
        assert crashes >= 2
        again = await lab.system.attempt("crisis", "migrate", DATABASE_URL_CRISIS=url)
        assert again.returncode == 0
        status = await lab.system.attempt("crisis", "migrate", "--status", DATABASE_URL_CRISIS=url)
        assert "pending" not in status.stdout
        assert await _schema(lab, "steps") == await _schema(lab, "crisis")
    finally:
        lab.system.postgres.drop_database("steps")


async def _schema(lab: Lab, database: str) -> list[str]:
    async with lab.system.checker(database) as connection:
        return sorted(row[0] for row in await connection.fetch(SCHEMA))
