"""One guard of the ledger: how it is taken away, and the test that must then turn red.

`file` is a source of the product, `find` a text that stands in it once, `instead` what takes its place.
"""

from dataclasses import dataclass

DB = "tests/db/crisis/"
UNIT = "tests/unit/crisis/"
CRISIS = "services/crisis/src/crisis/"
CHASSIS = "shared/chassis/src/imece_chassis/"
STORE = CRISIS + "store/"
QUERIES = STORE + "queries/"
USECASES = CRISIS + "usecases/"
STEP = USECASES + "allocation_step.py"
POSTING_TESTS = DB + "test_posting.py::"


@dataclass(frozen=True)
class Guard:
    """One guard. `kind` groups guards of a sort; the first of each kind is tried in every run."""

    name: str
    kind: str
    file: str
    find: str
    instead: str
    test: str
