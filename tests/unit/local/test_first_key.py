"""The key is found in the registry's output, among log lines or alone, on one line or many."""

import json

import pytest

from imece_local.first_key import NoKey, key_in

ANSWER = {"organisation_id": "0197", "key": "imc_test_abc"}


@pytest.mark.parametrize(
    "said",
    [
        json.dumps(ANSWER),
        json.dumps(ANSWER, indent=2),
        '{"level": "info", "event": "started"}\n' + json.dumps(ANSWER) + "\n",
        json.dumps(ANSWER) + '\n{"level": "info", "event": "ended"}\n',
    ],
)
def test_the_key_is_found(said: str):
    assert key_in(said) == "imc_test_abc"


def test_no_key_was_made_when_one_is_live():
    assert key_in('{"organisation_id": "0197", "key": null}') is None


@pytest.mark.parametrize("said", ["", "Traceback", '{"level": "info"}', "[1, 2]"])
def test_output_without_an_answer_is_an_error(said: str):
    with pytest.raises(NoKey):
        key_in(said)
