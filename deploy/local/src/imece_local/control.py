"""`down` and `reset`: ending the running system, and deleting what it kept."""

from __future__ import annotations

import os
import shutil
import signal
import time

from imece_local.children import is_running, started_at
from imece_local.state import DATA_FILES, DATA_FOLDERS, State

_DOWN_WITHIN = 15.0


def down(state: State) -> int:
    """End the running system and wait for it; 0 also when none runs, 1 when it does not end."""
    running = state.who_runs()
    if running is None:
        print("imece does not run")
        return 0
    pid, started = int(running.get("pid", 0)), running.get("started")
    if not pid or (started is not None and started_at(pid) != started):
        print("imece is just starting or ending: try again soon")
        return 1
    os.kill(pid, signal.SIGTERM)
    began = time.monotonic()
    while is_running(pid) and state.who_runs() is not None:
        if time.monotonic() - began > _DOWN_WITHIN:
            print(f"pid {pid} has not ended after {_DOWN_WITHIN:.0f} s: look at its terminal")
            return 1
        time.sleep(0.05)
    print(f"ended (pid {pid}, {time.monotonic() - began:.1f} s)")
    return 0


def reset(state: State, *, is_sure: bool) -> int:
    """Delete data, logs, secrets and recorded ports; environment and Kafka jars stay. 1 = not done."""
    if (running := state.who_runs()) is not None:
        print(f"imece runs with pid {running.get('pid')}: end it first (./imece down)")
        return 1
    print(f"deletes databases, topics, mail, logs and secrets in {state.folder}")
    if not is_sure:
        try:
            is_sure = input("delete them? [y/N] ").strip().lower() in {"y", "yes", "e", "evet"}
        except EOFError:
            print("\nnobody answers here: use --yes")
    if not is_sure:
        print("nothing deleted")
        return 1
    with state.held():
        for name in DATA_FOLDERS:
            shutil.rmtree(state.folder / name, ignore_errors=True)
        for name in DATA_FILES:
            (state.folder / name).unlink(missing_ok=True)
    print("deleted; ./imece up starts with empty databases")
    return 0
