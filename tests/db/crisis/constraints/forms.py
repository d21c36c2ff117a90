"""How the constraints are written down: a row its table takes, and what of it each constraint refuses.

Values are SQL. References are not looked at: a row stands for itself.
"""

from dataclasses import dataclass

NEW = "gen_random_uuid()"
ONE = "'00000000-0000-7000-8000-000000000001'"
TWO = "'00000000-0000-7000-8000-000000000002'"
NOW = "now()"
LATER = "now() + interval '1 day'"
EARLIER = "now() - interval '1 day'"
NULL = "NULL"
NO, YES = "false", "true"
HASH = "sha256('x')"
PACK = '\'{"pack": "adet", "factor": "1", "count": "10"}\''


@dataclass(frozen=True)
class Refused:
    """What a constraint refuses, as a change of its table's row; `is_second`: beside that row itself."""

    constraint: str
    changes: dict[str, str]
    is_second: bool


@dataclass(frozen=True)
class Refusal:
    """One constraint of one table at work."""

    table: str
    constraint: str
    taken: str
    refused: str
    is_second: bool

    @property
    def rule(self) -> tuple[str, str]:
        return self.table, self.constraint


def refused(constraint: str, /, **changes: str) -> Refused:
    """By a CHECK: the row with these columns changed."""
    return Refused(constraint, changes, is_second=False)


def twice(constraint: str, /, **changes: str) -> Refused:
    """By a UNIQUE or EXCLUDE: one more row, these columns changed, beside the first."""
    return Refused(constraint, changes, is_second=True)


def table(name: str, row: dict[str, str], *rules: Refused) -> tuple[Refusal, ...]:
    """The constraints of a table, on the row it takes."""
    return tuple(
        Refusal(name, rule.constraint, _insert(name, row), _insert(name, row | rule.changes), rule.is_second)
        for rule in rules
    )


def _insert(name: str, row: dict[str, str]) -> str:
    columns = ", ".join(f'"{column}"' for column in row)
    return f"INSERT INTO {name} ({columns}) VALUES ({', '.join(row.values())})"
