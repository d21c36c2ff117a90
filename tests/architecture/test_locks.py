"""What is installed is what was reviewed: every dependency is hashed, and no lock names a host."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted([*ROOT.glob("requirements*.lock"), *ROOT.glob("deploy/**/*.lock")])
PYTHON_LOCKS = [lock for lock in LOCKS if lock.name.startswith("requirements")]
PACKAGES = sorted([*ROOT.glob("shared/*/pyproject.toml"), *ROOT.glob("services/*/pyproject.toml"),
                   *ROOT.glob("deploy/local/pyproject.toml")])  # fmt: skip


def _names(lock: Path) -> set[str]:
    return {_plain(entry) for entry in _entries(lock)}


def _entries(lock: Path) -> list[str]:
    joined = lock.read_text().replace("\\\n", " ")
    return [line.strip() for line in joined.splitlines() if line.strip() and not line.startswith("#")]


def _plain(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def test_there_are_locks_for_running_testing_and_the_broker():
    assert {lock.name for lock in LOCKS} >= {"requirements.lock", "requirements-dev.lock", "kafka-jars.lock"}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_no_lock_names_a_host(lock: Path):
    assert "://" not in lock.read_text()


@pytest.mark.parametrize("lock", PYTHON_LOCKS, ids=lambda lock: lock.name)
def test_every_dependency_is_pinned_and_hashed(lock: Path):
    for entry in _entries(lock):
        assert re.match(r"[A-Za-z0-9._-]+==[^\s;]+( ;[^-]+)?.* --hash=sha256:[0-9a-f]{64}", entry), entry


def test_the_dev_lock_contains_the_runtime_lock_version_for_version():
    assert set(_entries(ROOT / "requirements.lock")) <= set(_entries(ROOT / "requirements-dev.lock"))


@pytest.mark.parametrize("project", PACKAGES, ids=lambda project: project.parent.name)
def test_every_declared_dependency_is_locked(project: Path):
    declared = {_plain(entry) for entry in tomllib.loads(project.read_text())["project"]["dependencies"]}
    of_the_workspace = {tomllib.loads(other.read_text())["project"]["name"] for other in PACKAGES}
    assert declared - of_the_workspace <= _names(ROOT / "requirements.lock")


def test_every_dev_tool_is_locked():
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    assert {_plain(entry) for entry in groups["dev"]} <= _names(ROOT / "requirements-dev.lock")


def test_resolver_files_that_name_hosts_are_not_committed():
    ignored = (ROOT / ".gitignore").read_text().split()
    assert "uv.lock" in ignored
    assert not (ROOT / "pylock.toml").exists()
