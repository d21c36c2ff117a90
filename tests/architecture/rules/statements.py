"""Where connections are opened and where SQL may be written."""

import re
from collections import defaultdict
from collections.abc import Iterator

from tests.architecture.tree import Tree

POOL_METHODS = {"acquire", "execute", "executemany", "fetch", "fetchrow", "fetchval", "fetchmany"}


DOORS = {"imece_chassis.database", "imece_chassis.sessions"}


def only_the_database_module_touches_the_pool(tree: Tree) -> Iterator[str]:
    for module in tree.modules:
        if module.name in DOORS:
            continue
        for called, node in module.calls():
            owner, _, method = called.rpartition(".")
            if (method in POOL_METHODS and "pool" in owner.lower()) or called.endswith("create_pool"):
                yield f"{module.place}:{node.lineno} calls {called}; units of work are the only door"


# Sessions of their own, outside any unit of work, each for a reason.
OWN_SESSIONS = {
    "imece_chassis.database",
    "imece_chassis.sessions",
    "imece_chassis.migrations",  # schema changes run as another role, with their own limits
}


def only_named_modules_open_sessions_of_their_own(tree: Tree) -> Iterator[str]:
    for module in tree.modules:
        allowed = module.name in OWN_SESSIONS or module.name.startswith("imece_chassis.migrat")
        if allowed or module.package == "imece_local":
            continue
        for called, node in module.calls():
            if called == "asyncpg.connect":
                yield f"{module.place}:{node.lineno} opens a session of its own"


STAR = re.compile(r"\b(select|returning)\s+(\w+\.)?\*", re.IGNORECASE)


def no_statement_selects_star(tree: Tree) -> Iterator[str]:
    for place, text in tree.sql.items():
        for match in STAR.finditer(re.sub(r"--.*", "", text)):
            yield f"{place}: {match[0]}"
    for module in tree.modules:
        for line, text in set(module.strings()) - module.docstrings():
            if STAR.search(text):
                yield f"{module.place}:{line} selects *"


SQL = re.compile(r"^\s*(select(?!\s1$)|insert\s+into|update|delete\s+from|with\s+\w+\s+as)\s", re.IGNORECASE)


def sql_lives_in_the_store_only(tree: Tree) -> Iterator[str]:
    for part in ("http", "consumers", "usecases", "events", "domain", "wiring", "__main__"):
        for module in tree.parts(part):
            for line, text in set(module.strings()) - module.docstrings():
                if SQL.search(text):
                    yield f"{module.place}:{line} holds SQL"


MIGRATION = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")


def migrations_are_numbered_without_gaps(tree: Tree) -> Iterator[str]:
    folders: dict[str, list[str]] = defaultdict(list)
    for place in tree.sql:
        folder, _, name = place.rpartition("/")
        if folder.endswith("/migrations"):
            folders[folder].append(name)
    for folder, names in folders.items():
        numbers = [int(match[1]) for name in sorted(names) if (match := MIGRATION.fullmatch(name))]
        if len(numbers) != len(names):
            yield f"{folder} has a file that is not NNNN_name.sql"
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"{folder} is numbered {numbers}"
