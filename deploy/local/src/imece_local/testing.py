"""`./imece test [LEVEL...] [pytest options]`: the checks and tests, each level by what it needs.

Without a level everything runs except bench, and everything runs to the end even when something failed.
Levels that mostly wait for processes then run beside those that mostly compute.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from imece_local.state import checkout

LEVELS = (
    "unit",
    "contracts",
    "architecture",
    "db",
    "http",
    "fuzzing",
    "broker",
    "migrations",
    "faults",
    "simulation",
    "e2e",
)
_NOT_BY_DEFAULT = {"bench", "lint"}
WHOLE_SYSTEMS = frozenset({"fuzzing", "broker", "migrations", "faults", "e2e"})
"""They wait for processes most of the time, and should not wait for those that compute as well.

Both sides should end at about the same time: `fuzzing` could stand on either.
"""
_NICER = 5  # so the computing ones stand back
_NO_TESTS = 5  # pytest's exit code for an empty selection

Step = tuple[str, list[str]]


def test(argv: Sequence[str]) -> int:
    """0 when everything passed; 1 otherwise; 2 for a level that does not exist."""
    root = checkout()
    known = ("lint", *folders(root))
    names = [word for word in argv if word in known]
    options = [word for word in argv if word not in known]
    if (
        options
        and not names
        and not options[0].startswith("-")
        and not Path(options[0].split("::")[0]).exists()
    ):
        print(f"no level {options[0]!r}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    wanted = names or [name for name in known if name not in _NOT_BY_DEFAULT - {"lint"}]
    has_paths = any(not option.startswith("-") and Path(option.split("::")[0]).exists() for option in options)
    steps = [] if has_paths and not names else (_lint(root) if "lint" in wanted else [])
    if has_paths and not names:
        return run_steps([*steps, ("tests", _pytest([], options))], root)
    levels = [name for name in wanted if name != "lint"]
    systems = [name for name in levels if name in WHOLE_SYSTEMS]
    others = [name for name in levels if name not in WHOLE_SYSTEMS]
    if names or options or not systems or not others:
        return run_steps([*steps, *([("tests", _pytest(levels, options))] if levels else [])], root)
    steps.append(("tests", ["nice", "-n", str(_NICER), *_pytest(others, [])]))
    return run_steps(steps, root, ("whole systems", _pytest(systems, [])))


def _pytest(levels: Sequence[str], options: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "pytest", *(f"tests/{name}" for name in levels), *options]


def folders(root: Path) -> tuple[str, ...]:
    """Every folder of tests/ that holds tests, the known levels first and in their order."""
    found = {file.relative_to(root / "tests").parts[0] for file in (root / "tests").glob("*/**/test_*.py")}
    ordered = [level for level in LEVELS if level in found]
    return (*ordered, *sorted(found - set(ordered) - {"platform"}))


def _lint(root: Path) -> list[Step]:
    tools = Path(sys.executable).parent
    python = [str(tools / "pyright"), "--pythonpath", sys.executable]
    steps = [
        ("lint", [str(tools / "ruff"), "check", ".", "imece"]),
        ("format", [str(tools / "ruff"), "format", "--check", ".", "imece"]),
        ("types", python),
    ]
    configured = (root / ".importlinter").exists() or "[tool.importlinter" in (
        root / "pyproject.toml"
    ).read_text()
    if configured:
        steps.append(("import rules", [str(tools / "lint-imports"), "--no-cache"]))
    return steps


def run_steps(steps: Sequence[Step], root: Path, beside: Step | None = None) -> int:
    """Run the steps one after another, `beside` next to all of them; its output follows theirs."""
    environment = {**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1", "IMECE_ROOT": str(root)}
    outcomes: list[tuple[str, bool, float]] = []
    with ExitStack() as running:
        other = running.enter_context(_Beside(*beside, root, environment)) if beside else None
        for name, command in steps:
            print(f"\n── {name}: {_shown(command)}", flush=True)
            began = time.monotonic()
            code = subprocess.run(command, check=False, cwd=root, env=environment).returncode
            passed = code == 0 or (code == _NO_TESTS and name != "tests")
            outcomes.append((name, passed, time.monotonic() - began))
        if other:
            outcomes.append(other.outcome())
    width = min(shutil.get_terminal_size().columns, 60)
    print("─" * width)
    for name, passed, seconds in outcomes:
        print(f"{'ok' if passed else 'FAILED':<7} {name:<14} {seconds:6.1f} s")
    return 0 if all(passed for _, passed, _ in outcomes) else 1


class _Beside:
    """A step that runs while others are shown, its output kept until it is their turn to be shown."""

    def __init__(self, name: str, command: list[str], root: Path, environment: Mapping[str, str]) -> None:
        self._name, self._command, self._root, self._environment = name, command, root, environment
        self._began = time.monotonic()
        self._took = 0.0

    def __enter__(self) -> _Beside:
        print(f"\n── beside the others, shown after them: {_shown(self._command)}", flush=True)
        self._output = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            self._command,
            cwd=self._root,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
        )
        self._clock = threading.Thread(target=self._wait, daemon=True)
        self._clock.start()
        return self

    def _wait(self) -> None:
        self._process.wait()
        self._took = time.monotonic() - self._began

    def outcome(self) -> tuple[str, bool, float]:
        """Show what it said and says until it ends; its name, whether it passed, and its seconds."""
        print(f"\n── {self._name}: {_shown(self._command)}", flush=True)
        place = 0
        while True:
            is_over = not self._clock.is_alive()
            said = os.pread(self._output.fileno(), 1 << 16, place)
            sys.stdout.buffer.write(said)
            sys.stdout.flush()
            place += len(said)
            if not said:
                if is_over:
                    return self._name, self._process.returncode == 0, self._took
                self._clock.join(0.5)

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        self._clock.join()
        self._output.close()


def _shown(command: Sequence[str]) -> str:
    return " ".join([Path(command[0]).name, *command[1:]])
