"""The scanner for personal data: every text, text list and JSON column of every table, by pattern.

It reads the catalogue, so a new column is scanned from its first day. What it finds is named by table, column
and row, never quoted.
"""

from crisis.store.queries import query
from imece_chassis.database import Transaction

EXEMPT = frozenset({"organisations_mirror", "schema_migrations"})
"""Not ours to sweep: the published record of organisations belongs to the registry, migrations are files."""

PAYLOADS = frozenset({("outbox", "payload"), ("outbox_archive", "payload"), ("idempotency", "body")})
"""JSON that is stored as bytes."""

PATTERNS = {
    "phone": r"(?<![\w.-])((\+|00)\d{1,3}[ .()-]{0,2}(\d[ .()-]{0,2}){8,11}\d"
    r"|0[ .(-]{0,2}[2-5]\d{2}[ .)-]{0,2}\d{3}[ .-]?\d{2}[ .-]?\d{2})(?![\w-])",
    "IBAN": r"\m[A-Z]{2}\d{2} ?(\d{4} ?){3,6}\d{1,4}\M",
    "mail address": r"[[:alnum:]._%+-]+@[[:alnum:]-]+(\.[[:alnum:]-]+)*\.[[:alpha:]]{2,}",
    "plate": r"(?<![\w-])(0[1-9]|[1-7]\d|8[01]) ?[A-Z]{1,3} ?\d{2,5}(?![\w-])",
}


async def scan(tx: Transaction) -> list[tuple[str, str]]:
    """(row, table.column and what it looks like) for every suspicious text; at most 20 per column."""
    found: list[tuple[str, str]] = []
    for row in await tx.fetch(query("text_columns")):
        table, column = row["table_name"], row["column_name"]
        if table in EXEMPT or (row["is_bytes"] and (table, column) not in PAYLOADS):
            continue
        statement = _statement(table, column, row["key"], row["is_bytes"])
        rows = await tx.fetch(statement, list(PATTERNS), list(PATTERNS.values()))
        found += [(each["subject"], f"{table}.{column} looks like a {each['kind']}") for each in rows]
    return found


def _statement(table: str, column: str, key: str | None, is_bytes: bool) -> str:
    said = f"convert_from({_quoted(column)}, 'UTF8')" if is_bytes else f"{_quoted(column)}::text"
    parts = {
        "{subject}": f"concat_ws('/', {key})" if key else "ctid::text",
        "{said}": said,
        "{table}": _quoted(table),
    }
    statement = query("scan_texts").split("\n", 2)[2]
    for place, part in parts.items():
        statement = statement.replace(place, part)
    return statement


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
