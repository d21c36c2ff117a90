"""An exported list comes back from a spreadsheet: compared, applied, taken back."""

import csv
import io
from typing import Any
from uuid import UUID

import httpx
import pytest
from openpyxl import load_workbook

from crisis.consumers.timers import effects
from crisis.domain.imports import RUN
from crisis.http.sheet_reading import MOST_BYTES
from crisis.http.sheets import XLSX
from crisis.usecases.tools import Tools
from imece_chassis.access.caller import Caller
from imece_chassis.database import Transaction
from imece_chassis.deadlines import DeadlineWorker
from tests.http.crisis.conftest import Api, Scene


async def exported(scene: Scene) -> list[dict[str, str]]:
    answer = await scene.asker.get(f"/crises/{scene.crisis_id}/lines.csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode())))


def as_file(rows: list[dict[str, str]]) -> bytes:
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode()


def a_new_row(like: dict[str, str], **changes: str) -> dict[str, str]:
    return {**like, "need_line_id": "", "sequence": "", "requested": "40", **changes}


async def upload(
    api: Api, scene: Scene, body: bytes, media: str = "text/csv", key: str = "an upload"
) -> httpx.Response:
    headers = api.headers(content_type=media, idempotency_key=key)
    return await api.client.post(f"/crises/{scene.crisis_id}/imports", content=body, headers=headers)


async def work_off(scene: Scene) -> int:
    """What the worker does, with the rights of the asker's key."""

    async def holder(tx: Transaction, key_id: UUID) -> Caller | None:
        return scene.asker.who if scene.asker.who.key_id == key_id else None

    due = effects(scene.asker.database, Tools(scene.asker.clock), holder=holder)
    return await DeadlineWorker(scene.asker.database, {RUN: due[RUN]}).run_once()


async def requested(scene: Scene) -> str:
    need = (await scene.office.get(f"/needs/{scene.need_id}")).json()
    return need["lines"][0]["line"]["R"]


async def test_from_export_to_undo(scene: Scene):
    (row,) = await exported(scene)
    body = as_file([{**row, "requested": "1500"}, a_new_row(row), a_new_row(row, requested="1,5")])
    answer = await upload(scene.asker, scene, body)
    assert answer.status_code == 201, answer.text
    imported = answer.json()
    assert imported["statuses"] == {"new": 1, "changed": 1, "unchanged": 0, "conflict": 0, "invalid": 1}
    changed, new, invalid = imported["differences"]
    assert changed["changes"] == [
        {"column": "requested", "was": "1000", "now": "1000", "file": "1500", "is_conflict": False}
    ]
    assert (new["row"], new["status"]) == (3, "new")
    assert [(each["column"], each["code"]) for each in invalid["issues"]] == [("requested", "decimal_comma")]
    assert await requested(scene) == "1000"

    path = answer.headers["location"]
    begun = await scene.asker.post(f"{path}/apply", {})
    assert (begun.status_code, begun.json()["state"]) == (202, "applying")
    assert begun.json()["outcomes"]["chosen"] == 2
    assert (await scene.asker.post(f"{path}/apply", {})).json()["code"] == "import_not_open"
    assert await work_off(scene) == 1
    read = (await scene.asker.get(path)).json()
    assert (read["state"], read["outcomes"]["applied"]) == ("open", 2)
    assert await requested(scene) == "1500"

    undone = await scene.asker.post(f"{path}/undo", {"rows": [2]})
    assert (undone.status_code, undone.json()["state"]) == (202, "undoing")
    await work_off(scene)
    assert await requested(scene) == "1000"
    rows = (await scene.asker.get(f"{path}/rows", outcome="undone")).json()["items"]
    assert [each["row"] for each in rows] == [2]


async def test_a_workbook_comes_back_too(scene: Scene):
    answer = await scene.asker.get(f"/crises/{scene.crisis_id}/lines.xlsx")
    book = load_workbook(io.BytesIO(answer.content))
    sheet: Any = book.active
    columns = [cell.value for cell in sheet[1]]
    unchanged = await upload(scene.asker, scene, answer.content, XLSX, "as it is")
    assert unchanged.json()["statuses"]["unchanged"] == 1, unchanged.text
    sheet.cell(2, columns.index("requested") + 1).value = 750
    written = io.BytesIO()
    book.save(written)
    changed = await upload(scene.asker, scene, written.getvalue(), XLSX, "changed")
    assert changed.json()["statuses"]["changed"] == 1, changed.text


async def test_a_conflict_shows_three_values_and_counts_when_named(scene: Scene):
    (row,) = await exported(scene)
    revise = {"quantity": "1200", "unit": "adet", "reason": "more_people"}
    assert (await scene.office.post(f"/need-lines/{scene.line}/revise", revise)).status_code == 200
    answer = await upload(scene.asker, scene, as_file([{**row, "requested": "1500"}]))
    (found,) = answer.json()["differences"]
    assert (found["status"], found["changes"][0]) == (
        "conflict",
        {"column": "requested", "was": "1000", "now": "1200", "file": "1500", "is_conflict": True},
    )
    path = answer.headers["location"]
    refused = await scene.asker.post(f"{path}/apply", {"rows": [2]})
    assert (refused.status_code, refused.json()["code"]) == (409, "row_not_choosable")
    assert (await scene.asker.post(f"{path}/apply", {"overwrite": [2]})).status_code == 202
    await work_off(scene)
    assert await requested(scene) == "1500"


async def test_a_repeated_upload_is_one_import_and_the_same_file_is_told(scene: Scene):
    (row,) = await exported(scene)
    body = as_file([a_new_row(row)])
    first, again = await upload(scene.asker, scene, body), await upload(scene.asker, scene, body)
    assert first.json() == again.json() and again.headers["idempotent-replayed"] == "true"
    assert first.json()["same_file_as"] is None
    third = await upload(scene.asker, scene, body, key="once more")
    assert third.json()["same_file_as"] == first.json()["import_id"]
    listed = (await scene.asker.get(f"/crises/{scene.crisis_id}/imports", limit=1)).json()
    assert [each["import_id"] for each in listed["items"]] == [third.json()["import_id"]]
    following = await scene.asker.get(
        f"/crises/{scene.crisis_id}/imports", limit=1, cursor=listed["next_cursor"]
    )
    assert [each["import_id"] for each in following.json()["items"]] == [first.json()["import_id"]]


async def test_rows_have_pages_filters_and_two_languages(scene: Scene):
    (row,) = await exported(scene)
    body = as_file([row, a_new_row(row), a_new_row(row, urgency="?"), a_new_row(row, requested="")])
    path = (await upload(scene.asker, scene, body)).headers["location"]
    seen: list[int] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await scene.asker.get(f"{path}/rows", limit=3, **cursor)).json()
        seen += [each["row"] for each in page["items"]]
        if not page["has_more"]:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == [2, 3, 4, 5]
    invalid = (await scene.asker.in_turkish().get(f"{path}/rows", status="invalid")).json()["items"]
    assert [each["issues"][0]["code"] for each in invalid] == ["not_allowed", "missing"]
    assert invalid[1]["issues"] == [{"column": "requested", "code": "missing", "detail": "zorunlu"}]
    assert (await scene.asker.get(f"{path}/rows", status="odd")).status_code == 422


