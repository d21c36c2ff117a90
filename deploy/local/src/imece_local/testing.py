"""`./imece test [LEVEL...] [pytest options]`: the checks and tests, each level by what it needs.

Without a level everything runs except bench, and everything runs to the end even when something failed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from imece_local.state import checkout

LEVELS = (
    "unit",
    "contracts",
    "architecture",
    "db",
    "http",
    "broker",
    "migrations",
    "faults",
    "simulation",
    "e2e",
)
_NOT_BY_DEFAULT = {"bench", "lint"}
_NO_TESTS = 5  # pytest's exit code for an empty selection


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
    levels = [] if has_paths and not names else [f"tests/{name}" for name in wanted if name != "lint"]
    if levels or has_paths:
        steps.append(("tests", [sys.executable, "-m", "pytest", *levels, *options]))
    return _run(steps, root)


def folders(root: Path) -> tuple[str, ...]:
    """Every folder of tests/ that holds tests, the known levels first and in their order."""
    found = {file.relative_to(root / "tests").parts[0] for file in (root / "tests").glob("*/**/test_*.py")}
    ordered = [level for level in LEVELS if level in found]
    return (*ordered, *sorted(found - set(ordered) - {"platform"}))


def _lint(root: Path) -> list[tuple[str, list[str]]]:
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


def _run(steps: Sequence[tuple[str, list[str]]], root: Path) -> int:
    environment = {**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1", "IMECE_ROOT": str(root)}
    outcomes: list[tuple[str, bool, float]] = []
    for name, command in steps:
        print(f"\n── {name}: {' '.join([Path(command[0]).name, *command[1:]])}", flush=True)
        began = time.monotonic()
        code = subprocess.run(command, check=False, cwd=root, env=environment).returncode
        outcomes.append(
            (name, code in (0, _NO_TESTS) if name != "tests" else code == 0, time.monotonic() - began)
        )
    width = min(shutil.get_terminal_size().columns, 60)
    print("─" * width)
    for name, passed, seconds in outcomes:
        print(f"{'ok' if passed else 'FAILED':<7} {name:<14} {seconds:6.1f} s")
    return 0 if all(passed for _, passed, _ in outcomes) else 1
