"""What an organisation may offer, when a second key must agree, and how an offer ends."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from crisis.domain.balances import OfferBalance
from crisis.domain.clocks import Urgency
from crisis.domain.offer_ends import CloseReason, closed, end_of, resumed, suspended
from crisis.domain.offering import (
    OfferLineRequest,
    OfferRequest,
    drafted,
    marks_of,
    must_be_second_key,
    must_hold_promises,
    submitted,
)
from crisis.domain.offers import (
    OFFER_FINISHED,
    OFFER_WAITING,
    Cause,
    Money,
    Offer,
    OfferState,
    OfferTimer,
)
from crisis.domain.packages import PACKAGE_FINISHED, PACKAGE_WAITING, PackageState
from crisis.domain.refusals import (
    AvailabilityInvalid,
    BestBeforePast,
    CrisisNotOpen,
    EarmarkInvalid,
    OfferLinePromised,
    OfferNotInState,
    OfferOver,
    SameKey,
    StepAboveQuantity,
)
from crisis.domain.shelf_life import Mark, must_keep, shelf_mark
from crisis.domain.thresholds import Thresholds
from imece_reference.refusals import NotWhole, UnknownItem, UnknownPlace
from tests.unit.crisis.examples import NOW, PLEDGER, TENT, a_crisis, new_id


def tents(quantity: str = "300", **changes: Any) -> OfferLineRequest:
    return OfferLineRequest(**{"item_code": TENT, "quantity": quantity, "unit": "adet", **changes})


def a_draft(*lines: OfferLineRequest, **changes: Any) -> Offer:
    request = OfferRequest(**{"origin": "TUR006", "lines": lines or (tents(),), **changes})
    return drafted(request, new_id(), a_crisis(), PLEDGER, NOW, new_id)


def sent(
    draft: Offer, limits: Thresholds | None = None, urgency: Urgency = Urgency.NORMAL, **crisis: Any
) -> Offer:
    key = new_id()
    return submitted(draft, a_crisis(**crisis), limits or Thresholds(), urgency, key, NOW, new_id)


def test_every_state_of_offers_and_packages_waits_for_a_clock_or_is_an_end():
    assert set(OFFER_WAITING) | OFFER_FINISHED == set(OfferState)
    assert set(PACKAGE_WAITING) | PACKAGE_FINISHED == set(PackageState)


def test_an_offer_is_available_for_fourteen_days_unless_it_says_otherwise():
    assert a_draft().available_until == NOW + timedelta(days=14)
    later = NOW + timedelta(days=3)
    assert a_draft(available_from=later).available_until == later + timedelta(days=14)
    for until in (NOW, NOW - timedelta(seconds=1)):
        with pytest.raises(AvailabilityInvalid):
            a_draft(available_until=until)
    with pytest.raises(AvailabilityInvalid):
        a_draft(available_from=later, available_until=later)


def test_lines_are_kept_in_base_units_with_their_pack():
    (line,) = a_draft(tents("50", unit="palet", step="6")).lines
    assert (line.qty, line.unit, line.pack.factor, line.step) == (300, "adet", 6, 6)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"step": "301"}, StepAboveQuantity),
        ({"quantity": "1.5"}, NotWhole),
        ({"item_code": "XXX"}, UnknownItem),
        ({"best_before": date(2026, 2, 5)}, BestBeforePast),
        ({"earmark": {"populations": ["friends"]}}, EarmarkInvalid),
        ({"earmark": {"places": ["TUR099"]}}, UnknownPlace),
    ],
)
def test_a_line_that_cannot_be_is_refused(changes: dict[str, Any], refusal: type[Exception]):
    with pytest.raises(refusal):
        a_draft(tents(**changes))


@pytest.mark.parametrize(
    ("best_before", "mark"),
    [
        (None, None),
        (date(2026, 11, 6), None),
        (date(2026, 11, 5), Mark.YELLOW),
        (date(2026, 5, 6), Mark.YELLOW),
        (date(2026, 5, 5), Mark.RED),
        (date(2026, 2, 6), Mark.RED),
    ],
)
def test_goods_are_marked_below_nine_and_below_three_months(best_before: date | None, mark: Mark | None):
    assert shelf_mark(best_before, NOW) is mark
    must_keep(best_before, NOW)
    offer = a_draft(tents(best_before=best_before))
    assert list(marks_of(offer, NOW).values()) == ([mark] if mark else [])


def test_a_day_ends_at_midnight_in_turkiye_and_months_may_be_short():
    last_second = datetime(2026, 2, 6, 20, 59, 59, tzinfo=UTC)
    must_keep(date(2026, 2, 6), last_second)
    with pytest.raises(BestBeforePast):
        must_keep(date(2026, 2, 6), last_second + timedelta(seconds=1))
    assert shelf_mark(date(2026, 2, 27), datetime(2025, 11, 30, 9, tzinfo=UTC)) is Mark.RED
    assert shelf_mark(date(2026, 2, 28), datetime(2025, 11, 30, 9, tzinfo=UTC)) is Mark.YELLOW


def test_below_the_threshold_an_offer_opens_at_once():
    offer = sent(a_draft(), Thresholds({TENT: Decimal(300)}, {"TRY": Decimal(10)}))
    assert (offer.state, offer.told) == (OfferState.OPEN, 1)
    assert offer.clock is not None
    assert (offer.clock.kind, offer.clock.due_at) == (OfferTimer.AVAILABLE, offer.available_until)


@pytest.mark.parametrize(
    ("lines", "is_above"),
    [
        ((tents("200"), tents("100")), False),
        ((tents("200"), tents("101")), True),
        ((tents("1", value=Money(Decimal("9.99"), "TRY")),), False),
        ((tents("1", value=Money(Decimal(6), "TRY")), tents("1", value=Money(Decimal(5), "TRY"))), True),
        ((tents("1", value=Money(Decimal(500), "USD")),), False),
    ],
)
def test_quantities_of_an_item_and_values_of_a_currency_are_added_up(
    lines: tuple[OfferLineRequest, ...], is_above: bool
):
    limits = Thresholds({TENT: Decimal(300)}, {"TRY": Decimal(10)})
    state = OfferState.INTERNAL_APPROVAL if is_above else OfferState.OPEN
    assert sent(a_draft(*lines), limits).state is state


@pytest.mark.parametrize(
    ("urgency", "hours"), [(Urgency.LIFE_SAVING, 12), (Urgency.URGENT, 12), (Urgency.NORMAL, 48)]
)
def test_a_second_key_has_twelve_hours_or_two_days_and_never_longer_than_the_goods(
    urgency: Urgency, hours: int
):
    limits = Thresholds({TENT: Decimal(1)})
    offer = sent(a_draft(), limits, urgency)
    assert offer.clock is not None and offer.told == 0
    assert (offer.clock.kind, offer.clock.due_at) == (OfferTimer.APPROVAL, NOW + timedelta(hours=hours))
    soon = sent(a_draft(available_until=NOW + timedelta(hours=1)), limits, urgency)
    assert soon.clock is not None and soon.clock.due_at == NOW + timedelta(hours=1)


def test_the_key_that_asked_is_not_the_second_one():
    offer = sent(a_draft(), Thresholds({TENT: Decimal(1)}))
    assert offer.asked_by_key is not None
    with pytest.raises(SameKey):
        must_be_second_key(offer, offer.asked_by_key)
    must_be_second_key(offer, new_id())
    with pytest.raises(OfferNotInState):
        must_be_second_key(sent(a_draft()), new_id())


def test_a_draft_opens_only_into_an_open_crisis_and_while_its_goods_keep():
    with pytest.raises(CrisisNotOpen):
        sent(a_draft(), state="stood_down")
    with pytest.raises(OfferNotInState):
        sent(sent(a_draft()))
    draft = a_draft(tents(best_before=date(2026, 2, 6)))
    with pytest.raises(BestBeforePast):
        submitted(draft, a_crisis(), Thresholds(), Urgency.NORMAL, new_id(), NOW + timedelta(days=1), new_id)


def test_a_line_never_holds_less_than_was_promised_of_it():
    balance = OfferBalance(new_id(), Decimal(300), Decimal(20), Decimal(30), Decimal(50))
    must_hold_promises(balance, Decimal(100), "adet")
    with pytest.raises(OfferLinePromised) as refused:
        must_hold_promises(balance, Decimal(99), "adet")
    assert refused.value.facts["promised"] == "100"


def test_a_suspension_ends_after_fourteen_days_or_with_the_goods():
    offer = sent(a_draft(available_until=NOW + timedelta(days=20)))
    stopped = suspended(offer, Cause.DESK, "not_reachable", NOW, new_id)
    assert stopped.clock is not None and stopped.clock.due_at == NOW + timedelta(days=14)
    with pytest.raises(OfferNotInState):
        stopped.must_take_proposals(NOW)
    on = resumed(stopped, NOW, new_id)
    assert (on.state, on.cause, on.told) == (OfferState.OPEN, None, 3)
    with pytest.raises(OfferOver):
        resumed(stopped, offer.available_until, new_id)
    with pytest.raises(OfferOver):
        on.must_take_proposals(offer.available_until)
    short = suspended(sent(a_draft()), Cause.ORGANISATION, "suspended", NOW + timedelta(days=13), new_id)
    assert short.clock is not None and short.clock.due_at == short.available_until


def test_an_end_is_told_only_of_what_others_had_heard_of():
    assert closed(sent(a_draft()), "expired").told == 2
    assert closed(a_draft(), "expired").told == 0
    with pytest.raises(OfferNotInState):
        closed(closed(a_draft(), "expired"), "expired")


def test_an_offer_ends_by_itself_when_nothing_is_left_or_its_call_is_over():
    offer, line = sent(a_draft()), new_id()
    untouched = OfferBalance(line, Decimal(300))
    assert end_of(offer, [untouched]) is None
    assert end_of(replace(offer, ends_with_call=True), [untouched]) is CloseReason.CALL_ENDED
    used = OfferBalance(line, Decimal(300), consumed=Decimal(300))
    assert end_of(offer, [used]) is CloseReason.USED_UP
    assert end_of(offer, [used, untouched]) is None
    busy = OfferBalance(line, Decimal(300), committed=Decimal(1))
    assert end_of(replace(offer, ends_with_call=True), [busy]) is None
    assert end_of(offer, [OfferBalance(line, Decimal(0))]) is CloseReason.USED_UP
