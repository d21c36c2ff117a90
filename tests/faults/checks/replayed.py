"""A board's tables row by row, as they are written: two boards of one log have the same.

Left out is what a board counts for its readers only: heads (epoch, seq) and changes (one per line and batch).
"""

import asyncpg

TABLES = {
    "cards": "SELECT line_id::text AS key, concat_ws(' ', sequence, is_parked, body) AS row"
    " FROM board.board_card",
    "totals": "SELECT crisis_id::text AS key, counts::text AS row FROM board.board_total",
    "crises": "SELECT crisis_id::text AS key, to_jsonb(each)::text AS row FROM board.board_crisis AS each",
    "orders": "SELECT order_id::text AS key, to_jsonb(each)::text AS row FROM board.board_stop AS each",
}

Contents = dict[str, dict[str, str]]


async def contents(connection: asyncpg.Connection) -> Contents:
    """Table → key → the whole row."""
    return {
        name: {row["key"]: row["row"] for row in await connection.fetch(statement)}
        for name, statement in TABLES.items()
    }
