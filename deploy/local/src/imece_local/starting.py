"""Starts all parts side by side, each as soon as what it needs is there.

PostgreSQL, Kafka and the mail folder start together. A service migrates once its database answers and runs
once the topics exist. The first failure or interrupt ends the start; ending the parts is the caller's work.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from pathlib import Path

from imece_local.children import end, log_size, spawn, tail
from imece_local.first_key import KEY_FILE, key_in, saved_key
from imece_local.health import readiness
from imece_local.mail_sink import MailSink
from imece_local.migrated import fingerprint, is_migrated, remember
from imece_local.platform import Platform
from imece_local.secret_files import keep_secret
from imece_local.services import SERVICES, ServiceProcess, Surroundings
from imece_local.state import State, checkout
from imece_local.steps import Steps
from imece_local.supervisor import ProcessPart, Supervisor

SERVICE_WAVE = 0
READY_WITHIN = 60.0


class NotStarted(RuntimeError):
    """A part did not start; the message says which one and shows the end of its log."""


class Interrupted(Exception):
    """Told to end while starting."""


class Starting:
    """One start of everything. `run` returns when every service is ready and the key is there."""

    def __init__(
        self,
        state: State,
        platform: Platform,
        surroundings: Surroundings,
        mail: MailSink,
        supervisor: Supervisor,
        steps: Steps,
        stop: threading.Event,
    ) -> None:
        self._state, self._platform, self._surroundings = state, platform, surroundings
        self._mail, self._supervisor, self._steps, self._stop = mail, supervisor, steps, stop
        self._pool = ThreadPoolExecutor(max_workers=12, thread_name_prefix="starting")

    def run(self) -> None:
        """Raises NotStarted (or another RuntimeError of a part); Interrupted when `stop` is set meanwhile."""
        databases = self._begin(lambda: self._platform.start_postgres(self._supervisor, self._steps))
        kafka = self._begin(lambda: self._platform.start_kafka(self._supervisor, self._steps))
        topics = self._begin(self._create_topics, kafka)
        everything = [databases, kafka, topics, self._begin(self._start_mail)]
        for service in SERVICES:
            migrated = self._begin(lambda one=service: self._migrate(one), databases)
            everything += [migrated, self._begin(lambda one=service: self._run(one), migrated, topics)]
            if service.name == "registry":
                everything.append(self._begin(self._make_key, migrated))
        self._wait(everything)

    def _begin(self, work: Callable[[], None], *needs: Future[None]) -> Future[None]:
        def when_ready() -> None:
            for need in needs:
                need.result()
            work()

        return self._pool.submit(when_ready)

    def _wait(self, everything: list[Future[None]]) -> None:
        unfinished = set(everything)
        while unfinished:
            if self._stop.is_set():
                raise Interrupted
            done, unfinished = wait(unfinished, timeout=0.1, return_when=FIRST_EXCEPTION)
            for future in done:
                future.result()

    def _start_mail(self) -> None:
        with self._steps.step(f"mail folder, SMTP on 127.0.0.1:{self._mail.port}"):
            self._mail.start()

    def _create_topics(self) -> None:
        command = [sys.executable, "-m", "imece_local.topics", self._platform.bootstrap]
        with self._steps.step("topics") as more:
            created = self._call(command, dict(os.environ), self._state.log("topics")).split()
            more.append(f"({len(created)} created)" if created else "(all there)")

    def _migrate(self, service: ServiceProcess) -> None:
        now = fingerprint(checkout(), service.name)
        if self._platform.knows(service.name) and is_migrated(self._state.migrated, service.name, now):
            return
        with self._steps.step(f"{service.name}: migrations"):
            log = self._state.log(f"{service.name}-migrations")
            self._call(service.command("migrate"), self._surroundings.environment(service), log)
        remember(self._state.migrated, service.name, now)

    def _make_key(self) -> None:
        registry = next(service for service in SERVICES if service.name == "registry")
        known = saved_key(self._state.secrets)
        if known and self._platform.knows("registry"):
            return
        with self._steps.step("secretariat's key"):
            stale = not known or "registry" in self._platform.fresh_databases
            command = registry.command("bootstrap", "--json", *(["--new-key"] if stale else []))
            private = self._state.secrets / "bootstrap-output"  # it holds the key: not among the logs
            said = self._call(command, self._surroundings.environment(registry), private)
            private.unlink()
            if made := key_in(said):
                keep_secret(self._state.secrets / KEY_FILE, made)

    def _run(self, service: ServiceProcess) -> None:
        url, log = self._surroundings.url(service.name), self._state.log(service.name)
        with self._steps.step(f"{service.name} ({' '.join(service.roles)}) on {url}"):
            environment = self._surroundings.environment(service)
            log_from = log_size(log)
            part = ProcessPart(service.run, env=environment, log=log, cwd=checkout()).start()
            self._supervisor.add(service.name, part, wave=SERVICE_WAVE)
            deadline = time.monotonic() + READY_WITHIN
            while readiness(self._surroundings.ports[service.name]) != "ready":
                if self._stop.wait(0.05):
                    raise Interrupted
                if not part.is_alive() or time.monotonic() > deadline:
                    how = "is not ready" if part.is_alive() else f"ended with code {part.exit_code}"
                    raise NotStarted(f"{service.name} {how}:\n{tail(log, log_from)}")

    def _call(self, argv: list[str], env: dict[str, str], log: Path) -> str:
        """Run a command to its end; its output (also kept in `log`), or NotStarted with the end of it."""
        log.unlink(missing_ok=True)
        child = spawn(argv, log=log, env=env, cwd=checkout())
        while child.poll() is None:
            if self._stop.wait(0.02):
                end(child, within=0)
                raise Interrupted
        if child.returncode != 0:
            raise NotStarted(f"{' '.join(argv[1:])} ended with code {child.returncode}:\n{tail(log)}")
        return log.read_text(errors="replace")
