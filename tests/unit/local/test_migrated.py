"""A start skips migrations only while no migration file changed."""

from pathlib import Path

import pytest

from imece_local.migrated import fingerprint, is_migrated, remember


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for folder in (
        "shared/chassis/src/imece_chassis",
        "services/crisis/src/crisis",
        "services/registry/src/registry",
    ):
        (tmp_path / folder / "migrations").mkdir(parents=True)
    (_migrations(tmp_path) / "0001_start.sql").write_text("CREATE TABLE one ();")
    return tmp_path


def _migrations(checkout: Path) -> Path:
    return checkout / "services/crisis/src/crisis/migrations"


def test_a_service_is_migrated_once(tmp_path: Path, checkout: Path):
    record, now = tmp_path / "migrated.json", fingerprint(checkout, "crisis")
    assert not is_migrated(record, "crisis", now)
    remember(record, "crisis", now)
    assert is_migrated(record, "crisis", fingerprint(checkout, "crisis"))
    assert not is_migrated(record, "registry", fingerprint(checkout, "registry"))


@pytest.mark.parametrize("change", ["content", "new file", "renamed", "chassis"])
def test_any_change_of_a_migration_counts(checkout: Path, change: str):
    before = fingerprint(checkout, "crisis")
    first = _migrations(checkout) / "0001_start.sql"
    match change:
        case "content":
            first.write_text("CREATE TABLE two ();")
        case "new file":
            (_migrations(checkout) / "0002_more.sql").write_text("")
        case "renamed":
            first.rename(first.with_name("0001_begin.sql"))
        case _:
            (checkout / "shared/chassis/src/imece_chassis/migrations/0001_outbox.sql").write_text("")
    assert fingerprint(checkout, "crisis") != before


def test_the_migrations_of_another_service_do_not_count(checkout: Path):
    before = fingerprint(checkout, "crisis")
    (checkout / "services/registry/src/registry/migrations/0001_start.sql").write_text("")
    assert fingerprint(checkout, "crisis") == before
