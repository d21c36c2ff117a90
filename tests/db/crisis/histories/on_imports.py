"""Files of need lines: uploaded, chosen, taken back; the clock works their rows off."""

from datetime import timedelta
from typing import Any

from crisis.domain.imports import Raw, said_of
from crisis.domain.reasons import REVISE
from crisis.usecases.choose_rows import ApplyImport, UndoImport, apply_import, undo_import
from crisis.usecases.upload_import import UploadImport, compare_rows, upload_import
from tests.db.crisis.histories.actors import mostly, of_organisation
from tests.db.crisis.histories.choices import Choices
from tests.db.crisis.histories.ground import ASKERS, DESK, ITEMS, SECRETARIAT, Ground
from tests.db.crisis.histories.on_crises import crises
from tests.db.crisis.histories.registry import command


async def exported(ground: Ground) -> list[Any]:
    return await ground.rows(
        "SELECT line.need_line_id, line.crisis_id, need.asker_org_id, balance.version, balance.requested"
        " FROM need_lines AS line JOIN needs AS need USING (need_id)"
        " JOIN need_line_balances AS balance USING (need_line_id)"
        " WHERE need.state <> 'draft' AND line.dropped_at IS NULL ORDER BY line.need_line_id"
    )


@command("upload_import", weight=3)
async def upload(ground: Ground, choose: Choices):
    """A line as it is or was some events ago, another figure for it, and a new need."""
    crisis, who = choose.one(await crises(ground)), choose.one((*ASKERS, DESK, SECRETARIAT))
    rows: list[dict[str, Raw]] = []
    lines = [row for row in await exported(ground) if row["crisis_id"] == crisis["crisis_id"]]
    if lines:
        line = choose.one(lines)
        who = mostly(choose, of_organisation(line["asker_org_id"]))
        rows.append(
            {
                "need_line_id": str(line["need_line_id"]),
                "sequence": max(0, line["version"] - choose.number() % 3),
                "requested": str(choose.size(80)),
            }
        )
    rows.append(
        {
            "district": choose.one(("TUR031005", "TUR046001")),
            "item_code": choose.one(ITEMS),
            "unit": "adet",
            "urgency": choose.one(("urgent", "life_saving")),
            "requested": str(choose.size(60)),
            "needed_by": (ground.clock.now() + timedelta(days=choose.size(4))).isoformat(),
        }
    )
    said = [row for number, cells in enumerate(rows, start=2) if (row := said_of(number, cells))]
    compared = await compare_rows(ground.database, crisis["crisis_id"], said, who, ground.tools)
    uploading = UploadImport(crisis["crisis_id"], "csv", bytes(32), 0, compared)
    return await ground.run(lambda tx: upload_import(tx, uploading, who, ground.tools))


async def open_imports(ground: Ground) -> list[Any]:
    return await ground.rows(
        "SELECT import_id, org_id,"
        " (SELECT array_agg(row_no ORDER BY row_no) FROM import_rows AS row"
        "   WHERE row.import_id = imports.import_id AND row.status = 'conflict') AS conflicts"
        " FROM imports WHERE state = 'open' ORDER BY import_id"
    )


@command("apply_import", weight=4)
async def apply_rows(ground: Ground, choose: Choices):
    found = choose.one(await open_imports(ground))
    overwrite = tuple(found["conflicts"] or ()) if choose.number() % 2 else ()
    applying = ApplyImport(found["import_id"], choose.one(sorted(REVISE)), overwrite=overwrite)
    who = mostly(choose, of_organisation(found["org_id"]))
    return await ground.run(lambda tx: apply_import(tx, applying, who, ground.tools))


@command("undo_import", weight=2)
async def take_back_rows(ground: Ground, choose: Choices):
    found = choose.one(await open_imports(ground))
    who = mostly(choose, of_organisation(found["org_id"]))
    return await ground.run(lambda tx: undo_import(tx, UndoImport(found["import_id"]), who, ground.tools))
