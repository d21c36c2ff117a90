"""What a test needs and this machine lacks: a failure in CI, a loud skip elsewhere, never silence."""

import os
from typing import NoReturn

import pytest


def is_ci() -> bool:
    """True when CI is set to anything but 0, false or nothing."""
    return os.environ.get("CI", "").lower() not in {"", "0", "false", "no"}


def cannot_run(reason: str) -> NoReturn:
    """End the test because this machine lacks something; `reason` says what to install."""
    if is_ci():
        pytest.fail(f"cannot run in CI: {reason}", pytrace=False)
    pytest.skip(reason)
