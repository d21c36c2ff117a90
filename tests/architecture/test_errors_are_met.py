"""Every documented error is met by a test that names its code, or its class and then its code on the wire."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from imece_chassis.http.problems import code_of
from tests.architecture.discovery import refusals
from tests.architecture.tree import ROOT
from tests.unit.chassis.test_codes_on_the_wire import STATUSES

TESTS = ROOT / "tests"
ON_THE_WIRE = TESTS / "unit" / "chassis" / "test_codes_on_the_wire.py"


def test_every_error_is_met_by_a_test() -> None:
    kinds = [(code_of(kind), kind.__name__) for kind in refusals()]
    assert list(unmet(kinds, said(trees(TESTS)), STATUSES)) == []


def unmet(kinds: Iterable[tuple[str, str]], named: set[str], on_the_wire: Iterable[str]) -> Iterator[str]:
    """Codes of (code, class name) that no test names; one on the wire needs a test of its class beside."""
    classes: dict[str, set[str]] = {}
    for code, name in kinds:
        classes.setdefault(code, set()).add(name)
    for code, names in sorted(classes.items()):
        is_met_by_class = code in on_the_wire and bool(names & named)
        if code not in named and not is_met_by_class:
            yield code


def said(modules: Iterable[ast.AST]) -> set[str]:
    """Whole texts and names that stand in the modules; what is only imported does not count."""
    found: set[str] = set()
    for module in modules:
        for node in ast.walk(module):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
            elif isinstance(node, ast.Name):
                found.add(node.id)
            elif isinstance(node, ast.Attribute):
                found.add(node.attr)
    return found


def trees(folder: Path) -> Iterator[ast.AST]:
    """Every module of the tests that runs the product; those about its text know each code anyway."""
    for path in sorted(folder.rglob("*.py")):
        if path != ON_THE_WIRE and "architecture" not in path.parts:
            yield ast.parse(path.read_text(encoding="utf-8"))


KINDS = [("line_full", "LineFull"), ("line_late", "LineLate"), ("line_gone", "LineGone")]


def test_an_error_nobody_meets_is_found() -> None:
    module = ast.parse("from x import LineGone\nwith raises(LineLate): ...\nassert code == 'line_full'")
    assert list(unmet(KINDS, said([module]), {"line_late", "line_gone"})) == ["line_gone"]
    assert list(unmet(KINDS, said([module]), set())) == ["line_gone", "line_late"]
