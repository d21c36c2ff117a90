"""What was pledged in packs stays what it was, whatever a later catalogue says of the pack."""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import imece_reference
from tests.http.crisis.conftest import Scene, serving, staged

PADS = "WSH-PAD"
ROOT = Path(__file__).parents[3]


def catalogue_with(folder: Path, before: str, after: str) -> Path:
    """A copy of the reference package in which the packs of one item differ."""
    copy = folder / "imece_reference"
    shutil.copytree(Path(imece_reference.__path__[0]), copy, ignore=shutil.ignore_patterns("__pycache__"))
    items = copy / "data" / "items.csv"
    (line,) = [each for each in items.read_text(encoding="utf-8").splitlines() if each.startswith(f"{PADS},")]
    assert line.count(before) == 1
    items.write_text(items.read_text(encoding="utf-8").replace(line, line.replace(before, after)), "utf-8")
    return folder


async def in_another_process(path: Path, *arguments: str) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.http.crisis.another_process",
        *arguments,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(path)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, error = await process.communicate()
    assert process.returncode == 0, error.decode()
    return json.loads(said.decode().splitlines()[-1])


async def test_a4_forty_packs_of_24_stay_960_when_the_pack_becomes_20(
    database: Callable[[str], str], tmp_path: Path
):
    url = database("crisis")
    async with serving(url) as office:
        scene = await staged(office)
        pads = office.tents("5000", item_code=PADS, unit="paket")
        body = {"district": "TUR031005", "urgency": "urgent", "lines": [pads]}
        need = (await scene.asker.post(f"/crises/{scene.crisis_id}/needs", body)).json()
        assert (await office.post(f"/needs/{need['need_id']}/verify", {"level": 1})).status_code == 200
        line = need["lines"][0]["need_line_id"]
        scene = Scene(office, scene.asker, scene.pledger, scene.crisis_id, need["need_id"], line)
        pledge = scene.pledge("40", unit="koli")
        row = (await scene.pledger.post(scene.pledges, pledge)).json()
        assert row["quantity"] == "960"
        said = await in_another_process(
            catalogue_with(tmp_path, "koli:24", "koli:20"),
            url,
            row["allocation_id"],
            str(scene.crisis_id),
            json.dumps(pledge),
        )
        assert said["again"]["entered_as"] == {"pack": "koli", "factor": "20", "count": "40"}
        assert said["again"]["quantity"] == "800", "the pack is another one there"
        for read in (said["read"], (await scene.pledger.get(f"/allocations/{row['allocation_id']}")).json()):
            assert (read["quantity"], read["proposed_quantity"], read["unit"]) == ("960", "960", "paket")
            assert read["entered_as"] == {"pack": "koli", "factor": "24", "count": "40"}
        accepted = await office.post(f"/allocations/{row['allocation_id']}/accept")
        assert (accepted.status_code, accepted.json()["quantity"]) == (200, "960")