@pytest.mark.parametrize(
    ("body", "media", "status", "code"),
    [
        (b"a,b\n1,2\n", "text/csv", 422, "column_missing"),
        (b"", "text/csv", 422, "file_empty"),
        (b"\xff\xfe", "text/csv", 422, "file_unreadable"),
        (b"a,b\n", XLSX, 422, "file_unreadable"),
        (b"{}", "application/json", 415, "unsupported_media_type"),
        (b"x" * (MOST_BYTES + 1), "text/csv", 413, "body_too_large"),
    ],
)
async def test_a_file_is_refused_as_a_whole(scene: Scene, body: bytes, media: str, status: int, code: str):
    answer = await upload(scene.asker, scene, body, media)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def test_a_file_may_be_larger_than_other_bodies(scene: Scene):
    (row,) = await exported(scene)
    body = as_file([a_new_row(row, note="n" * 200) for _ in range(1500)])
    assert len(body) > 512 * 1024
    answer = await upload(scene.asker, scene, body)
    assert (answer.status_code, answer.json()["statuses"]["new"]) == (201, 1500), answer.text
    assert len(answer.json()["differences"]) == 100 and answer.json()["has_more_differences"]
    assert (
        await scene.asker.post(f"/needs/{scene.need_id}/heartbeat", {"x": "y" * 300_000})
    ).status_code == 413


async def test_an_import_is_its_organisations_own(scene: Scene):
    (row,) = await exported(scene)
    body = as_file([a_new_row(row)])
    refused = await upload(scene.pledger, scene, body)
    assert (refused.status_code, refused.json()["code"]) == (403, "role_missing")
    path = (await upload(scene.asker, scene, body)).headers["location"]
    for other in (scene.office, scene.office.member("asker")):
        assert (await other.get(path)).status_code == 404
        assert (await other.get(f"{path}/rows")).status_code == 404
        assert (await other.post(f"{path}/apply", {})).status_code == 404
        assert (await other.post(f"{path}/undo", {})).status_code == 404
        listed = await other.get(f"/crises/{scene.crisis_id}/imports")
        assert listed.json()["items"] == []
    assert (await scene.asker.colleague().get(path)).status_code == 200
    assert (await scene.asker.get(f"/crises/{scene.line}/imports")).status_code == 404
