"""Events of a line whose terms changed, and of lines that took over another one's rows."""

from typing import Any

from crisis.domain.balances import NeedBalance
from crisis.domain.line_terms import Revision, Terms
from crisis.domain.lines import Line
from crisis.events.lines import of_line
from crisis.events.story import Story, moment, quantity
from imece_contracts import crisis as contract
from imece_contracts.envelope import Envelope


def need_line_revised(
    line: Line, balance: NeedBalance, revision: Revision, cause: str, reason: str, story: Story
) -> Envelope:
    """The line under its new terms; holds let go were told before."""
    document: dict[str, Any] = {
        "cause": cause,
        "before": terms_view(revision.before),
        "after": terms_view(revision.after),
        "reason": reason,
    }
    subject = f"need_line/{line.need_line_id}"
    return of_line(contract.NeedLineRevised, subject, document, line, balance, None, story)


def terms_view(terms: Terms) -> dict[str, str]:
    """What stands beside the buckets."""
    return {
        "R": quantity(terms.requested),
        "C": quantity(terms.over_cap),
        "E": quantity(terms.elsewhere),
        "needed_by": moment(terms.needed_by),
    }
