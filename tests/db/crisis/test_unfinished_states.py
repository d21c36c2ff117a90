"""The process that runs the clocks does not start while a state waits for a clock nothing follows."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from imece_local.children import free_port

ROOT = Path(__file__).parents[3]
ENDS_WITHIN = 60
"""Seconds. A worker that started in spite of the state would run on."""


def test_a45_the_worker_ends_and_names_a_state_whose_clock_has_no_effect(database: Callable[[str], str]):
    environment = {
        **os.environ,
        "IMECE_ENV": "test",
        "DATABASE_URL_CRISIS": database("crisis"),
        "CRISIS_HTTP_PORT": str(free_port()),
        "KAFKA_BOOTSTRAP": "127.0.0.1:1",
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.planted", "clock_without_effect", "crisis", "run", "timers"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=ENDS_WITHIN,
    )
    assert done.returncode not in {0, -9}, done.stdout + done.stderr
    named = "nothing happens when allocation.invented is due, which allocations invented waits for"
    assert named in done.stdout + done.stderr
