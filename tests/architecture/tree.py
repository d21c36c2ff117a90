"""The repository as text: modules, tests, SQL and locks below one root, which may be a planted copy."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE_FOLDERS = (
    "shared/contracts/src",
    "shared/chassis/src",
    "shared/reference/src",
    "shared/web/src",
    "services/registry/src",
    "services/crisis/src",
    "services/notifications/src",
    "deploy/local/src",
)
SERVICES = ("registry", "crisis", "notifications")


@dataclass(frozen=True)
class Module:
    """One Python file. `name` is the dotted module name, `place` the path below the root."""

    name: str
    place: str
    text: str

    @cached_property
    def syntax(self) -> ast.Module:
        return ast.parse(self.text, self.place)

    @property
    def package(self) -> str:
        return self.name.split(".", 1)[0]

    @property
    def lines(self) -> int:
        return self.text.count("\n")

    def calls(self) -> Iterator[tuple[str, ast.Call]]:
        """Every call with what is called as source text."""
        for node in ast.walk(self.syntax):
            if isinstance(node, ast.Call):
                yield ast.unparse(node.func), node

    def strings(self) -> Iterator[tuple[int, str]]:
        """Every string constant and the fixed parts of f-strings, docstrings included, with its line."""
        for node in ast.walk(self.syntax):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.lineno, node.value

    def docstrings(self) -> set[tuple[int, str]]:
        """The strings that are documentation, with their lines."""
        found: set[tuple[int, str]] = set()
        for node in ast.walk(self.syntax):
            match node:
                case ast.Expr(value=ast.Constant(value=str(text), lineno=line)):
                    found.add((line, text))
                case _:
                    pass
        return found


class Tree:
    """Lazy view of one copy of the repository."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root

    @cached_property
    def modules(self) -> list[Module]:
        """Every module of the product, sorted by name."""
        found = [module for folder in SOURCE_FOLDERS for module in self._python(folder, strip=folder)]
        return sorted(found, key=lambda module: module.name)

    @cached_property
    def tests(self) -> list[Module]:
        """Every Python file below tests/."""
        return list(self._python("tests", strip=""))

    @cached_property
    def sql(self) -> dict[str, str]:
        """Place → text of every SQL file of the product."""
        return {
            path.relative_to(self.root).as_posix(): path.read_text(encoding="utf-8")
            for folder in SOURCE_FOLDERS
            for path in sorted((self.root / folder).rglob("*.sql"))
        }

    def package(self, prefix: str) -> list[Module]:
        """The module `prefix` and everything below it."""
        return [m for m in self.modules if m.name == prefix or m.name.startswith(prefix + ".")]

    def parts(self, part: str) -> Iterator[Module]:
        """The same part ("domain", "http", …) of every service."""
        for service in SERVICES:
            yield from self.package(f"{service}.{part}")

    def has(self, name: str) -> bool:
        """True when there is a module or package (a folder with __init__.py) of that name."""
        places = [self.root / folder / name.replace(".", "/") for folder in SOURCE_FOLDERS]
        return any(
            place.with_suffix(".py").is_file() or (place / "__init__.py").is_file() for place in places
        )

    def _python(self, folder: str, strip: str) -> Iterator[Module]:
        base = self.root / folder
        for path in sorted(base.rglob("*.py")):
            parts = path.relative_to(self.root / strip).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            yield Module(name, path.relative_to(self.root).as_posix(), path.read_text(encoding="utf-8"))
