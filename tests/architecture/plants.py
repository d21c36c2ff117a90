"""Small wrong repositories: files that must make the named rule speak, and innocent ones that must not."""

Files = dict[str, str]

CRISIS = "services/crisis/src/crisis"
CHASSIS = "shared/chassis/src/imece_chassis"

PLANTS: list[tuple[str, Files]] = [
    ("no_module_is_over_500_lines", {f"{CRISIS}/long.py": "\n" * 501}),
    ("the_median_module_has_at_most_100_lines", {f"{CRISIS}/long.py": "\n" * 101}),
    ("module_docstrings_have_at_most_six_lines", {f"{CRISIS}/a.py": '"""One\n2\n3\n4\n5\n6\n7"""\n'}),
    ("no_module_has_a_vague_name", {f"{CRISIS}/http/pledge_helpers.py": ""}),
    ("no_module_has_a_vague_name", {f"{CRISIS}/utils/quantities.py": ""}),
    ("every_package_has_an_init_file", {f"{CRISIS}/board/hub.py": ""}),
    ("only_the_database_module_touches_the_pool", {f"{CRISIS}/store/a.py": "self._pool.fetchrow('')\n"}),
    ("only_the_database_module_touches_the_pool", {f"{CRISIS}/a.py": "database.pool.acquire()\n"}),
    ("only_the_database_module_touches_the_pool", {f"{CHASSIS}/a.py": "asyncpg.create_pool('')\n"}),
    ("only_named_modules_open_sessions_of_their_own", {f"{CRISIS}/board/hub.py": "asyncpg.connect('')\n"}),
    ("no_statement_selects_star", {f"{CRISIS}/store/queries/a.sql": "SELECT l.* FROM need_lines l;\n"}),
    ("no_statement_selects_star", {f"{CRISIS}/store/a.py": "Q = f'SELECT *  FROM {t}'\n"}),
    ("no_statement_selects_star", {f"{CRISIS}/store/a.py": "Q = 'DELETE FROM t RETURNING *'\n"}),
    ("sql_lives_in_the_store_only", {f"{CRISIS}/http/a.py": "Q = 'SELECT need_id FROM needs'\n"}),
    ("migrations_are_numbered_without_gaps", {f"{CRISIS}/migrations/0002_needs.sql": ""}),
    ("migrations_are_numbered_without_gaps", {f"{CRISIS}/migrations/needs.sql": ""}),
    ("no_test_patches_our_own_code", {"tests/unit/a.py": "from unittest import mock\n"}),
    ("no_test_patches_our_own_code", {"tests/unit/a.py": "from unittest.mock import patch\n"}),
    ("no_test_patches_our_own_code", {"tests/unit/a.py": "monkeypatch.setattr('crisis.wiring.x', 1)\n"}),
    ("no_test_patches_our_own_code", {"tests/unit/a.py": "monkeypatch.setattr(lines, 'cap', 1)\n"}),
    ("no_test_sleeps", {"tests/db/a.py": "time.sleep(0.1)\n"}),
    ("no_test_sleeps", {"tests/db/a.py": "async def f():\n    await asyncio.sleep(1)\n"}),
    ("tests_are_sentences", {"tests/unit/test_lines.py": "def test_cap():\n    pass\n"}),
    ("no_two_test_modules_share_a_name", {"tests/unit/x.py": "", "tests/unit/x/__init__.py": ""}),
    (
        "checkers_import_no_service_code",
        {"tests/faults/checks/a.py": "from imece_contracts.envelope import Envelope\n"},
    ),
    ("the_chassis_has_no_humanitarian_word", {f"{CHASSIS}/a.py": "def append_pledge(tx): ...\n"}),
    ("the_chassis_has_no_humanitarian_word", {f"{CHASSIS}/a.py": '"""For tents."""\n'}),
    (
        "the_chassis_has_no_humanitarian_word",
        {f"{CHASSIS}/migrations/0001_a.sql": "CREATE TABLE donors;\n"},
    ),
    ("the_domain_is_pure", {f"{CRISIS}/domain/a.py": "AT = datetime.now()\n"}),
    ("the_domain_is_pure", {f"{CRISIS}/domain/a.py": "async def f(): ...\n"}),
    ("failpoints_are_known_unique_and_tested", {f"{CRISIS}/a.py": "failpoint('cmd.unheard_of')\n"}),
    ("failpoints_are_known_unique_and_tested", {f"{CRISIS}/a.py": "failpoint('cmd.before_commit')\n"}),
    (
        "failpoints_are_known_unique_and_tested",
        {
            f"{CRISIS}/a.py": "failpoint('cmd.before_commit')\nfailpoint('cmd.before_commit')\n",
            "tests/faults/a.py": "FP = 'cmd.before_commit'\n",
        },
    ),
    ("locks_name_no_host", {"requirements.lock": "asyncpg @ https://files.example/asyncpg.whl\n"}),
    ("locks_name_no_host", {"uv.lock": ""}),
]

INNOCENT: list[tuple[str, Files]] = [
    ("no_statement_selects_star", {f"{CRISIS}/store/a.py": "Q = 'SELECT count(*) FROM t'\n"}),
    ("no_test_sleeps", {"tests/db/a.py": "async def f():\n    await asyncio.sleep(0)\n"}),
    ("no_test_patches_our_own_code", {"tests/unit/a.py": "monkeypatch.setattr(sys, 'argv', [])\n"}),
    ("the_chassis_has_no_humanitarian_word", {f"{CHASSIS}/a.py": '"""What it needs."""\n'}),
    ("the_domain_is_pure", {f"{CRISIS}/domain/a.py": "AT = datetime.combine(day, time())\n"}),
    (
        "failpoints_are_known_unique_and_tested",
        {
            f"{CRISIS}/a.py": "failpoint('cmd.before_commit')\n",
            "tests/faults/a.py": "FP = 'cmd.before_commit'\n",
        },
    ),
]
