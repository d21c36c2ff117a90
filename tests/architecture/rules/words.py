"""The chassis is plumbing: nothing in it is named after, or speaks of, what the plumbing is for."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.tree import Tree

HUMANITARIAN = set(
    re.findall(
        r"\w+",
        """
        crisis crises disaster disasters humanitarian emergency earthquake flood hazard relief
        rescue victim victims beneficiary beneficiaries ngo ngos donor donors donation donations
        pledge pledges pledger asker allocation allocations tent tents blanket blankets shelter food
        hygiene volunteer volunteers afad tamp province provinces district districts muhtar kizilay
        """,
    )
)
HUMANITARIAN_NAMES = HUMANITARIAN | {"need", "needs", "offer", "offers", "board", "boards", "drill"}
"""In names also the words that are ordinary English in a sentence."""


def the_chassis_has_no_humanitarian_word(tree: Tree) -> Iterator[str]:
    carried = _names_of_the_contracts(tree)
    for module in tree.package("imece_chassis"):
        for name, line in _identifiers(module.syntax):
            if name not in carried and _words(name) & HUMANITARIAN_NAMES:
                yield f"{module.place}:{line} is called {name}"
        for line, text in module.docstrings():
            if found := _words(_without(text, carried)) & HUMANITARIAN:
                yield f"{module.place}:{line} speaks of {', '.join(sorted(found))}"
    for place, text in tree.sql.items():
        if place.startswith("shared/chassis/"):
            found = {word for word in re.findall(r"\w+", text) if word not in carried}
            for word in sorted(found):
                if _words(word) & HUMANITARIAN:
                    yield f"{place} speaks of {word}"


# A grant may be limited to provinces or to a crisis; whoever checks rights compares those values, no more.
LIMITS_OF_A_GRANT = {"province", "provinces", "crisis"}


def _names_of_the_contracts(tree: Tree) -> set[str]:
    """Members of the envelope and of the access events: carried by the chassis, not understood."""
    carried = set(LIMITS_OF_A_GRANT)
    for module in tree.modules:
        if module.name in {"imece_contracts.envelope", "imece_contracts.registry"}:
            for node in ast.walk(module.syntax):
                if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                    carried.add(node.target.id)
    return carried


def _identifiers(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield name, node.lineno
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name, node.lineno
            case ast.keyword(arg=str(name)):
                yield name, node.value.lineno
            case _:
                pass


def _words(text: str) -> set[str]:
    """Lower-case words of an identifier or sentence: snake_case, CamelCase and spaces all separate."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", text)}


def _without(text: str, names: set[str]) -> str:
    return re.sub(r"\w+", lambda match: "" if match[0] in names else match[0], text)
