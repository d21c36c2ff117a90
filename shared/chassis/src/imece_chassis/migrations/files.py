"""Migration files as shipped in a package, in dbmate's format: `-- migrate:up [transaction:false]`, no way
down.
"""

import hashlib
import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path

_FILE_NAME = re.compile(r"(?P<version>\d{4})_(?P<name>[a-z0-9_]+)\.sql")
_UP = re.compile(r"^-- migrate:up(?P<options>[^\n]*)$", re.MULTILINE)
_DOWN = re.compile(r"^-- migrate:down.*\Z", re.MULTILINE | re.DOTALL)
_TOKEN = re.compile(
    r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|(?P<tag>\$[A-Za-z_]*\$).*?(?P=tag)|;|[^;'\"$/-]+|.",
    re.DOTALL,
)

_INDEX = re.compile(
    r"CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+(?:IF\s+NOT\s+EXISTS\s+)?(?!ON\s)(?P<name>[\w.\"]+)",
    re.IGNORECASE,
)


class ChangedAfterApplied(Exception):
    """A migration was edited after it had been applied; write a new one instead."""


class MalformedMigration(Exception):
    """A migration must be named NNNN_name.sql, be numbered once, and contain `-- migrate:up`."""


@dataclass(frozen=True, slots=True)
class Component:
    """A set of migrations: `name` is its key in schema_migrations; the files lie in `package` or its folder
    `migrations`."""

    name: str
    package: str


@dataclass(frozen=True, slots=True)
class Migration:
    """One file. `checksum` is the SHA-256 of its text with line ends normalised."""

    version: int
    name: str
    checksum: str
    up: str
    is_transactional: bool

    @property
    def label(self) -> str:
        return f"{self.version:04d}_{self.name}"


def shipped(component: Component) -> list[Migration]:
    """The component's migrations in order. Raises MalformedMigration."""
    migrations = [_read(path) for path in sorted(_folder(component).glob("*.sql"))]
    versions = [migration.version for migration in migrations]
    if len(set(versions)) != len(versions):
        raise MalformedMigration(f"{component.name}: a number is used twice")
    return migrations


def statements(script: str) -> list[str]:
    """The statements of a script, split at semicolons outside of quotes, dollar quotes and comments."""
    found: list[str] = []
    current: list[str] = []
    for match in _TOKEN.finditer(script):
        token = match.group()
        if token == ";":
            found.append("".join(current).strip())
            current = []
        elif not token.startswith(("--", "/*")):
            current.append(token)
    found.append("".join(current).strip())
    return [statement for statement in found if statement]


def indexes_built(script: str) -> list[str]:
    """Names of the indexes a script builds concurrently, as it writes them."""
    return [found["name"] for each in statements(script) if (found := _INDEX.match(each))]


def _folder(component: Component) -> Path:
    spec = importlib.util.find_spec(component.package)
    if spec is None or not spec.submodule_search_locations:
        raise MalformedMigration(f"{component.package} is not a package")
    package = Path(next(iter(spec.submodule_search_locations)))
    inner = package / "migrations"
    return inner if inner.is_dir() else package


def _read(path: Path) -> Migration:
    name = _FILE_NAME.fullmatch(path.name)
    text = path.read_text(encoding="utf-8").replace("\r\n", "\n")
    up = _UP.search(text)
    if name is None or up is None:
        raise MalformedMigration(path.name)
    return Migration(
        version=int(name["version"]),
        name=name["name"],
        checksum=hashlib.sha256(text.encode()).hexdigest(),
        up=_DOWN.sub("", text[up.end() :]).strip(),
        is_transactional="transaction:false" not in up["options"],
    )
