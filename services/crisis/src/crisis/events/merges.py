"""Events of merged needs and of the lines whose rows moved."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from crisis.domain.balances import NeedBalance
from crisis.domain.line_terms import Terms
from crisis.domain.lines import Line
from crisis.domain.merging import Merge
from crisis.domain.needs import Need
from crisis.events.line_terms import terms_view
from crisis.events.lines import of_line
from crisis.events.story import Story, moment, sealed
from imece_contracts import crisis as contract
from imece_contracts.envelope import Envelope


def need_merged(need: Need, merge: Merge, story: Story) -> Envelope:
    """The need is closed; its promises count for another one."""
    document: dict[str, Any] = {
        "need": need.need_id,
        "asker_org": need.asker_org_id,
        "merged_into": merge.into_need_id,
        "mode": merge.mode,
        "undo_until": moment(merge.undo_until),
    }
    return sealed(contract.NeedMerged, document, f"need/{need.need_id}", need.need_id, need.told, story)


def need_unmerged(need: Need, merge: Merge, stayed: Sequence[UUID], story: Story) -> Envelope:
    """The need is open again; what moved on meanwhile stayed with the other one."""
    document: dict[str, Any] = {
        "need": need.need_id,
        "asker_org": need.asker_org_id,
        "merged_into": merge.into_need_id,
        "stayed": list(stayed),
    }
    return sealed(contract.NeedUnmerged, document, f"need/{need.need_id}", need.need_id, need.told, story)


def rows_moved(
    line: Line,
    balance: NeedBalance,
    other: Line,
    terms: tuple[Terms, Terms],
    rows: int,
    story: Story,
    *,
    is_in: bool,
    is_undo: bool,
) -> Envelope:
    """One of the two lines after it; `terms` are its own before and after."""
    document: dict[str, Any] = {
        "other_line": other.need_line_id,
        "other_need": other.need_id,
        "rows": rows,
        "is_undo": is_undo,
        "before": terms_view(terms[0]),
        "after": terms_view(terms[1]),
    }
    model = contract.NeedLineMergedIn if is_in else contract.NeedLineMergedOut
    return of_line(model, f"need_line/{line.need_line_id}", document, line, balance, None, story)
