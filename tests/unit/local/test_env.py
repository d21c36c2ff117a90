"""`./imece env` says what stands between the caller and the addresses."""

from pathlib import Path

import pytest

from imece_local.consoles import env
from imece_local.state import State, write_json


def test_while_up_still_starts_env_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    state = State(tmp_path)
    with state.held():
        write_json(state.running, {"pid": 1, "is_up": False, "urls": {}})
        assert env(state) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert "still starting" in said.err


def test_without_up_env_says_how_to_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert env(State(tmp_path)) == 3
    assert "start it with ./imece up" in capsys.readouterr().err
