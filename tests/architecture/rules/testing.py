"""How tests are written."""

import ast
import sys
from collections import Counter
from collections.abc import Iterator

from tests.architecture.tree import SERVICES, Tree


def no_test_patches_our_own_code(tree: Tree) -> Iterator[str]:
    for module in tree.tests:
        for node in ast.walk(module.syntax):
            match node:
                case ast.Import(names=names, lineno=line):
                    found = [alias.name for alias in names]
                case ast.ImportFrom(module=source, names=names, lineno=line):
                    found = [f"{source}.{alias.name}" for alias in names]
                case _:
                    continue
            if any(name.startswith("unittest.mock") for name in found):
                yield f"{module.place}:{line} imports unittest.mock; pass a fake in"
        for called, node in module.calls():
            if called.endswith("monkeypatch.setattr") and not _is_foreign(node.args[:1]):
                yield f"{module.place}:{node.lineno} patches our own code; pass a fake in"
            if called.startswith("mocker."):
                yield f"{module.place}:{node.lineno} uses mocker; pass a fake in"


def _is_foreign(target: list[ast.expr]) -> bool:
    """True for a module of the standard library, given as a name or as text."""
    if not target:
        return False
    text = target[0].value if isinstance(target[0], ast.Constant) else ast.unparse(target[0])
    return str(text).split(".", 1)[0] in sys.stdlib_module_names


# Load generators pace themselves by the clock; they are measurements, not tests.
PACED = ("tests/bench/", "tests/waiting.py")


def no_test_sleeps(tree: Tree) -> Iterator[str]:
    for module in tree.tests:
        if module.place.startswith(PACED):
            continue
        for called, node in module.calls():
            is_yield = bool(node.args) and isinstance(node.args[0], ast.Constant) and node.args[0].value == 0
            if called in {"time.sleep", "asyncio.sleep", "sleep", "anyio.sleep"} and not is_yield:
                yield f"{module.place}:{node.lineno} sleeps; use tests.waiting"


def tests_are_sentences(tree: Tree) -> Iterator[str]:
    for module in tree.tests:
        for node in ast.walk(module.syntax):
            is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            if is_function and node.name.startswith("test_") and node.name.count("_") < 3:
                yield f"{module.place}:{node.lineno} {node.name} is not a sentence"


def no_two_test_modules_share_a_name(tree: Tree) -> Iterator[str]:
    for name, count in Counter(module.name for module in tree.tests).items():
        if count > 1:
            yield f"{name} exists {count} times"


CHECKER_FOLDERS = ("tests/faults/checks",)


def checkers_import_no_service_code(tree: Tree) -> Iterator[str]:
    own = {
        *SERVICES,
        "imece_chassis",
        "imece_contracts",
        "imece_reference",
        "imece_web",
        "aiokafka",
        "faststream",
    }
    for module in tree.tests:
        if not module.place.startswith(CHECKER_FOLDERS):
            continue
        for node in ast.walk(module.syntax):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                if name.split(".", 1)[0] in own:
                    yield f"{module.place} imports {name}; a checker has its own eyes"
