"""The state folder: everything the local system keeps, in one place that can be deleted.

One supervisor at a time: it holds a lock on `up.lock` for as long as it lives, so a pid that is written down
is believed only while the lock is held. A killed supervisor leaves no lock behind.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

DATA_FOLDERS = ("postgres", "kafka", "mail", "logs", "secrets")
DATA_FILES = ("ports.json", "running.json", "migrated.json")


class AlreadyRunning(RuntimeError):
    """Another supervisor uses this state folder; `running` is what it wrote about itself."""

    def __init__(self, running: dict[str, Any]) -> None:
        super().__init__(f"already running with pid {running.get('pid', 'unknown')}")
        self.running = running


class State:
    """Paths inside the state folder ($IMECE_STATE, or .imece in the checkout)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.postgres = self.folder / "postgres" / "cluster"
        self.kafka = self.folder / "kafka" / "broker"
        self.libs = self.folder / "kafka-libs"
        self.mail = self.folder / "mail"
        self.logs = self.folder / "logs"
        self.secrets = self.folder / "secrets"
        self.ports = self.folder / "ports.json"
        self.running = self.folder / "running.json"
        self.migrated = self.folder / "migrated.json"
        self._lock = self.folder / "up.lock"

    @classmethod
    def of_this_checkout(cls) -> State:
        return cls(Path(os.environ.get("IMECE_STATE") or checkout() / ".imece"))

    def log(self, part: str) -> Path:
        return self.logs / f"{part}.log"

    @contextlib.contextmanager
    def held(self) -> Generator[None]:
        """Be the one supervisor of this folder; AlreadyRunning when there is one."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._lock.open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise AlreadyRunning(read_json(self.running)) from None
            self.running.unlink(missing_ok=True)  # of one that was killed
            try:
                yield
            finally:
                self.running.unlink(missing_ok=True)

    def who_runs(self) -> dict[str, Any] | None:
        """What the running supervisor wrote about itself; None when none runs."""
        try:
            with self._lock.open("r") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return None
        except BlockingIOError:
            return read_json(self.running)
        return None


def checkout() -> Path:
    """Root of the repository."""
    return Path(os.environ.get("IMECE_ROOT") or Path(__file__).resolve().parents[4])


def read_json(file: Path) -> dict[str, Any]:
    """The object in `file`; empty when there is none or it is unreadable."""
    try:
        return json.loads(file.read_text())
    except (OSError, ValueError):
        return {}


def write_json(file: Path, value: object) -> None:
    """Replace the file in one step: readers see the old or the new object, never half of one."""
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    fresh.write_text(json.dumps(value, indent=1) + "\n")
    fresh.replace(file)
