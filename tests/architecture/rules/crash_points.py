"""Named points at which a process may die: known, unique, and each exercised by a test."""

import ast
from collections import defaultdict
from collections.abc import Iterator

from tests.architecture.tree import Tree

CRASH_POINTS = frozenset(
    {
        "cmd.before_commit",
        "cmd.commit_unknown",
        "cmd.after_commit",
        "cmd.outbox_error",
        "cmd.refused",
        "relay.before_publish",
        "relay.after_publish",
        "relay.lock_lost",
        "consume.before_commit",
        "consume.after_commit",
        "notify.after_send",
        "timer.after_claim",
        "hub.kill",
        "migrate.step",
    }
)
"""The points at which a process may die or be cut, each with a known repair."""


def failpoints_of(tree: Tree) -> dict[str, list[str]]:
    """Name → places where the product passes it."""
    found: dict[str, list[str]] = defaultdict(list)
    for module in tree.modules:
        for called, node in module.calls():
            if called.rpartition(".")[2] in {"failpoint", "afailpoint"} and node.args:
                name = node.args[0]
                text = str(name.value) if isinstance(name, ast.Constant) else ast.unparse(name)
                found[text].append(f"{module.place}:{node.lineno}")
    return found


def failpoints_are_known_unique_and_tested(tree: Tree) -> Iterator[str]:
    tested = "\n".join(m.text for m in tree.tests if not m.place.startswith("tests/architecture/"))
    for name, places in failpoints_of(tree).items():
        if name not in CRASH_POINTS:
            yield f"{name} at {places[0]} is not a known crash point"
        if len(places) > 1:
            yield f"{name} occurs at {', '.join(places)}"
        if name not in tested:
            yield f"{name} at {places[0]} is named by no test"
