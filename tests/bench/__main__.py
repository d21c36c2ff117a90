"""python -m tests.bench [--quick] [--only NAME…]: take the figures, show them, keep them.

Exit status 0: everything was measured, whether or not a target was met. 1: a part could not be measured.
Results: $IMECE_STATE/bench/latest.json and a copy with the time in its name; logs stay when a part failed.
"""

import argparse
import asyncio
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import uvloop

from imece_local.jars import ensure_jars
from tests.bench import document, procfs
from tests.bench.accepts import accepts
from tests.bench.balances import balances
from tests.bench.board_latency import board_latency
from tests.bench.cycles import cycles
from tests.bench.fan_out import fan_out
from tests.bench.figures import Report, table
from tests.bench.ground import Ground, ground
from tests.bench.growth import growth
from tests.bench.idle import idle
from tests.bench.lists import lists
from tests.bench.machine import machine
from tests.bench.progress import Progress
from tests.bench.relay_drain import relay_drain
from tests.bench.throughput import floor_and_pledges, steady
from tests.bench.timers import timers
from tests.bench.wire import raise_open_files
from tests.platform.fixtures import ROOT, STATE

OPEN_FILES = 12_000
START_SECONDS = 10.0
DISTURBED = 0.1
"""From this share on it is said that figures were taken beside somebody else's work."""

PATIENCE = 3.0
"""A part that takes this many times as long as usual is given up."""


@dataclass(frozen=True)
class Part:
    """`usual` and `quick` are the seconds it takes on two idle cores."""

    name: str
    measure: Callable[[Ground], Awaitable[None]]
    usual: float
    quick: float


# In this order: the first starts on an empty system, the others on the history it leaves.
PARTS = (
    Part("growth", growth, 75, 18),
    Part("throughput", floor_and_pledges, 50, 10),
    Part("steady", steady, 25, 8),
    Part("accepts", accepts, 50, 15),
    Part("cycles", cycles, 25, 10),
    Part("board", board_latency, 40, 14),
    Part("viewers", fan_out, 50, 14),
    Part("timers", timers, 40, 25),
    Part("relay", relay_drain, 25, 12),
    Part("balances", balances, 25, 10),
    Part("lists", lists, 140, 40),
)
IDLE = "idle"
IDLE_SECONDS = 35.0


async def main(argv: list[str]) -> int:
    """Run the parts asked for; the exit status."""
    options = _options(argv)
    wanted = [part for part in PARTS if options.only is None or part.name in options.only]
    has_idle = IDLE in options.only if options.only else not options.quick
    files = raise_open_files()
    if files < OPEN_FILES:
        print(
            f"only {files} open files allowed: thousands of viewers need {OPEN_FILES} (ulimit -n)",
            file=sys.stderr,
        )
    ensure_jars(STATE / "kafka-libs")
    planned = [(part.name, part.quick if options.quick else part.usual) for part in wanted]
    if wanted:
        planned = [("start", START_SECONDS), *planned]
    progress = Progress([*([(IDLE, IDLE_SECONDS)] if has_idle else []), *planned])
    report = Report(machine(ROOT, STATE / "kafka-libs"), say=progress.say)
    folder = STATE / "bench" / f"run-{os.getpid()}"
    began = time.monotonic()
    failed = await _measure(wanted, has_idle, options.quick, folder, report, progress)
    result = report.as_json() | {
        "taken_at": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "is_quick": options.quick,
        "seconds": round(time.monotonic() - began, 1),
        "failed": failed,
    }
    file = _keep(result)
    if options.document:
        document.write(ROOT / "docs" / "performance.md", report, result)
    print("\n" + table(report), f"\n{result['seconds']} s; kept in {file}")
    if failed:
        print(f"not measured: {', '.join(failed)}; logs in {folder}", file=sys.stderr)
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    return 0


async def _measure(
    wanted: list[Part], has_idle: bool, is_quick: bool, folder: Path, report: Report, progress: Progress
) -> list[str]:
    failed: list[str] = []
    if has_idle:
        async with progress.part():
            await _attempt(IDLE, idle(folder / "idle", report), IDLE_SECONDS, failed, report, progress)
    if not wanted:
        return failed
    starting = progress.part()
    await starting.__aenter__()
    async with ground(folder / "system", report, is_quick, progress.say) as made:
        await starting.__aexit__(None, None, None)
        for part in wanted:
            async with progress.part():
                usual = part.quick if is_quick else part.usual
                await _attempt(part.name, part.measure(made), usual, failed, report, progress)
    return failed


async def _attempt(
    name: str, work: Awaitable[None], usual: float, failed: list[str], report: Report, progress: Progress
) -> None:
    """One part; its failure is said and the others go on."""
    others = procfs.Others()
    try:
        async with asyncio.timeout(20 + PATIENCE * usual):
            await work
    except Exception as error:  # noqa: BLE001 - whatever it was, the other parts can still be measured
        failed.append(name)
        progress.say(f"{name} FAILED: {type(error).__name__}: {error}")
    finally:
        report.disturbed[name] = round(others.share(), 3)
        if report.disturbed[name] > DISTURBED:
            progress.say(f"  other programs used {report.disturbed[name]:.0%} of the machine during {name}")


def _keep(result: dict[str, object]) -> Path:
    folder = STATE / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(result, indent=1) + "\n"
    dated = folder / time.strftime("%Y%m%d-%H%M%S.json")
    dated.write_text(text)
    (folder / "latest.json").write_text(text)
    return dated


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="imece bench", description="Measure this machine and this revision."
    )
    names = [IDLE, *(part.name for part in PARTS)]
    parser.add_argument(
        "--quick", action="store_true", help="about three minutes, rougher figures, without idle"
    )
    parser.add_argument("--document", action="store_true", help="put the figures into docs/performance.md")
    parser.add_argument("--only", nargs="+", metavar="NAME", choices=names, help=", ".join(names))
    return parser.parse_args(argv)


def _run(argv: list[str]) -> int:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        task = runner.get_loop().create_task(main(argv))
        runner.get_loop().add_signal_handler(signal.SIGTERM, task.cancel)

        async def wait() -> int:
            return await task

        try:
            return runner.run(wait())
        except (KeyboardInterrupt, asyncio.CancelledError):
            print("ended before everything was measured", file=sys.stderr)
            return 130


if __name__ == "__main__":
    sys.exit(_run(sys.argv[1:]))
