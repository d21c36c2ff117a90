"""Copies differ in what is named and in nothing else; a table that is read whole is found in any plan."""

import pytest

from tests.bench.copies import Copies, id_of, id_sql, insert_sql
from tests.bench.lists import whole_tables


def test_a_copy_takes_every_other_column_from_its_example() -> None:
    wanted = Copies("needs", 3, {"need_id": "gen_random_uuid()"}, "state = 'open'")
    assert insert_sql(wanted, ["need_id", "state", "version"]) == (
        "INSERT INTO needs (need_id, state, version) OVERRIDING SYSTEM VALUE"
        " SELECT gen_random_uuid(), example.state, example.version"
        " FROM (SELECT need_id, state, version FROM needs WHERE state = 'open' LIMIT 1) AS example,"
        " generate_series(0, 2) AS n"
    )


def test_a_column_that_is_not_there_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="needs has no colour"):
        insert_sql(Copies("needs", 1, {"colour": "'red'"}), ["need_id"])


def test_ids_of_copies_follow_their_numbers_and_differ_by_kind() -> None:
    assert str(id_of(3, 16)) == "01900010-0003-7000-8000-000000000000"
    assert id_of(3, 9) < id_of(3, 10) < id_of(1, 11)
    assert id_sql(3, "n / 2").startswith("(lpad(to_hex(26214400 + (n / 2)), 8, '0') || '-0003-7000-")


def test_a_table_that_is_read_whole_is_found_below_other_nodes() -> None:
    scan = {"Node Type": "Seq Scan", "Relation Name": "needs"}
    found = {"Node Type": "Index Scan", "Relation Name": "offers"}
    plan = {"Node Type": "Limit", "Plans": [{"Node Type": "Hash Join", "Plans": [found, scan]}]}
    assert whole_tables(plan) == {"needs"}
    assert whole_tables(found) == set()
