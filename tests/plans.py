"""How the server runs a statement that it plans once for all values, as it does for what is asked often."""

import json
import re
from typing import Any


class Noted:
    """A transaction that only notes what it is asked; there is never a row."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    async def fetch(self, statement: str, *_values: Any) -> list[Any]:
        self.statements.append(statement)
        return []


async def generic_plan(connection: Any, statement: str) -> list[dict[str, Any]]:
    """Every node of the plan, outermost first."""
    count = max(map(int, re.findall(r"\$(\d+)", statement)))
    await connection.execute("SET plan_cache_mode = force_generic_plan")
    await connection.execute(f"PREPARE looked_at AS {statement}")
    values = ", ".join(["NULL"] * count)
    text = await connection.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE looked_at({values})")
    await connection.execute("DEALLOCATE looked_at")
    return _nodes(json.loads(text)[0]["Plan"])


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", ()) for node in _nodes(child))]


def scan(nodes: list[dict[str, Any]], table: str) -> tuple[str | None, str]:
    """(index, its condition) of the one scan of a table; fails when rows are sorted or all of it is read."""
    (found,) = scans(nodes, table)
    return found


def scans(nodes: list[dict[str, Any]], table: str) -> list[tuple[str | None, str]]:
    """The same where a table is read from several of its indexes, which are merged."""
    found = [node for node in nodes if node.get("Relation Name") == table]
    kinds = {node["Node Type"] for node in nodes if "Relation Name" not in node or node in found}
    assert found, f"{table} is not read"
    assert not kinds & {"Sort", "Incremental Sort", "Seq Scan", "Bitmap Heap Scan"}, f"{table}: {kinds}"
    return [(node.get("Index Name"), node.get("Index Cond", "")) for node in found]


def indexes(nodes: list[dict[str, Any]]) -> set[str]:
    """Every index that is read."""
    return {node["Index Name"] for node in nodes if "Index Name" in node}
