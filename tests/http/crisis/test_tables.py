"""Lists as files: rows keep their ids, Turkish letters survive, nothing becomes a formula."""

import codecs
import csv
import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from crisis.http import tables
from crisis.http.sheets import as_csv, as_xlsx
from tests.http.crisis.conftest import Scene


async def test_lines_as_csv(scene: Scene):
    await scene.pledged("200")
    answer = await scene.office.client.get(
        f"/crises/{scene.crisis_id}/lines.csv", headers=scene.office.headers(accept_language="tr")
    )
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="lines.csv"'
    assert not answer.content.startswith(codecs.BOM_UTF8), "a program would read it as part of a name"
    (row,) = csv.DictReader(io.StringIO(answer.content.decode()))
    assert row["need_line_id"] == str(scene.line)
    assert (row["requested"], row["proposed"], row["gap"], row["label"]) == (
        "1000",
        "200",
        "1000",
        "UNCOVERED",
    )
    assert (row["item"], row["province"]) == ("Aile çadırı 16 m²", "Hatay")
    assert row["needed_by"].endswith("+03:00")


async def test_a_turkish_excel_gets_its_own_csv(scene: Scene):
    await scene.pledged("200")
    for table in ("lines", "pledges"):
        path = f"/crises/{scene.crisis_id}/{table}.csv"
        answer = await scene.office.get(path, variant="excel-tr")
        assert answer.content.startswith(codecs.BOM_UTF8)
        (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
        assert row["need_line_id"] == str(scene.line)
        assert (await scene.office.get(path, variant="excel-de")).status_code == 422


async def test_a_table_has_no_pages_and_filters_that_mean_nothing_are_refused(scene: Scene):
    path = f"/crises/{scene.crisis_id}"
    for unknown in ({"limit": 10}, {"cursor": "x"}, {"province": "TUR031005"}):
        assert (await scene.office.get(f"{path}/lines.csv", **unknown)).status_code == 422
    for refused in (
        await scene.office.get(f"{path}/lines", province="TUR031005"),
        await scene.office.get(f"{path}/pledges.csv", state="hold"),
        await scene.office.get("/release-requests", state="pendign"),
        await scene.office.get("/waivers", state="agreed"),
    ):
        assert refused.status_code == 422, refused.text
    assert (await scene.office.get(f"{path}/lines", province="TUR031")).status_code == 200


async def test_pledges_as_xlsx_show_own_rows_only(scene: Scene):
    mine = await scene.pledged("200")
    stranger = scene.office.member("pledger")
    for api, ids in ((scene.pledger, [mine["allocation_id"]]), (stranger, [])):
        answer = await api.get(f"/crises/{scene.crisis_id}/pledges.xlsx", state="proposed")
        sheet = load_workbook(io.BytesIO(answer.content)).active
        assert sheet is not None
        head, *rows = sheet.iter_rows(values_only=True)
        assert tuple(head) == tables.PLEDGE_COLUMNS
        found = [dict(zip(head, row, strict=True)) for row in rows]
        assert [row["allocation_id"] for row in found] == ids
        assert all(row["quantity"] == 200 for row in found)


async def test_filters_apply_and_a_table_of_no_crisis_is_not_found(scene: Scene):
    answer = await scene.office.get(f"/crises/{scene.crisis_id}/lines.csv", sector="WSH")
    assert len(answer.text.splitlines()) == 1
    assert (await scene.office.get(f"/crises/{scene.line}/lines.csv")).status_code == 404
    assert (await scene.office.get(f"/crises/{scene.crisis_id}/lines.ods")).status_code == 422


def test_a_table_too_long_for_a_file_is_refused():
    assert tables.bounded([1, 2], most=2) == [1, 2]
    with pytest.raises(tables.TableTooLong):
        tables.bounded([1, 2], most=1)


def test_what_looks_like_a_formula_stays_a_text():
    row = ("=HYPERLINK(1)", "+90", "-5", "@x", Decimal(-5), None, True)
    assert as_csv(("a",), [row]).decode().splitlines()[1] == "'=HYPERLINK(1),'+90,'-5,'@x,-5,,true"
    sheet = load_workbook(io.BytesIO(as_xlsx("t", ("a",), [row]))).active
    assert sheet is not None
    values = next(iter(sheet.iter_rows(min_row=2, values_only=True)))
    assert values == ("'=HYPERLINK(1)", "'+90", "'-5", "'@x", -5, None, True)
