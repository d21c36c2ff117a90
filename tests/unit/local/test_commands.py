"""The script and the package behind it know the same commands."""

import importlib.machinery
import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

from imece_local.__main__ import COMMANDS

SCRIPT = Path(__file__).parents[3] / "imece"


def _script() -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("imece_script", str(SCRIPT))
    spec = importlib.util.spec_from_loader("imece_script", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    try:
        loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    return module


def test_every_command_has_one_line_of_help_and_something_behind_it():
    assert _script().COMMANDS.keys() == COMMANDS.keys()


def test_help_needs_no_environment_and_lists_every_command(tmp_path: Path):
    said = subprocess.run(
        [sys.executable, "-S", str(SCRIPT), "--help"],
        env={"IMECE_STATE": str(tmp_path / "none")}, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    for name, line in _script().COMMANDS.items():
        assert f"  {name:<8} {line}" in said
    assert not (tmp_path / "none").exists()


def test_an_unknown_command_is_refused():
    done = subprocess.run([sys.executable, str(SCRIPT), "fly"], check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert "no command 'fly'" in done.stderr


def test_the_script_imports_only_the_standard_library():
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), "--help"], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
