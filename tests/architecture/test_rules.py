"""Every textual rule holds for the repository and is able to fail."""

from pathlib import Path

import pytest

from tests.architecture.plants import INNOCENT, PLANTS, Files
from tests.architecture.rules import RULES, Rule
from tests.architecture.tree import Tree

BY_NAME = {rule.__name__: rule for rule in RULES}


def plant(root: Path, files: Files) -> Tree:
    for place, text in files.items():
        path = root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Tree(root)


@pytest.fixture(scope="session")
def repository() -> Tree:
    return Tree()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_repository_obeys_the_rule(rule: Rule, repository: Tree) -> None:
    found = list(rule(repository))
    assert not found, "\n  ".join(["", *found])


@pytest.mark.parametrize(("rule", "files"), PLANTS)
def test_a_planted_violation_is_found(rule: str, files: Files, tmp_path: Path) -> None:
    assert list(BY_NAME[rule](plant(tmp_path, files))) != []


@pytest.mark.parametrize(("rule", "files"), INNOCENT)
def test_what_is_allowed_is_left_alone(rule: str, files: Files, tmp_path: Path) -> None:
    assert list(BY_NAME[rule](plant(tmp_path, files))) == []


def test_every_rule_has_been_seen_red() -> None:
    assert {name for name, _ in PLANTS} == BY_NAME.keys()


def test_the_view_of_the_repository_is_not_empty(repository: Tree) -> None:
    assert {"imece_contracts", "imece_chassis", "crisis"} <= {module.package for module in repository.modules}
    assert repository.tests
    assert repository.sql
