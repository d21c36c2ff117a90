"""When something is needed, in words: the page as served and as the browser makes it say the same."""

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import pytest

import crisis.board
from crisis.board.rows import when
from imece_web.catalogue import Catalogue
from imece_web.languages import LANGUAGES
from tests.conformance.judges import node_command

NOW = datetime(2026, 12, 30, 12, 0, tzinfo=UTC)
MOMENTS = (
    *(NOW + timedelta(days=days, hours=9) for days in (-364, -300, -1, 0, 1, 2, 30, 400)),
    datetime(2026, 12, 31, 20, 59, tzinfo=UTC),
    datetime(2026, 12, 31, 21, 0, tzinfo=UTC),
    datetime(2025, 12, 31, 20, 59, tzinfo=UTC),
    datetime(2025, 12, 31, 21, 0, tzinfo=UTC),
)
ENGLISH = MappingProxyType(
    {
        datetime(2026, 12, 31, 20, 59, tzinfo=UTC): "tomorrow 23:59",
        datetime(2026, 12, 31, 21, 0, tzinfo=UTC): "1 Jan 2027 00:00",
        datetime(2025, 12, 31, 20, 59, tzinfo=UTC): "31 Dec 2025 23:59",
        datetime(2025, 12, 31, 21, 0, tzinfo=UTC): "1 Jan 00:00",
    }
)
WORDS = Path(crisis.board.__file__).parent / "static" / "words.js"
SCRIPT = """
import { Words } from "./words.mjs";
const { intl, messages, now, moments } = JSON.parse(process.argv[2]);
const words = new Words({ intl, messages, items: {}, provinces: {}, names: {} });
console.log(JSON.stringify(moments.map((moment) => words.when(moment, now))));
"""
CATALOGUE = Catalogue(["imece_web", "crisis.board"])


def served(language: str) -> list[str]:
    return [when(moment, language, CATALOGUE, NOW) for moment in MOMENTS]


def test_a_day_of_another_year_has_its_year() -> None:
    for moment, words in ENGLISH.items():
        assert when(moment, "en", CATALOGUE, NOW) == words
    assert when(NOW + timedelta(days=400), "tr", CATALOGUE, NOW) == "3 Şub 2028 15:00"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_browser_says_when_as_the_server_does(language: str, tmp_path: Path) -> None:
    (tmp_path / "words.mjs").write_text(WORDS.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "script.mjs").write_text(SCRIPT, encoding="utf-8")
    asked = {
        "intl": LANGUAGES[language].intl,
        "messages": CATALOGUE.subset(language, ["time."]),
        "now": NOW.timestamp() * 1000,
        "moments": [moment.timestamp() * 1000 for moment in MOMENTS],
    }
    node, _ = node_command()
    done = subprocess.run(
        [node, "script.mjs", json.dumps(asked)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert json.loads(done.stdout) == served(language)
