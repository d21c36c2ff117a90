"""A folder in memory for a server whose data nobody keeps: a database per test is thousands of files.

Its owner holds a lock on it, so what a killed run left in memory goes with the next run.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

IN_MEMORY = Path("/dev/shm")
NEEDED = 6 << 30
"""Bytes of memory that must be free; the cluster of one session stays below one GiB, two may run at once."""
_PREFIX = "imece-test-"


@contextmanager
def in_memory(otherwise: Path, memory: Path = IN_MEMORY, needed: int = NEEDED) -> Iterator[Path]:
    """A path for a new folder, deleted afterwards; `otherwise` where fewer than `needed` bytes are free."""
    if not _has_room(memory, needed):
        yield otherwise
        return
    with _locked(memory):  # nobody takes the folder for one that was left before it is locked
        _sweep(memory)
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=memory))
        lock = _lock_of(folder)
    try:
        yield folder / otherwise.name
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _has_room(memory: Path, needed: int) -> bool:
    if not os.access(memory, os.W_OK):
        return False
    return min(psutil.disk_usage(str(memory)).free, psutil.virtual_memory().available) >= needed


def _sweep(memory: Path) -> None:
    """Delete the folders whose owners are gone."""
    for folder in memory.glob(f"{_PREFIX}*"):
        try:
            lock = _lock_of(folder)
        except OSError:  # in use, or another user's
            continue
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def _lock_of(folder: Path) -> int:
    """The lock of a folder, held until it is closed; OSError when another has it."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(opened)
        raise
    return opened
