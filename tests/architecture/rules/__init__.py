"""Rules over the text of the repository. Each takes a Tree and returns one sentence per violation.

test_rules.py runs every rule on the repository, where it must find nothing, and on a planted violation, where
it must find something. A new rule is a function named after its demand, listed here, planted in plants.py.
"""

from collections.abc import Callable, Iterator

from tests.architecture.rules import crash_points, locks, purity, sizes, statements, testing, words
from tests.architecture.tree import Tree

Rule = Callable[[Tree], Iterator[str]]

RULES: tuple[Rule, ...] = (
    sizes.no_module_is_over_500_lines,
    sizes.the_median_module_has_at_most_100_lines,
    sizes.module_docstrings_have_at_most_six_lines,
    sizes.no_module_has_a_vague_name,
    sizes.every_package_has_an_init_file,
    statements.only_the_database_module_touches_the_pool,
    statements.only_named_modules_open_sessions_of_their_own,
    statements.no_statement_selects_star,
    statements.sql_lives_in_the_store_only,
    statements.migrations_are_numbered_without_gaps,
    testing.no_test_patches_our_own_code,
    testing.no_test_sleeps,
    testing.tests_are_sentences,
    testing.no_two_test_modules_share_a_name,
    testing.checkers_import_no_service_code,
    words.the_chassis_has_no_humanitarian_word,
    purity.the_domain_is_pure,
    crash_points.failpoints_are_known_unique_and_tested,
    locks.locks_name_no_host,
)
