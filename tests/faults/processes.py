"""One service process of a system under fault: started, killed, frozen, restarted, on the same port."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx

from imece_local.children import end, spawn, tail
from tests.waiting import wait_until

ROOT = Path(__file__).parents[2]
READY_SECONDS = 30.0


class NotReady(AssertionError):
    """A process ended or did not become ready; the message carries the end of its log."""


class ServiceProcess:
    """`python -m <service> run <roles>`; `port` serves /readyz, by the API or by the operations port."""

    def __init__(
        self,
        name: str,
        service: str,
        roles: Sequence[str],
        port: int,
        environment: Mapping[str, str],
        log: Path,
    ) -> None:
        self.name, self.service, self.roles, self.port, self.log = name, service, tuple(roles), port, log
        self.extra: dict[str, str] = {}
        self.launcher: tuple[str, ...] = ()
        """Module and arguments that start the service in its place; none: the service itself."""
        self.exit_codes: list[int] = []
        self._environment = dict(environment)
        self._child: subprocess.Popen[bytes] | None = None
        self._started_as: tuple[list[str], dict[str, str]] = ([], {})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def is_alive(self) -> bool:
        return self._child is not None and self._child.poll() is None

    @property
    def pid(self) -> int:
        assert self._child is not None, f"{self.name} was never started"
        return self._child.pid

    def environment(self) -> dict[str, str]:
        """What the process gets: a clean base, its settings, then whatever the test added."""
        keep = (
            "PATH",
            "PYTHONPATH",
            "HOME",
            "LANG",
            "TZ",
            "COVERAGE_PROCESS_START",
            "COVERAGE_PROCESS_CONFIG",
        )
        base = {name: os.environ[name] for name in keep if name in os.environ}
        if self.launcher:
            base["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), base.get("PYTHONPATH"))))
        return {**base, **self._environment, **self.extra}

    def argv(self) -> list[str]:
        """The command line of the next start."""
        return [sys.executable, "-m", *self.launcher, self.service, "run", *self.roles]

    def spawn(self) -> None:
        """Start without waiting for readiness."""
        assert not self.is_alive, f"{self.name} runs already"
        self._started_as = (self.argv(), self.environment())
        self._child = spawn(self._started_as[0], log=self.log, env=self._started_as[1])

    @property
    def is_as_meant(self) -> bool:
        """Alive, and started as it would be started now."""
        return self.is_alive and self._started_as == (self.argv(), self.environment())

    async def start(self) -> None:
        """Start and return once /readyz answers 200. Raises NotReady."""
        self.spawn()
        await self.ready()

    async def ready(self, timeout: float = READY_SECONDS) -> None:
        """Return once /readyz answers 200. Raises NotReady when it does not, or the process ended."""
        async with httpx.AsyncClient(timeout=2) as client:

            async def answers() -> bool:
                if not self.is_alive:
                    raise NotReady(f"{self.name} ended with {self._child and self._child.returncode}")
                try:
                    return (await client.get(f"{self.url}/readyz")).status_code == 200
                except httpx.TransportError:
                    return False

            try:
                await wait_until(answers, timeout, message=f"{self.name} is ready")
            except AssertionError as failure:
                raise NotReady(f"{failure}\n{tail(self.log, 30)}") from None

    async def kill(self) -> None:
        """SIGKILL, as a crash or the out-of-memory killer would; returns when the process is gone."""
        self._signal_group(signal.SIGKILL)
        await self.ended()

    async def stop(self) -> int:
        """SIGTERM and a bounded wait, as a deployment would; returns the exit status."""
        assert self._child is not None
        code = await asyncio.to_thread(end, self._child, within=15.0)
        self.exit_codes.append(code)
        return code

    async def ended(self, timeout: float = 60.0) -> int:
        """Wait until the process has ended by itself (a failpoint's crash is SIGKILL); its exit status."""
        assert self._child is not None
        child = self._child
        code = await asyncio.wait_for(asyncio.to_thread(child.wait), timeout)
        self.exit_codes.append(code)
        return code

    def freeze(self) -> None:
        """SIGSTOP: the process keeps its sockets, locks and open transactions and does nothing."""
        self._signal_group(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT: it goes on as if no time had passed."""
        self._signal_group(signal.SIGCONT)

    def _signal_group(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)
