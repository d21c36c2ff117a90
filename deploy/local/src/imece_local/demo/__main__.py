"""`./imece demo`: plays the small earthquake against the running system."""

import argparse
import asyncio
import os
import sys
import time

from imece_local.demo.player import DemoFailed, Stage, play
from imece_local.demo.scenario import play as write_scenario
from imece_local.demo.wants import wants


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="imece demo", description=__doc__)
    parser.add_argument("--seed", type=int, default=7, help="which story (same seed, same story)")
    parser.add_argument("--speed", type=float, default=20.0, help="story seconds per second (default 20)")
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
    if not (options.registry and options.crisis and options.key):
        say("the system is not running: start it with ./imece up, then ./imece demo in a second terminal")
        return 2
    if options.speed <= 0:
        say("--speed takes a number above 0")
        return 2
    scenario = write_scenario(options.seed, wants())
    stage = Stage(
        registry=options.registry,
        crisis=options.crisis,
        secretariat_key=options.key,
        run=f"demo-{options.seed}-{time.time_ns()}",
        speed=options.speed,
        say=say,
    )
    say(
        f"story {options.seed}: {len(scenario.organisations)} organisations, "
        f"{sum(len(need.lines) for need in scenario.needs)} need lines, {len(scenario.pledges)} pledges, "
        f"about {scenario.duration / options.speed:.0f} s"
    )
    try:
        crisis = asyncio.run(play(stage, scenario))
    except KeyboardInterrupt:
        say("stopped; what was played stays on the board")
        return 130
    except DemoFailed as failure:
        say(str(failure))
        return 1
    except BaseExceptionGroup as failures:
        said, unexpected = failures.split(DemoFailed)
        if unexpected is not None or said is None:
            raise
        say(str(said.exceptions[0]))
        return 1
    say(f"the end. The board: {options.crisis}/c/{crisis['crisis_no']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
