"""An import contract: some packages may import the standard library, themselves, and a list of others."""

import sys
from collections.abc import Iterator
from typing import cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class OnlyContract(Contract):
    """`modules`: packages under the rule; `allowed`: what they may import besides the standard library."""

    type_name = "only"

    modules = fields.SetField(subfield=fields.StringField())
    allowed = fields.SetField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        found = sorted(set(self._violations(graph)))
        return ContractCheck(kept=not found, metadata={"found": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["found"]:
            output.print_error(f"{importer} -> {imported}")

    def _violations(self, graph: ImportGraph) -> Iterator[tuple[str, str]]:
        allowed = cast("set[str]", self.allowed or set())
        for root in cast("set[str]", self.modules):
            if root not in graph.modules:
                continue
            for module in {root} | graph.find_descendants(root):
                for imported in graph.find_modules_directly_imported_by(module):
                    top = imported.split(".", 1)[0]
                    is_own = imported == root or imported.startswith(root + ".")
                    if not (is_own or top in sys.stdlib_module_names or top in allowed):
                        yield module, imported
