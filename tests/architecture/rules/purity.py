"""The domain is plain functions over values."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.tree import Tree

IMPURE = re.compile(
    r"(^|\.)(now|utcnow|today|monotonic|perf_counter|uuid1|uuid4|uuid7|random|randint|choice|getenv|open|print)$"
    r"|^time\.time$"
)


def the_domain_is_pure(tree: Tree) -> Iterator[str]:
    for module in tree.parts("domain"):
        for node in ast.walk(module.syntax):
            if isinstance(node, ast.AsyncFunctionDef | ast.Await):
                yield f"{module.place}:{node.lineno} awaits; the domain is plain functions"
        for called, node in module.calls():
            if IMPURE.search(called):
                yield f"{module.place}:{node.lineno} calls {called}; time, chance and files are arguments"
