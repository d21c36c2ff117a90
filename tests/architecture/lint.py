"""Runs the import contracts on a copy of the sources, with and without planted files, in a fresh process.

Standard input: {"root": folder, "config": file, "plants": {name: {place: text}}}. Standard output: JSON
{name: {contract id: "" when kept, else what is broken}}; the name "" stands for the copy without a plant.
A process of its own, because packages that are already imported could not be found at their copy's place.
"""

import copy
import importlib
import io
import json
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from importlinter import api
from importlinter.application import output, use_cases

from tests.architecture.tree import SOURCE_FOLDERS, Tree

MODULE_LISTS = ("source_modules", "forbidden_modules")


def verdicts(root: Path, config: Path, plants: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    sys.path[:0] = [str(root / folder) for folder in SOURCE_FOLDERS]
    assert api  # importing it configures the linter
    options = use_cases.read_user_options(str(config))
    use_cases._register_contract_types(options)
    found = {"": _check(options, root)}
    for name, files in plants.items():
        undo = {place: _write(root / place, text) for place, text in files.items()}
        found[name] = _check(options, root)
        for place, before in undo.items():
            _restore(root / place, before)
    return found


def _write(path: Path, text: str) -> str | None:
    """Put a file there; returns what was there before."""
    before = path.read_text(encoding="utf-8") if path.exists() else None
    path.parent.mkdir(parents=True, exist_ok=True)
    (path.parent / "__init__.py").touch()
    path.write_text(text, encoding="utf-8")
    return before


def _restore(path: Path, before: str | None) -> None:
    if before is None:
        path.unlink()
    else:
        path.write_text(before, encoding="utf-8")


def _present(options: Any, root: Path) -> Any:
    """The options without modules that do not exist yet; a contract without sources is left out."""
    tree = Tree(root)
    own = {module.package for module in tree.modules}
    present = copy.deepcopy(options)
    for contract in present.contracts_options:
        for key in MODULE_LISTS:
            if key in contract:
                names: list[str] = contract[key]
                contract[key] = [n for n in names if n.split(".")[0] not in own or tree.has(n)]
    present.contracts_options = [c for c in present.contracts_options if c.get("source_modules") != []]
    return present


def _check(options: Any, root: Path) -> dict[str, str]:
    importlib.invalidate_caches()
    report = use_cases.create_report(_present(options, root), cache_dir=None)
    broken: dict[str, str] = {}
    ids = {contract["name"]: contract["id"] for contract in options.contracts_options}
    for contract, check in report.get_contracts_and_checks():
        text = ""
        if not check.kept:
            with output.console.capture() as captured:
                contract.render_broken_contract(check)
            text = captured.get() or "broken"
        broken[ids[contract.name]] = text
    return broken


if __name__ == "__main__":
    wish = json.load(sys.stdin)
    with redirect_stdout(io.StringIO()):
        answer = verdicts(Path(wish["root"]), Path(wish["config"]), wish["plants"])
    json.dump(answer, sys.stdout)
