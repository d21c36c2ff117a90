"""`./imece demo`: plays an earthquake against the running system, the small one or the large one."""

import argparse
import asyncio
import os
import signal
import sys
import time

from imece_local.demo.calls import Stage
from imece_local.demo.failing import said_by
from imece_local.demo.large.run import SIZES
from imece_local.demo.large.run import run as run_large
from imece_local.demo.player import play
from imece_local.demo.scenario import play as write_scenario
from imece_local.demo.wants import wants

DESCRIPTION = """\
Plays an earthquake against the running system.

small: 30 organisations, 3 provinces, 60 need lines, at --speed.
large: 300 organisations, the 11 provinces of 2023, 7,800 need lines with heartbeats, expiries, waiting lists,
       promotions and a saturation order, as fast as the system takes it; at its end the board is compared
       with the ledger, and the ledger is checked. Expect ten minutes on two cores.
rehearsal: the same course with 30 organisations and 200 lines.

Ctrl-C stops it at any moment; every run is a crisis of its own.
"""


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="imece demo", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", choices=("small", *SIZES), default="small", help="default small")
    parser.add_argument("--seed", type=int, default=7, help="which course (same seed, same story)")
    parser.add_argument(
        "--speed", type=float, default=20.0, help="of the small one: story seconds per second"
    )
    parser.add_argument("--registry", default=os.environ.get("IMECE_REGISTRY_URL"), help="base URL")
    parser.add_argument("--crisis", default=os.environ.get("IMECE_CRISIS_URL"), help="base URL")
    parser.add_argument("--key", default=os.environ.get("IMECE_KEY"), help="API key of the secretariat")
    return parser.parse_args(argv)


def say(text: str) -> None:
    """One line with the time of day."""
    sys.stdout.write(f"{time.strftime('%H:%M:%S')}  {text}\n")
    sys.stdout.flush()


def main(argv: list[str] | None = None) -> int:
    """Play and say how it went. Exit code 1 when the system refused, 2 when it is not running."""
    options = _arguments(argv)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a script's shell may have had it ignored
    if not (options.registry and options.crisis and options.key):
        say("the system is not running: start it with ./imece up, then ./imece demo in a second terminal")
        return 2
    if options.speed <= 0:
        say("--speed takes a number above 0")
        return 2
    stage = Stage(
        registry=options.registry,
        crisis=options.crisis,
        secretariat_key=options.key,
        run=f"demo-{options.seed}-{time.time_ns()}",
        speed=options.speed,
        say=say,
    )
    if options.size in SIZES:
        return run_large(stage, options.seed, SIZES[options.size])
    return _run_small(stage, options.seed)


def _run_small(stage: Stage, seed: int) -> int:
    scenario = write_scenario(seed, wants())
    say(
        f"story {seed}: {len(scenario.organisations)} organisations, "
        f"{sum(len(need.lines) for need in scenario.needs)} need lines, {len(scenario.pledges)} pledges, "
        f"about {scenario.duration / stage.speed:.0f} s"
    )
    try:
        crisis = asyncio.run(play(stage, scenario))
    except KeyboardInterrupt:
        say("stopped; what was played stays on the board")
        return 130
    except Exception as failure:
        reason = said_by(failure)
        if reason is None:
            raise
        say(reason)
        return 1
    say(f"the end. The board: {stage.crisis}/c/{crisis['crisis_no']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
