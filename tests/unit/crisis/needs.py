"""Needs in every state, made by the domain itself."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from crisis.domain.clocks import Urgency
from crisis.domain.crises import Crisis
from crisis.domain.needs import LineRequest, Need, Statement, drafted, stated, verified
from tests.unit.crisis.examples import ASKER, DESK, NOW, TENT, a_crisis, new_id

LINE = LineRequest(TENT, "10", "palet", NOW + timedelta(days=30), "1")
CRISIS = a_crisis()


def said(**changes: Any) -> Statement:
    return replace(Statement("TUR031005", Urgency.URGENT, (LINE,)), **changes)


def a_draft(crisis: Crisis = CRISIS, **changes: Any) -> Need:
    return drafted(crisis, ASKER, said(**changes), NOW, new_id)


def a_submitted_need(crisis: Crisis = CRISIS, **changes: Any) -> Need:
    return stated(crisis, ASKER, said(**changes), NOW, new_id)


def an_open_need(crisis: Crisis = CRISIS, **changes: Any) -> Need:
    return verified(a_submitted_need(crisis, **changes), crisis, 1, DESK, NOW, new_id)
