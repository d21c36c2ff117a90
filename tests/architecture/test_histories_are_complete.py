"""Every command is one that random histories give, or stands here with the reason why none does."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
USECASES = ROOT / "services/crisis/src/crisis/usecases"
HISTORIES = ROOT / "tests/db/crisis/histories"
GIVEN = {"tx", "caller", "tools"}  # what a command given by somebody takes

NOT_PLAYED = {
    "apply_row": "done by the clock after apply_import",
    "undo_row": "done by the clock after undo_import",
    "first_key": "a part of the commands that need two keys",
    "gives_back": "a part of cancelling a call and of releasing a hold",
    "end_bundle": "a part of declining and of withdrawing a bundle",
    "tell_submitted": "a part of submitting",
    "reject_with_second_key": "done by confirm_two_keys",
    "reopen_crisis": "done by confirm_two_keys",
    "set_over_cap": "done by confirm_two_keys",
    "correct_record": "done by confirm_two_keys",
    "page": "a list",
}
"""Command → why no history gives it."""


def test_every_command_stands_in_histories():
    commands = {
        node.name
        for path in USECASES.glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.AsyncFunctionDef) and not node.name.startswith("_")
        if {argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)} >= GIVEN
    }
    played = {
        alias.name
        for path in HISTORIES.glob("on_*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("crisis.usecases")
        for alias in node.names
    }
    assert len(commands) > 50, "commands are found by what they take"
    assert commands - played == set(NOT_PLAYED), "neither played nor listed, or listed and played"
