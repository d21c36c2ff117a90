"""`python -m imece_local COMMAND`: what `./imece` runs once the environment is there.

Each command is imported only when it is called: `doctor` must run where nothing is installed yet.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence

# ruff: noqa: PLC0415


def _up(argv: Sequence[str]) -> int:
    from imece_local.state import State
    from imece_local.up import up

    code = 1
    try:
        code = up(State.of_this_checkout())
    except Exception:  # noqa: BLE001 # said below, and the process must end
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)  # threads of an interrupted start may wait for parts that will never come


def _down(argv: Sequence[str]) -> int:
    from imece_local.control import down
    from imece_local.state import State

    return down(State.of_this_checkout())


def _reset(argv: Sequence[str]) -> int:
    from imece_local.control import reset
    from imece_local.state import State

    return reset(State.of_this_checkout(), is_sure="--yes" in argv)


def _status(argv: Sequence[str]) -> int:
    from imece_local.state import State
    from imece_local.status import status

    return status(State.of_this_checkout())


def _logs(argv: Sequence[str]) -> int:
    from imece_local.logs import logs
    from imece_local.state import State

    return logs(State.of_this_checkout(), argv)


def _psql(argv: Sequence[str]) -> int:
    from imece_local.consoles import psql
    from imece_local.state import State

    return psql(State.of_this_checkout(), argv)


def _topics(argv: Sequence[str]) -> int:
    from imece_local.consoles import topics
    from imece_local.state import State

    return topics(State.of_this_checkout())


def _doctor(argv: Sequence[str]) -> int:
    from imece_local.doctor import doctor
    from imece_local.state import State

    return doctor(State.of_this_checkout())


def _demo(argv: Sequence[str]) -> int:
    from imece_local.consoles import demo
    from imece_local.state import State

    return demo(State.of_this_checkout(), argv)


def _env(argv: Sequence[str]) -> int:
    from imece_local.consoles import env
    from imece_local.state import State

    return env(State.of_this_checkout())


def _test(argv: Sequence[str]) -> int:
    from imece_local.testing import test

    return test(argv)


def _bench(argv: Sequence[str]) -> int:
    os.execv(sys.executable, [sys.executable, "-m", "tests.bench", *argv])  # noqa: S606


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "up": _up,
    "demo": _demo,
    "env": _env,
    "down": _down,
    "status": _status,
    "logs": _logs,
    "test": _test,
    "bench": _bench,
    "topics": _topics,
    "psql": _psql,
    "reset": _reset,
    "doctor": _doctor,
}


def main(argv: Sequence[str]) -> int:
    """Run one command; its exit code."""
    if not argv or argv[0] not in COMMANDS:
        print(f"usage: ./imece {'|'.join(COMMANDS)}", file=sys.stderr)
        return 2
    if argv[0] != "up":
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `./imece status | head` ends quietly
    return COMMANDS[argv[0]](argv[1:])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
