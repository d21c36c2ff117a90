"""Ending rows of a bundle: each by a command of its own, and one audit row for the bundle."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from crisis.domain.allocations import Allocation, Step
from crisis.domain.alternatives import Alternative
from crisis.domain.answers import Doing
from crisis.events import Story
from crisis.store import bundles, command_log
from crisis.usecases.allocation_step import Ground
from crisis.usecases.end_rows import end_rows
from crisis.usecases.tools import Tools, audit
from imece_chassis import outbox
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction

Name = tuple[str, str]


async def end_bundle(
    tx: Transaction,
    name: Name,
    rows: Sequence[Allocation],
    end: Callable[[Allocation, Doing], Step],
    reason: str,
    ground: Ground,
    caller: Caller,
    story: Story,
    tools: Tools,
    *,
    alternatives: Mapping[UUID, Sequence[Alternative]] | None = None,
) -> None:
    """End locked rows of one bundle. `name` is how the audit calls it for the bundle, and for each row."""
    bundle_id = rows[0].bundle_id
    assert bundle_id is not None
    before = await bundles.version(tx, bundle_id)
    stories = {row.allocation_id: replace(story, command_id=tools.new_id()) for row in rows}
    told = await end_rows(
        tx, rows, end, ground.balances, story, tools, stories=stories, alternatives=alternatives
    )
    of_bundle, of_row = name
    logged = [
        audit(
            stories[row.allocation_id],
            caller,
            of_row,
            "allocation",
            row.allocation_id,
            (row.version, row.version + 1),
            counterparty=row.proposer_org_id if row.pledger_org_id != caller.organisation_id else None,
            reason=reason,
        )
        for row in rows
    ]
    versions = (before, before + len(rows))
    logged.append(audit(story, caller, of_bundle, bundles.SUBJECT, bundle_id, versions, reason=reason))
    await command_log.record(tx, logged)
    await outbox.append(tx, *told)
