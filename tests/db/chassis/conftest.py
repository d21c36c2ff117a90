import pytest

from imece_chassis.database import Database


@pytest.fixture
async def db(chassis_db: Database) -> Database:
    """The empty database; modules that need tables of their own put them into it."""
    return chassis_db
