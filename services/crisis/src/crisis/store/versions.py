"""The version of anything a path may be about."""

from uuid import UUID

from imece_chassis.database import Transaction

_CURRENT = """
SELECT version FROM crises WHERE crisis_id = $1
UNION ALL SELECT version FROM needs WHERE need_id = $1
UNION ALL SELECT version FROM need_line_balances WHERE need_line_id = $1
UNION ALL SELECT version FROM offers WHERE offer_id = $1
UNION ALL SELECT version FROM allocations WHERE allocation_id = $1
UNION ALL SELECT sum(version)::bigint FROM allocations WHERE bundle_id = $1 HAVING count(*) > 0
UNION ALL SELECT version FROM imports WHERE import_id = $1
UNION ALL SELECT version FROM packages WHERE package_id = $1
UNION ALL SELECT version FROM saturation_orders WHERE order_id = $1
UNION ALL SELECT version FROM recurring_needs WHERE recurring_id = $1
UNION ALL SELECT CASE WHEN retired_at IS NULL THEN 1 ELSE 2 END FROM need_templates WHERE template_id = $1
UNION ALL SELECT version FROM tasks WHERE task_id = $1
UNION ALL SELECT version FROM desks WHERE desk_id = $1
LIMIT 1
"""


async def current(tx: Transaction, subject_id: UUID) -> int | None:
    """Its version now; None for what has none."""
    return await tx.fetchval(_CURRENT, subject_id)
