"""Errors whose tests know them by their class: code and status as every caller gets them.

A test that meets the error over HTTP names its code itself; then it needs no line here.
"""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from imece_chassis.http.problems import code_of, render
from tests.architecture.discovery import refusals

STATUSES: Mapping[str, int] = {
    "availability_invalid": 422,
    "column_twice": 422,
    "condition_invalid": 422,
    "crisis_not_open": 409,
    "database_unavailable": 503,
    "delivery_not_found": 404,
    "desk_id_taken": 409,
    "earmark_fits": 409,
    "expiry_out_of_range": 422,
    "file_too_large": 422,
    "goods_on_the_way": 409,
    "grant_period_refused": 422,
    "holds_remain": 409,
    "item_not_equal": 409,
    "kind_holds_no_keys": 409,
    "lease_invalid": 422,
    "lease_over": 409,
    "line_full": 409,
    "merge_makes_own_pledge": 409,
    "need_stale": 409,
    "not_awaited": 409,
    "offer_line_promised": 409,
    "offer_of_another_crisis": 409,
    "offer_over": 409,
    "overloaded": 503,
    "package_stale": 409,
    "plan_invalid": 422,
    "ratio_inexact": 422,
    "relocation_breaks_earmark": 409,
    "rounds_used": 409,
    "row_not_applied": 409,
    "setting_out_of_range": 422,
    "sheet_missing": 422,
    "subscription_not_found": 404,
    "table_too_long": 422,
    "text_refused": 422,
    "too_many_subscriptions": 409,
    "watch_id_taken": 409,
    "wrong_state": 409,
}
KINDS = {code: [kind for kind in refusals() if code_of(kind) == code] for code in STATUSES}


def bare(kind: type[Any]) -> Exception:
    """The error without its facts."""
    error: Any = Exception.__new__(kind)
    error.facts = {}
    return error


@pytest.mark.parametrize("code", STATUSES)
def test_the_error_leaves_with_its_code_and_status(code: str) -> None:
    assert KINDS[code], "no error has that code"
    for kind in KINDS[code]:
        for language in ("en", "tr"):
            answer = render(bare(kind), language, "request", "/here")
            document = json.loads(answer.body)
            assert (answer.status, document["status"], document["code"]) == (
                STATUSES[code],
                STATUSES[code],
                code,
            )
            assert document["type"] == "/problems/" + code.replace("_", "-")
            assert document["title"]
