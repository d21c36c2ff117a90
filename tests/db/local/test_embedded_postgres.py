"""The embedded PostgreSQL: asks for passwords, keeps what was committed, gets up after a crash."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from imece_local.children import is_running
from imece_local.ordinary_user import ordinary_user
from imece_local.postgres import EmbeddedPostgres, PostgresNotStarted, binaries


@pytest.fixture
def server(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(tmp_path / "cluster", durable=False).start()
    yield server
    server.stop()


def test_the_wheel_brings_the_programs_of_version_18():
    for program in ("postgres", "initdb", "psql"):
        assert (binaries() / program).exists()


async def test_a_service_sees_only_its_own_database(server: EmbeddedPostgres):
    for name in ("one", "two"):
        server.create_role(name)
        server.create_database(name, owner=name)
    connection = await asyncpg.connect(server.url("one", "one"))
    assert (await connection.fetchval("SELECT current_setting('server_version')")).startswith("18")
    await connection.close()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(server.url("two", "one"))


async def test_a_wrong_password_is_refused(server: EmbeddedPostgres):
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(server.url().replace(server.password(), "guessed"))


def test_passwords_are_closed_to_others(server: EmbeddedPostgres):
    for file in server.data_dir.with_name("cluster.secrets").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_was_committed_is_there_after_the_server_was_killed(server: EmbeddedPostgres):
    server.sql("CREATE TABLE kept (x int); INSERT INTO kept VALUES (42)")
    first = server.pid
    server.kill()
    assert not is_running(first)
    server.start()
    assert server.sql("SELECT x FROM kept") == "42\n"


def test_a_lock_file_that_names_a_stranger_does_not_prevent_the_start(server: EmbeddedPostgres):
    lock = server.data_dir / "postmaster.pid"
    server.kill()
    lock.write_text("\n".join(["1", *lock.read_text().splitlines()[1:]]) + "\n")
    server.start()
    assert server.sql("SELECT 1") == "1\n"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs a disguise")
def test_root_without_user_namespaces_runs_it_as_nobody_and_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as without_unshare:
        tools = tmp_path / "bin"
        tools.mkdir()
        for tool in ("setpriv", "true"):
            (tools / tool).symlink_to(shutil.which(tool) or tool)
        without_unshare.setenv("PATH", str(tools))
        ordinary_user.cache_clear()
        server = EmbeddedPostgres(tmp_path / "cluster", durable=False).start()
        assert Path(f"/proc/{server.pid}").stat().st_uid == 65534
        server.sql("CREATE TABLE kept (x int)")
        server.stop()
    ordinary_user.cache_clear()
    server.start()
    assert server.sql("SELECT count(*) FROM kept") == "0\n"
    server.stop()


def test_two_servers_never_share_a_folder(server: EmbeddedPostgres):
    with pytest.raises(PostgresNotStarted, match=f"in use by the PostgreSQL with pid {server.pid}"):
        EmbeddedPostgres(server.data_dir, durable=False).start()


def test_an_interrupted_initialisation_leaves_nothing_half_made(tmp_path: Path):
    half = tmp_path / "cluster.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    server = EmbeddedPostgres(tmp_path / "cluster", durable=False).start()
    assert server.sql("SELECT 1") == "1\n"
    server.stop()


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path):
    (tmp_path / "cluster").mkdir()
    (tmp_path / "cluster" / "letter.txt").write_text("dear")
    with pytest.raises(PostgresNotStarted, match="is not empty"):
        EmbeddedPostgres(tmp_path / "cluster").start()
