"""Ready-made values for tests of the pure crisis domain."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from crisis.domain.answers import Doing
from crisis.domain.balances import NeedBalance
from crisis.domain.clocks import Timers, Urgency
from crisis.domain.crises import Crisis
from crisis.domain.lines import Line
from crisis.domain.pledges import Pledge, PledgeRequest, pledged

NOW = datetime(2026, 2, 6, 9, 0, tzinfo=UTC)
TENT, FLOUR = "SHL-TENT-FAM", "FSC-FLOUR"
_numbers = itertools.count(1)


def new_id() -> UUID:
    return UUID(int=next(_numbers))


ASKER, PLEDGER, DESK = new_id(), new_id(), new_id()


def a_crisis(**changes: Any) -> Crisis:
    return replace(Crisis(new_id(), False, "open", ("TUR031", "TUR046"), Timers()), **changes)


def a_line(**changes: Any) -> Line:
    plain = Line(
        need_line_id=new_id(),
        need_id=new_id(),
        crisis_id=new_id(),
        is_drill=False,
        asker_org_id=ASKER,
        item_code=TENT,
        unit="adet",
        district="TUR031005",
        needed_by=NOW + timedelta(days=3),
        urgency=Urgency.URGENT,
        need_state="open",
        verification=1,
        opened_at=NOW,
    )
    return replace(plain, **changes)


def a_balance(requested: str = "1000", **buckets: str) -> NeedBalance:
    filled: dict[str, Any] = {name: Decimal(value) for name, value in buckets.items()}
    return NeedBalance(new_id(), Decimal(requested), **filled)


def doing(**changes: Any) -> Doing:
    plain = Doing(new_id(), DESK, "secretariat", NOW, 1, new_id)
    return replace(plain, **changes)


def a_pledge(
    quantity: str = "200", *, line: Line | None = None, balance: NeedBalance | None = None, **changes: Any
) -> Pledge:
    line, balance = line or a_line(), balance or a_balance()
    request = PledgeRequest(line.need_line_id, PLEDGER, quantity, changes.pop("unit", line.unit), "TUR006")
    return pledged(
        replace(request, **changes),
        a_crisis(),
        line,
        balance,
        doing(actor_org_id=PLEDGER, actor="pledger", line_version=balance.version + 1),
    )
