"""Every textual rule holds for the repository and is able to fail."""

from pathlib import Path

import pytest

from tests.architecture import rules
from tests.architecture.rules import RULES, Rule
from tests.architecture.tree import Tree

OTHER_PLANTS: list[tuple[Rule, dict[str, str]]] = [
    (
        rules.no_statement_selects_star,
        {"services/crisis/src/crisis/store/a.py": "Q = f'SELECT *  FROM {t}'\n"},
    ),
    (
        rules.no_statement_selects_star,
        {"services/crisis/src/crisis/store/a.py": "Q = 'DELETE FROM t RETURNING *'\n"},
    ),
    (rules.no_test_patches_our_own_code, {"tests/unit/a.py": "from unittest import mock\n"}),
    (rules.no_test_patches_our_own_code, {"tests/unit/a.py": "from unittest.mock import patch\n"}),
    (rules.no_test_patches_our_own_code, {"tests/unit/a.py": "monkeypatch.setattr('crisis.wiring.x', 1)\n"}),
    (rules.no_test_sleeps, {"tests/db/a.py": "async def f():\n    await asyncio.sleep(1)\n"}),
    (rules.the_domain_is_pure, {"services/registry/src/registry/domain/a.py": "async def f(): ...\n"}),
    (
        rules.the_chassis_has_no_humanitarian_word,
        {"shared/chassis/src/imece_chassis/a.py": '"""For tents."""\n'},
    ),
    (
        rules.the_chassis_has_no_humanitarian_word,
        {"shared/chassis/src/imece_chassis/migrations/0001_a.sql": "CREATE TABLE donors (id int);\n"},
    ),
    (rules.failpoints_are_known_unique_and_tested, {"services/crisis/src/crisis/a.py": "failpoint('x.y')\n"}),
    (
        rules.only_the_database_module_touches_the_pool,
        {"services/crisis/src/crisis/a.py": "pool.acquire()\n"},
    ),
]
INNOCENT: list[tuple[Rule, dict[str, str]]] = [
    (
        rules.no_statement_selects_star,
        {"services/crisis/src/crisis/store/a.py": "Q = 'SELECT count(*) FROM t'\n"},
    ),
    (rules.no_test_sleeps, {"tests/db/a.py": "async def f():\n    await asyncio.sleep(0)\n"}),
    (rules.no_test_patches_our_own_code, {"tests/unit/a.py": "monkeypatch.setattr(sys, 'argv', [])\n"}),
    (
        rules.the_chassis_has_no_humanitarian_word,
        {"shared/chassis/src/imece_chassis/a.py": '"""What it needs."""\n'},
    ),
]


def plant(root: Path, files: dict[str, str]) -> Tree:
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


@pytest.mark.parametrize("rule, files", [*RULES.items(), *OTHER_PLANTS])
def test_a_planted_violation_is_found(rule: Rule, files: dict[str, str], tmp_path: Path) -> None:
    assert list(rule(plant(tmp_path, files))) != []


@pytest.mark.parametrize("rule, files", INNOCENT)
def test_what_is_allowed_is_left_alone(rule: Rule, files: dict[str, str], tmp_path: Path) -> None:
    assert list(rule(plant(tmp_path, files))) == []


def test_the_view_of_the_repository_is_not_empty(repository: Tree) -> None:
    assert {"imece_contracts", "imece_chassis", "crisis"} <= {module.package for module in repository.modules}
    assert repository.tests
    assert repository.sql
