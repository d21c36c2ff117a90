"""The whole system as a newcomer starts it: `./imece up`, in a state folder and on ports of its own."""

import asyncio
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.waiting import wait_until

ROOT = Path(__file__).parents[3]
STATE = Path(os.environ.get("IMECE_STATE", ROOT / ".imece"))
START_SECONDS = 240  # generous: the machine also runs everything else
STOP_SECONDS = 30


@dataclass
class Up:
    """A running `./imece up`: its process, what it printed, and the variables of `./imece env`."""

    process: "subprocess.Popen[bytes]"
    environment: dict[str, str]
    said: Path

    def imece(self, *words: str, seconds: float = 120) -> "subprocess.CompletedProcess[str]":
        """Run another command beside it."""
        return subprocess.run(
            [ROOT / "imece", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def addresses(self) -> dict[str, str]:
        """REGISTRY, CRISIS, NOTIFICATIONS and KEY."""
        lines = self.imece("env").stdout.splitlines()
        pairs = (line.removeprefix("export ").partition("=") for line in lines)
        return {name: shlex.split(value)[0] for name, _, value in pairs}

    @property
    def state(self) -> Path:
        """Its state folder."""
        return Path(self.environment["IMECE_STATE"])

    @property
    def printed(self) -> list[str]:
        """The lines it has said so far."""
        return self.said.read_text(encoding="utf-8").splitlines()

    @property
    def is_ready(self) -> bool:
        """It has said that everything is up, or it has ended."""
        return self.process.poll() is not None or any(line.startswith("up in") for line in self.printed)


@pytest.fixture
async def up(tmp_path: Path) -> AsyncIterator[Up]:
    folder = tmp_path / "state"
    folder.mkdir()
    (folder / "venv").symlink_to(Path(sys.prefix))
    if (STATE / "kafka-libs").exists():
        (folder / "kafka-libs").symlink_to(STATE / "kafka-libs")
    environment = {**os.environ, "IMECE_STATE": str(folder)}
    said = tmp_path / "up.log"
    with said.open("w") as log:
        process = subprocess.Popen(
            [ROOT / "imece", "up"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    running = Up(process, environment, said)
    try:
        await wait_until(lambda: running.is_ready, timeout=START_SECONDS, message="./imece up said nothing")
        assert process.poll() is None, "\n".join(running.printed)
        yield running
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            await asyncio.to_thread(process.wait, STOP_SECONDS)
