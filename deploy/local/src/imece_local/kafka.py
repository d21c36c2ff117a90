"""A real Kafka broker, one KRaft node on 127.0.0.1, run from the checked jars and dying with its parent.

It counts as started when it answers a metadata request that names a broker, not when its port opens.
The folder is formatted in one step (beside it, then renamed): an interrupted start leaves nothing half-made.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from imece_local.children import end, free_port, is_running, log_size, spawn, started_at, tail
from imece_local.java import Java, find_java
from imece_local.kafka_ping import names_a_broker
from imece_local.start_cache import class_path, jvm_flags

_START_DEADLINE = 60.0
_CLEAN_EXITS = (0, 143, -signal.SIGTERM)  # the JVM answers SIGTERM with 143

_SETTINGS = """\
process.roles=broker,controller
node.id=1
listeners=BROKER://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=BROKER://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
listener.security.protocol.map=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=BROKER
controller.listener.names=CONTROLLER
controller.quorum.bootstrap.servers=127.0.0.1:{controller_port}
log.dirs={data}
num.network.threads=2
num.io.threads=4
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=2
group.initial.rebalance.delay.ms=0
log.segment.bytes=16777216
log.cleaner.dedupe.buffer.size=8388608
# One node has nobody to fail over to: short sessions make a restart after SIGKILL take 3 s, not 11.5 s.
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
"""


class KafkaNotStarted(RuntimeError):
    """The broker did not start; the message carries the end of its log."""


class EmbeddedKafka:
    """One broker. `data_dir` holds settings and logs of the topics; `libs` the jars (see imece_local.jars).

    Ports of 0 are chosen at the first start and kept, so that clients find the broker again after a restart.
    """

    def __init__(
        self,
        data_dir: Path,
        libs: Path,
        port: int = 0,
        controller_port: int = 0,
        *,
        log: Path | None = None,
        extra_flags: tuple[str, ...] = (),
        dies_by: str = "TERM",
    ) -> None:
        self.data_dir = data_dir.absolute()
        self.libs = libs.absolute()
        self.port = port
        self.controller_port = controller_port
        self.log = log or self.data_dir.with_name(self.data_dir.name + ".log")
        self._extra_flags = extra_flags
        self._dies_by = dies_by
        self._any_port = port == 0 or controller_port == 0
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap(self) -> str:
        """`127.0.0.1:port`, for bootstrap.servers."""
        return f"127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Process id of the broker."""
        if self._child is None:
            raise KafkaNotStarted("Kafka is not running")
        return self._child.pid

    def is_alive(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def start(self) -> EmbeddedKafka:
        """Format the folder if it is new, start the broker and return once it answers."""
        if self.is_alive():
            return self
        java = find_java()
        self._wait_for_orphan()
        deadline = time.monotonic() + _START_DEADLINE
        while True:
            self._choose_ports()
            settings = self._write_settings()
            self._format(java, settings)
            log_from = log_size(self.log)
            self._child = spawn(
                [*self._command(java), "kafka.Kafka", str(settings)], log=self.log, dies_by=self._dies_by
            )
            self._note_pid(self._child.pid)
            if self._became_ready(deadline):
                return self
            said = tail(self.log, log_from, lines=100)
            if not (self._any_port and "Address already in use" in said) or time.monotonic() > deadline:
                self.kill()
                raise KafkaNotStarted(f"Kafka did not start on port {self.port}:\n{tail(self.log, log_from)}")
            self.kill()
            self.port = self.controller_port = 0

    def stop(self, within: float = 10.0) -> bool:
        """End the broker with SIGTERM, killed after `within` seconds; True when it ended cleanly (143)."""
        if self._child is None:
            return True
        code = end(self._child, within=within)
        self._child = None
        return code in _CLEAN_EXITS

    def kill(self) -> None:
        """SIGKILL the broker, as a crash would."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._child = None

    def _choose_ports(self) -> None:
        self.port = self.port or free_port()
        self.controller_port = self.controller_port or free_port()

    def _write_settings(self) -> Path:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        file = self.data_dir / "server.properties"
        file.write_text(
            _SETTINGS.format(
                port=self.port, controller_port=self.controller_port, data=self.data_dir / "data"
            )
        )
        return file

    def _format(self, java: Java, settings: Path) -> None:
        data = self.data_dir / "data"
        if (data / "meta.properties").exists():
            return
        fresh = self.data_dir / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(data, ignore_errors=True)
        for_fresh = self.data_dir / "format.properties"
        for_fresh.write_text(settings.read_text().replace(f"log.dirs={data}\n", f"log.dirs={fresh}\n"))
        # The zero keeps the first character a letter: an id that begins with "-" would be read as an option.
        cluster_id = base64.urlsafe_b64encode(b"\0" + os.urandom(15)).decode().rstrip("=")
        command = [*self._command(java, heap="64m"), "kafka.tools.StorageTool", "format", "--standalone",
                   "-t", cluster_id, "-c", str(for_fresh)]  # fmt: skip
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise KafkaNotStarted(
                f"formatting the Kafka folder failed:\n{(done.stdout + done.stderr).strip()}"
            )
        fresh.rename(data)

    def _became_ready(self, deadline: float) -> bool:
        assert self._child is not None
        while self._child.poll() is None and time.monotonic() < deadline:
            if names_a_broker("127.0.0.1", self.port):
                return True
            time.sleep(0.02)
        return False

    def _note_pid(self, pid: int) -> None:
        (self.data_dir / "broker.json").write_text(json.dumps({"pid": pid, "started": started_at(pid)}))

    def _wait_for_orphan(self) -> None:
        """A broker whose parent was killed is ending by itself; two may not share a folder."""
        try:
            note = json.loads((self.data_dir / "broker.json").read_text())
        except (OSError, ValueError):
            return
        pid, started = int(note["pid"]), note["started"]
        deadline = time.monotonic() + 10.0
        while started is not None and is_running(pid) and started_at(pid) == started:
            if time.monotonic() > deadline:
                raise KafkaNotStarted(f"{self.data_dir} is in use by the broker with pid {pid}")
            time.sleep(0.05)

    def _command(self, java: Java, *, heap: str = "256m") -> list[str]:
        flags = self._extra_flags if heap != "64m" else ()
        shared = jvm_flags(java, self.libs, use_cache=not self._extra_flags)
        return [str(java.path), "-Xms64m", f"-Xmx{heap}", *shared, *flags, "-cp", class_path(self.libs)]
