"""What is posted, and on which condition."""

from tests.db.crisis.guards.forms import DB, POSTING_TESTS, QUERIES, STORE, Guard

_NEEDS = QUERIES + "move_need_balances.sql"
_OFFERS = QUERIES + "move_offer_balances.sql"
_BUCKET = POSTING_TESTS + "test_every_bucket_is_posted_on_both_sides"


def _posting(bucket: str, state: str, file: str = _NEEDS) -> Guard:
    stays = f"balance.{bucket} + change.{bucket},"
    return Guard(f"posting of {bucket}", "posting", file, stays, f"balance.{bucket},", f"{_BUCKET}[{state}]")


def _terms(column: str, test: str, file: str = _NEEDS) -> Guard:
    moves = f"= balance.{column} + change.{column},\n"
    return Guard(f"posting of {column}", "posting", file, moves, f"= balance.{column},\n", test)


GUARDS = (
    Guard(
        "version in the guarded update",
        "condition",
        _NEEDS,
        "   AND balance.version = change.old_version\n",
        "",
        POSTING_TESTS + "test_an_entry_decided_on_an_old_balance_is_refused",
    ),
    Guard(
        "cap in the guarded update",
        "condition",
        _NEEDS,
        "(change.held + change.in_transit + change.arrived + change.good <= 0\n",
        "(true\n",
        POSTING_TESTS + "test_an_accept_above_the_cap_is_refused_before_the_tables_own_check",
    ),
    Guard(
        "supply in the guarded update",
        "condition",
        _OFFERS,
        "+ change.reserved + change.committed + change.consumed <= balance.qty + change.qty",
        "+ change.reserved + change.committed + change.consumed <= balance.qty + change.qty + 1000",
        POSTING_TESTS + "test_more_than_the_offer_has_is_refused_before_the_tables_own_check",
    ),
    Guard(
        "every balance was moved",
        "condition",
        STORE + "ledger.py",
        "    if moved != wanted:\n",
        "    if False:\n",
        POSTING_TESTS + "test_an_entry_decided_on_an_old_balance_is_refused",
    ),
    _posting("held", "held"),
    _posting("proposed", "proposed"),
    _posting("waitlisted", "waitlisted"),
    _posting("in_transit", "dispatched"),
    _posting("arrived", "arrived"),
    _posting("good", "confirmed"),
    _posting("lost", "short"),
    _posting("reserved", "held", _OFFERS),
    _posting("committed", "held", _OFFERS),
    _posting("consumed", "confirmed", _OFFERS),
    _terms("requested", DB + "test_line_terms.py::test_a18_lowering_releases_newest_first"),
    _terms("over_cap", DB + "test_two_keys.py::test_a_reserve_widens_the_room_only_with_the_second_key"),
    _terms("elsewhere", DB + "test_line_terms.py::test_what_is_met_elsewhere_counts_until_it_is_revoked"),
    _terms(
        "qty",
        DB + "test_offers.py::test_a_line_may_hold_more_or_less_but_never_less_than_promised",
        _OFFERS,
    ),
    Guard(
        "carried excess shrinks",
        "posting",
        _NEEDS,
        "carried_excess = least(balance.carried_excess + change.carried_excess,",
        "carried_excess = greatest(balance.carried_excess + change.carried_excess,",
        POSTING_TESTS + "test_a_carried_excess_leaves_with_the_surplus_it_stands_for",
    ),
    Guard(
        "promotion when room grows",
        "posting",
        STORE + "ledger.py",
        'if row["may_promote"]',
        "if False",
        DB + "test_promotion.py::test_a19_room_calls_the_fittest_and_its_silence_passes_the_call_on",
    ),
)
