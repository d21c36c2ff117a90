"""How big a module may be and what it may be called."""

import ast
import re
import statistics
from collections.abc import Iterator

from tests.architecture.tree import Tree

MAX_LINES = 500


MEDIAN_LINES = 100


DOCSTRING_LINES = 6


def no_module_is_over_500_lines(tree: Tree) -> Iterator[str]:
    for module in [*tree.modules, *tree.tests]:
        if module.lines > MAX_LINES:
            yield f"{module.place} has {module.lines} lines"


def the_median_module_has_at_most_100_lines(tree: Tree) -> Iterator[str]:
    sizes = [module.lines for module in tree.modules if not module.place.endswith("__init__.py")]
    if sizes and statistics.median(sizes) > MEDIAN_LINES:
        yield f"the median module has {statistics.median(sizes):g} lines"


def module_docstrings_have_at_most_six_lines(tree: Tree) -> Iterator[str]:
    for module in tree.modules:
        docstring = ast.get_docstring(module.syntax) or ""
        if len(docstring.splitlines()) > DOCSTRING_LINES:
            yield f"{module.place}: its docstring has {len(docstring.splitlines())} lines"


VAGUE = re.compile(r"(^|_)(utils?|common|helpers?|managers?|misc)($|_)")


def no_module_has_a_vague_name(tree: Tree) -> Iterator[str]:
    for module in [*tree.modules, *tree.tests]:
        if any(VAGUE.search(part) for part in module.name.split(".")):
            yield f"{module.place} says nothing about what it holds"


def every_package_has_an_init_file(tree: Tree) -> Iterator[str]:
    """Without one the import linter does not see the folder."""
    names = {module.name for module in tree.modules}
    for module in tree.modules:
        parent = module.name.rpartition(".")[0]
        if parent and parent not in names:
            yield f"{module.place}: its folder has no __init__.py"
