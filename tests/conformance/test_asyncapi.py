"""The AsyncAPI document is judged by the specification's own parser."""

import json
from pathlib import Path

from tests.conformance.judges import Judge

DOCUMENT = Path(__file__).parents[2] / "docs" / "asyncapi.json"


def test_the_parser_finds_no_error(judge: Judge) -> None:
    verdict = judge("validate_asyncapi.mjs", DOCUMENT.read_text(encoding="utf-8"))
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


def test_the_parser_refuses_a_wrong_action(judge: Judge) -> None:
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    next(iter(document["operations"].values()))["action"] = "shout"
    verdict = judge("validate_asyncapi.mjs", json.dumps(document))
    assert verdict.returncode == 1 and "action" in verdict.stdout
