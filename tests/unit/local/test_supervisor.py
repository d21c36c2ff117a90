"""A part that ends is started again; ending everything leaves no process."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from imece_local import children
from imece_local.children import is_running
from imece_local.supervisor import ProcessPart, Supervisor
from tests.waiting import wait_until_sync

SLEEPER = [sys.executable, "-S", "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-S",
    "-c",
    "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)",
]


class Running:
    """A supervisor looking after parts in a thread of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: list[str] = []
        self.supervisor = Supervisor(self.said.append)
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.supervisor.run, args=(self.stop,))

    def part(self, argv: list[str], name: str = "sleeper") -> ProcessPart:
        part = ProcessPart(argv, env={}, log=self.folder / f"{name}.log", cwd=self.folder).start()
        self.supervisor.add(name, part, wave=0)
        return part


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path)
    running.thread.start()
    yield running
    running.stop.set()
    running.thread.join()
    running.supervisor.end_all()


def test_a_killed_part_is_started_again_and_said_so(running: Running):
    part = running.part(SLEEPER)
    first = part.pid
    part.kill()
    wait_until_sync(lambda: part.is_alive() and part.pid != first, message="the part runs again")
    wait_until_sync(lambda: len(running.said) == 2, message="both were said")
    assert running.said[0].startswith("sleeper ended unexpectedly; starting it again")
    assert running.said[1] == f"sleeper runs again with pid {part.pid}"


def test_a_part_that_keeps_ending_is_tried_again_after_longer_pauses(running: Running):
    running.part([sys.executable, "-S", "-c", ""])
    wait_until_sync(
        lambda: sum("1.0 s" in line for line in running.said) == 1, message="a second, longer pause"
    )


def test_ending_everything_leaves_no_process_and_starts_none(running: Running):
    part = running.part(SLEEPER)
    running.supervisor.end_all()
    assert not is_running(part.pid)
    assert running.said == []


def test_a_process_that_is_ending_makes_no_children(tmp_path: Path):
    script = (
        "import sys; from pathlib import Path; from imece_local import children\n"
        "children.refuse_new_children()\n"
        "try: children.spawn(['true'], log=Path(sys.argv[1]))\n"
        "except children.ChildrenRefused: print('refused')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "log")], check=False, capture_output=True, text=True
    )
    assert done.stdout == "refused\n", done.stderr


def test_a_child_dies_with_a_parent_that_is_killed(tmp_path: Path):
    script = (
        "import sys, threading, time; from pathlib import Path; from imece_local import children\n"
        "def make(): print(children.spawn(['sleep', '60'], log=Path(sys.argv[1])).pid, flush=True)\n"
        "t = threading.Thread(target=make); t.start(); t.join(); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "log")], stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_running(child), "a child outlives the thread that asked for it"
        parent.kill()
    wait_until_sync(lambda: not is_running(child), message="the child died with its parent")


def test_a_child_whose_parent_was_killed_before_it_began_runs_nothing(tmp_path: Path):
    gone = subprocess.Popen(["true"])
    gone.wait()
    said = subprocess.run(
        children.mortal(["echo", "alive"], "KILL", gone.pid), check=False, capture_output=True
    )
    assert (said.returncode, said.stdout) == (1, b"")
    said = subprocess.run(
        children.mortal(["echo", "alive"], "KILL", os.getpid()), check=True, capture_output=True
    )
    assert said.stdout == b"alive\n"


def test_a_part_that_ignores_the_request_is_killed(running: Running):
    part = running.part(STUBBORN)
    pid = part.pid
    part.stop(within=0.2)
    assert not is_running(pid)


class Patient:
    """A part that notes how long it is waited for."""

    pid = 1

    def __init__(self) -> None:
        self.waited: list[float] = []

    def is_alive(self) -> bool:
        return True

    def start(self) -> object:
        return self

    def stop(self, within: float) -> None:
        self.waited.append(within)

    def kill(self) -> None:
        raise AssertionError("a part that ends is not killed")


def test_a_busy_machine_has_ten_seconds_to_end_each_part():
    supervisor, parts = Supervisor(lambda said: None), (Patient(), Patient())
    for wave, part in enumerate(parts):
        supervisor.add(f"wave {wave}", part, wave=wave)
    supervisor.end_all()
    assert [part.waited for part in parts] == [[10.0], [10.0]]
