"""The large demonstration's course in its small size: every wave, every clock, and the proof at its end."""

import asyncio
import re
import signal
import subprocess

import pytest

from tests.e2e.system.conftest import ROOT, Up
from tests.waiting import wait_until

REHEARSAL = (ROOT / "imece", "demo", "--size", "rehearsal")


@pytest.mark.timeout(900)
async def test_the_course_is_played_proved_and_can_be_stopped(up: Up) -> None:
    await a_run_proves_what_it_played(up)
    await a_run_that_is_stopped_says_how_far_it_came(up)


async def a_run_proves_what_it_played(up: Up) -> None:
    played = await asyncio.to_thread(up.imece, "demo", "--size", "rehearsal", seconds=420)
    said = played.stdout
    assert played.returncode == 0, said + played.stderr
    assert "30 organisations, 3 provinces, 200 need lines" in said
    assert "200 need lines open" in said
    assert "the board shows what the ledger holds, 200 lines" in said
    proved = re.search(r"the ledger is sound: (\d+) invariants", said)
    assert proved is not None and int(proved.group(1)) >= 18
    for what in ("heartbeats", "needs gone stale", "promises ended by silence", "lines passed on"):
        counted = re.search(rf"(\d+) {what}", said.partition("played in")[2])
        assert counted is not None and int(counted.group(1)) > 0, what
    assert "promises turned away by the order" in said
    run_out, of_all = re.findall(r"(\d+) of (\d+) clocks run out", said)[-1]
    assert run_out == of_all


async def a_run_that_is_stopped_says_how_far_it_came(up: Up) -> None:
    log = up.state / "stopped.log"
    with log.open("w") as sink:
        demo = subprocess.Popen(REHEARSAL, cwd=ROOT, env=up.environment, stdout=sink, stderr=sink)
    await wait_until(lambda: " is open: " in log.read_text(), timeout=120, message="no second crisis")
    demo.send_signal(signal.SIGINT)
    assert await asyncio.to_thread(demo.wait, 30) == 130
    last = log.read_text().splitlines()[-1]
    assert "stopped: " in last and "What was played stays" in last
