"""The checks run to their end, one of them beside the others, and one failure fails the whole."""

import sys
from pathlib import Path

import pytest

from imece_local.testing import LEVELS, WHOLE_SYSTEMS, Step, folders, run_steps

ROOT = Path(__file__).parents[3]


def step(name: str, program: str) -> Step:
    return name, [sys.executable, "-S", "-c", program]


def test_what_ran_beside_the_others_is_shown_after_them(tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    (tmp_path / "gate").touch()
    first = step("first", "import os; print('first said', flush=True); os.unlink('gate')")
    waiting = "import os, time\nwhile os.path.exists('gate'): time.sleep(0.01)\n"
    beside = step("beside", f"print('begun', flush=True)\n{waiting}print('ended')")
    assert run_steps([first], tmp_path, beside) == 0
    said = capfd.readouterr().out
    places = [said.index(words) for words in ("\nfirst said\n", "\nbegun\n", "ended\n", "ok      beside")]
    assert places == sorted(places)


@pytest.mark.parametrize(("shown", "beside"), [(1, 0), (0, 1)])
def test_a_failure_on_either_side_fails_the_run(
    shown: int, beside: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    steps = [step("shown", f"raise SystemExit({shown})"), step("last", "print('last ran')")]
    assert run_steps(steps, tmp_path, step("beside", f"raise SystemExit({beside})")) == 1
    said = capfd.readouterr().out
    assert said.count("FAILED") == 1
    assert "last ran" in said


def test_every_folder_of_tests_is_a_level_and_each_side_has_some() -> None:
    found = set(folders(ROOT))
    assert found <= {*LEVELS, "conformance"}
    assert set(LEVELS) >= WHOLE_SYSTEMS
    assert found & WHOLE_SYSTEMS and found - WHOLE_SYSTEMS
