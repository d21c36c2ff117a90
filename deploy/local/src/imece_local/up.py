"""`./imece up`: the local system, from start to end.

Whatever happens, this process ends after every child of it has ended: usually within five seconds of being
told, after twenty at most, for what has not ended by itself is killed then.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any

from imece_local.children import children_alive, end, refuse_new_children, spawn, started_at
from imece_local.first_key import saved_key
from imece_local.java import find_java
from imece_local.mail_sink import MailSink
from imece_local.platform import Platform
from imece_local.ports import choose_ports
from imece_local.services import DEVELOPMENT, SERVICES, Surroundings
from imece_local.start_cache import cache_file
from imece_local.starting import Interrupted, Starting
from imece_local.state import AlreadyRunning, State, write_json
from imece_local.steps import Steps
from imece_local.supervisor import Supervisor

_SET_ASIDE_ABOVE = 20_000_000  # bytes of an old log


def up(state: State) -> int:
    """Run the local system until it is told to end. 0 = ended as asked; 1 = not started, or runs already."""
    stop = threading.Event()

    def told_to_end(number: int, frame: object) -> None:
        stop.set()

    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, told_to_end)
    try:
        with state.held():
            return _Run(state, stop).run()
    except AlreadyRunning as first:
        print(f"imece already runs, pid {first.running.get('pid', 'not known yet')}; ./imece down ends it")
        print("\n".join(addresses(state, first.running)))
        return 1


def addresses(state: State, running: dict[str, Any]) -> list[str]:
    """Where the parts of a running system are, one line each, with the key to try them."""
    lines = [f"  {what:<14} {where}" for what, where in running.get("addresses", {}).items()]
    return [*lines, f"  {'test key':<14} {saved_key(state.secrets) or '-'}"]


class _Run:
    def __init__(self, state: State, stop: threading.Event) -> None:
        self._state, self._stop, self._steps = state, stop, Steps()
        self._ports = choose_ports(state.ports)
        self._platform = Platform(state, self._ports)
        self._mail = MailSink(state.mail, self._ports["smtp"])
        self._supervisor = Supervisor(self._say, self._write_down)
        self._training: subprocess.Popen[bytes] | None = None
        self._is_up = False

    def run(self) -> int:
        print(f"imece up: state and logs in {self._state.folder}", flush=True)
        self._state.logs.mkdir(parents=True, exist_ok=True)
        self._set_old_logs_aside()
        self._write_down()
        failure: Exception | None = None
        try:
            self._start()
            self._supervisor.run(self._stop)
        except Interrupted:
            pass
        except (RuntimeError, OSError, subprocess.SubprocessError) as reason:
            failure = None if self._stop.is_set() else reason
        finally:
            self._end()
        if failure:
            print(f"\nimece could not start: {failure}", file=sys.stderr, flush=True)
        return 1 if failure else 0

    def _start(self) -> None:
        bootstrap, urls = self._platform.bootstrap, self._platform.database_urls()
        surroundings = Surroundings(self._ports, bootstrap, urls, self._state.secrets)
        Starting(
            self._state, self._platform, surroundings, self._mail, self._supervisor, self._steps, self._stop
        ).run()  # fmt: skip
        self._is_up = True
        running = self._write_down()
        self._steps.say(f"\nup in {self._steps.elapsed()}\n\n" + "\n".join(addresses(self._state, running)))
        opened = ", ".join(f"{name}={os.environ.get(name, value)}" for name, value in DEVELOPMENT.items())
        self._steps.say(f"\nopen for development: {opened}\nplay with it: ./imece demo    end it: Ctrl-C\n")
        self._make_start_cache_beside()

    def _end(self) -> None:
        began = time.monotonic()
        refuse_new_children()
        if self._training is not None:
            end(self._training, within=0)
        self._supervisor.end_all()
        for forgotten in children_alive():  # made in the moment of ending, or by a step that was cut short
            end(forgotten, within=0.3)
        self._mail.stop()
        self._steps.say(f"everything ended in {time.monotonic() - began:.1f} s")

    def _write_down(self) -> dict[str, Any]:
        """Tell other commands (running.json) what runs where."""
        web = {
            name: f"http://127.0.0.1:{self._ports[name]}" for name in (service.name for service in SERVICES)
        }
        parts = [
            {
                "name": one.name,
                "pid": one.part.pid,
                "restarts": one.restarts,
                "port": self._ports.get(one.name),
            }
            for one in self._supervisor.watched
            if one.part.is_alive()
        ]
        pid = os.getpid()
        running = {
            "pid": pid,
            "started": started_at(pid),
            "is_up": self._is_up,
            "bootstrap": self._platform.bootstrap,
            "urls": web,
            "parts": parts,
            "addresses": {
                "registry API": web["registry"],
                "crisis API": web["crisis"],
                "board": f"{web['crisis']}/",
                "notifications": web["notifications"],
                "mail folder": str(self._state.mail),
            },
        }
        write_json(self._state.running, running)
        return running

    def _make_start_cache_beside(self) -> None:
        """Once, at lowest priority: the next start of Kafka takes half the time."""
        if self._platform.has_own_broker:
            return
        java, libs = find_java(), self._state.libs
        if java.has_aot_cache and not cache_file(java, libs).exists():
            log = self._state.log("start-cache")
            self._training = spawn([sys.executable, "-m", "imece_local.cache_training", str(libs)], log=log)

    def _set_old_logs_aside(self) -> None:
        for log in self._state.logs.glob("*.log"):
            if log.stat().st_size > _SET_ASIDE_ABOVE:
                log.replace(log.with_suffix(".log.1"))

    def _say(self, text: str) -> None:
        self._steps.say(f"{time.strftime('%H:%M:%S')}  {text}")
