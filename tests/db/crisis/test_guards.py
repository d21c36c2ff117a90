"""Removing any single guard makes a named test red: one of each kind, or every one with IMECE_GUARDS=all."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.db.crisis.guards import GUARDS, Guard
from tests.db.crisis.guards.forms import CRISIS, STORE
from tests.db.crisis.guards.locks import AGAIN
from tests.platform.postgres import TestPostgres

ROOT = Path(__file__).parents[3]
FAILED = 1  # pytest: tests ran and at least one failed
IS_ALL = os.environ.get("IMECE_GUARDS") == "all"
COMMENT = re.compile(r"^--.*$", re.MULTILINE)
LOCK = re.compile(r"FOR (?:NO KEY )?UPDATE|FOR (?:KEY )?SHARE|pg_\w*advisory\w+\(")
SCHEDULE = re.compile(r"await schedule(?:_once|_anew)?\(")
FIRST = {guard.kind: guard for guard in reversed(GUARDS)}
TRIED = [guard for guard in GUARDS if IS_ALL or guard is FIRST[guard.kind]]


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_the_list_names_guards_that_stand_and_tests_that_exist(guard: Guard):
    assert (ROOT / guard.file).read_text(encoding="utf-8").count(guard.find) == 1, f"{guard.name}: find"
    module, _, name = guard.test.partition("::")
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    named = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    assert not name or name.partition("[")[0] in named, f"{guard.name}: {name}"


@pytest.mark.parametrize("folder", ["queries", "checks", ""])
def test_every_lock_of_the_store_has_a_guard(folder: str):
    for source in sorted((ROOT / STORE / folder).glob("*.*")):
        text = COMMENT.sub("", source.read_text(encoding="utf-8"))
        for guard in GUARDS:
            if ROOT / guard.file == source:
                text = text.replace(guard.find, guard.instead)
        assert not LOCK.search(text.replace(AGAIN.get(source.name, "\0"), "")), source.name


def test_every_deadline_row_has_a_guard():
    for source in sorted((ROOT / CRISIS).rglob("*.py")):
        written = len(SCHEDULE.findall(source.read_text(encoding="utf-8")))
        rows = [guard for guard in GUARDS if ROOT / guard.file == source and "deadline row of" in guard.name]
        assert written == len(rows), f"{source.name} writes {written} deadlines, {len(rows)} are guarded"


IN_MIGRATIONS = [guard for guard in GUARDS if "/migrations/" in guard.file]
REPLACED = re.compile(r"(?:DROP|REPLACE) \w+ (?:CONCURRENTLY )?(?:IF EXISTS )?(\w+)")
DEFINED = re.compile(r"(?:CONSTRAINT|INDEX|FUNCTION|TRIGGER) (\w+)")


@pytest.mark.parametrize("guard", IN_MIGRATIONS, ids=lambda guard: guard.name)
def test_no_later_migration_replaces_what_is_taken_away(guard: Guard):
    source = ROOT / guard.file
    names = DEFINED.findall(guard.find)
    for later in sorted(source.parent.glob("*.sql")):
        if later.name > source.name:
            replaced = REPLACED.findall(later.read_text(encoding="utf-8"))
            assert not set(names) & set(replaced), f"{guard.name}: replaced in {later.name}"


@pytest.mark.timeout(300)
@pytest.mark.parametrize("guard", TRIED, ids=lambda guard: guard.name)
def test_without_the_guard_the_named_test_is_red(guard: Guard, tmp_path: Path, postgres: TestPostgres):
    package = without(guard, tmp_path)
    found = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-x",
            "-p",
            "no:randomly",
            "-p",
            "no:cacheprovider",
            guard.test,
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(package.parent), os.environ.get("PYTHONPATH", "")]),
            "DATABASE_URL_TEST": postgres.url,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert found.returncode == FAILED, f"{guard.name}\n{found.stdout[-3000:]}\n{found.stderr[-2000:]}"


def without(guard: Guard, folder: Path) -> Path:
    """A copy of the guard's package in which it is gone."""
    source = ROOT / guard.file
    package = ROOT / Path(guard.file).parents[-5]
    copied = folder / package.name
    shutil.copytree(package, copied, ignore=shutil.ignore_patterns("__pycache__"))
    changed = copied / source.relative_to(package)
    text = changed.read_text(encoding="utf-8")
    changed.write_text(text.replace(guard.find, guard.instead), encoding="utf-8")
    return copied
