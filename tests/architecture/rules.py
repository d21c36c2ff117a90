"""Rules over the text of the repository. Each takes a Tree and returns one sentence per violation.

test_rules.py runs every rule on the repository, where it must find nothing, and on a planted violation, where it
must find something. A new rule is a function named after what it demands, added to RULES with its plant.
"""

import ast
import re
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from tests.architecture.tree import SERVICES, Module, Tree

Rule = Callable[[Tree], Iterator[str]]

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


def no_test_patches_our_own_code(tree: Tree) -> Iterator[str]:
    for module in tree.tests:
        for node in ast.walk(module.syntax):
            names = (
                [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
            )
            source = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            if any((f"{source}.{name}" if source else name).startswith("unittest.mock") for name in names):
                yield f"{module.place}:{node.lineno} imports unittest.mock; pass a fake in"
        for called, node in module.calls():
            if called.endswith("monkeypatch.setattr") and not _is_foreign(node.args[:1], module):
                yield f"{module.place}:{node.lineno} patches our own code; pass a fake in"
            if called.startswith("mocker."):
                yield f"{module.place}:{node.lineno} uses mocker; pass a fake in"


def _is_foreign(target: list[ast.expr], module: Module) -> bool:
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
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                if node.name.count("_") < 3:
                    yield f"{module.place}:{node.lineno} {node.name} is not a sentence"


def locks_name_no_host(tree: Tree) -> Iterator[str]:
    for pattern in ("requirements*.lock", "deploy/**/*.lock", "deploy/**/*.txt"):
        for path in sorted(tree.root.glob(pattern)):
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if "://" in line:
                    yield f"{path.relative_to(tree.root)}:{number} names a host: {line.strip()}"
    for name in ("uv.lock", "pylock.toml"):
        if (tree.root / name).exists() and _is_tracked(tree, name):
            yield f"{name} is committed; it names hosts"


def _is_tracked(tree: Tree, name: str) -> bool:
    ignore = tree.root / ".gitignore"
    return not (ignore.exists() and name in ignore.read_text().split())


HUMANITARIAN = frozenset(
    [
        "crisis",
        "crises",
        "disaster",
        "disasters",
        "humanitarian",
        "emergency",
        "earthquake",
        "flood",
        "hazard",
        "relief",
        "rescue",
        "victim",
        "victims",
        "beneficiary",
        "beneficiaries",
        "ngo",
        "ngos",
        "donor",
        "donors",
        "donation",
        "donations",
        "pledge",
        "pledges",
        "pledger",
        "asker",
        "allocation",
        "allocations",
        "tent",
        "tents",
        "blanket",
        "blankets",
        "shelter",
        "food",
        "hygiene",
        "volunteer",
        "volunteers",
        "afad",
        "tamp",
        "province",
        "provinces",
        "district",
        "districts",
        "muhtar",
        "kizilay",
    ]
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
    """Members of the envelope and of the access events: the chassis carries them without understanding them."""
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


IMPURE = re.compile(
    r"(^|\.)(now|utcnow|today|monotonic|perf_counter|uuid1|uuid4|uuid7|random|randint|choice|getenv|open|print)$"
    r"|^time\.time$"
)


def the_domain_is_pure(tree: Tree) -> Iterator[str]:
    for module in _parts(tree, "domain"):
        for node in ast.walk(module.syntax):
            if isinstance(node, ast.AsyncFunctionDef | ast.Await):
                yield f"{module.place}:{node.lineno} awaits; the domain is plain functions"
        for called, node in module.calls():
            if IMPURE.search(called):
                yield f"{module.place}:{node.lineno} calls {called}; time, chance and files are arguments"


SQL = re.compile(r"^\s*(select|insert\s+into|update|delete\s+from|with\s+\w+\s+as)\s", re.IGNORECASE)


def sql_lives_in_the_store_only(tree: Tree) -> Iterator[str]:
    for part in ("http", "consumers", "usecases", "events", "domain", "wiring", "__main__"):
        for module in _parts(tree, part):
            for line, text in set(module.strings()) - module.docstrings():
                if SQL.search(text):
                    yield f"{module.place}:{line} holds SQL"


def _parts(tree: Tree, part: str) -> Iterator[Module]:
    for service in SERVICES:
        yield from tree.package(f"{service}.{part}")


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


RULES: dict[Rule, dict[str, str]] = {
    no_module_is_over_500_lines: {"services/crisis/src/crisis/long.py": "\n" * 501},
    the_median_module_has_at_most_100_lines: {"services/crisis/src/crisis/long.py": "\n" * 101},
    module_docstrings_have_at_most_six_lines: {
        "services/crisis/src/crisis/talk.py": '"""One\n2\n3\n4\n5\n6\n7"""\n'
    },
    no_module_has_a_vague_name: {"services/crisis/src/crisis/http/pledge_helpers.py": ""},
    only_the_database_module_touches_the_pool: {
        "services/crisis/src/crisis/store/lines.py": "async def f(self):\n    return await self._pool.fetchrow('SELECT 1')\n"
    },
    only_named_modules_open_sessions_of_their_own: {
        "services/crisis/src/crisis/board/hub.py": "async def f():\n    await asyncpg.connect('')\n"
    },
    no_statement_selects_star: {
        "services/crisis/src/crisis/store/queries/lines.sql": "SELECT l.* FROM need_lines l;\n"
    },
    no_test_patches_our_own_code: {
        "tests/unit/crisis/test_lines.py": "def test_it(monkeypatch):\n    monkeypatch.setattr(lines, 'cap', None)\n"
    },
    no_test_sleeps: {"tests/db/test_wait.py": "import time\ntime.sleep(0.1)\n"},
    tests_are_sentences: {"tests/unit/test_lines.py": "def test_cap():\n    pass\n"},
    locks_name_no_host: {"requirements.lock": "asyncpg @ https://files.example/asyncpg.whl\n"},
    the_chassis_has_no_humanitarian_word: {
        "shared/chassis/src/imece_chassis/outbox.py": "def append_pledge(tx): ...\n"
    },
    the_domain_is_pure: {
        "services/crisis/src/crisis/domain/needs.py": "from datetime import datetime\nAT = datetime.now()\n"
    },
    sql_lives_in_the_store_only: {
        "services/crisis/src/crisis/http/needs.py": "QUERY = 'SELECT need_id FROM needs'\n"
    },
    migrations_are_numbered_without_gaps: {
        "services/crisis/src/crisis/migrations/0002_needs.sql": "CREATE TABLE needs (need_id uuid);\n"
    },
    failpoints_are_known_unique_and_tested: {
        "services/crisis/src/crisis/usecases/accept.py": "failpoint('cmd.before_commit')\nfailpoint('cmd.before_commit')\n"
    },
    no_two_test_modules_share_a_name: {
        "tests/unit/x.py": "",
        "tests/unit/x/__init__.py": "",
    },
    checkers_import_no_service_code: {
        "tests/faults/checks/ledger.py": "from imece_contracts.envelope import Envelope\n"
    },
}
"""Rule → the files of a violation, by place."""
