"""One supervisor per state folder; what it wrote down is believed only while it lives."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from imece_local.state import AlreadyRunning, State, write_json

HOLD = """
import sys, time
from pathlib import Path
from imece_local.state import State, write_json
state = State(Path(sys.argv[1]))
with state.held():
    write_json(state.running, {"pid": 4711, "addresses": {"board": "http://127.0.0.1:1/"}})
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path: Path):
    """Another process that holds the folder."""
    child = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline() == b"held\n"
    yield child
    child.kill()
    child.wait()
    child.stdout.close()


def test_a_second_supervisor_is_told_who_runs_and_where(tmp_path: Path, holder: subprocess.Popen[bytes]):
    state = State(tmp_path)
    with pytest.raises(AlreadyRunning) as first, state.held():
        pass
    assert first.value.running["pid"] == 4711
    assert first.value.running["addresses"] == {"board": "http://127.0.0.1:1/"}
    assert state.who_runs() == first.value.running


def test_a_killed_supervisor_leaves_the_folder_free(tmp_path: Path, holder: subprocess.Popen[bytes]):
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    state = State(tmp_path)
    assert state.running.exists()
    assert state.who_runs() is None
    with state.held():
        assert not state.running.exists()


def test_nothing_runs_in_a_folder_that_does_not_exist(tmp_path: Path):
    assert State(tmp_path / "none").who_runs() is None


def test_asking_who_runs_does_not_keep_a_supervisor_out(tmp_path: Path):
    state = State(tmp_path)
    with state.held():
        write_json(state.running, {"pid": 1})
        assert state.who_runs() == {"pid": 1}
    with state.held():
        pass
