"""The Kafka jars: named with their sha256 in a lock file, fetched once, checked at every start.

Three ways, in order: jgo (pure Python), Maven (if `mvn` is there), KAFKA_LIBS (a folder that has them).
A jar whose sha256 differs from the lock never reaches the class path.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

LOCK_FILE = Path(__file__).resolve().parents[2] / "kafka-jars.lock"
_ROOTS = ("org.apache.kafka:kafka_2.13:4.3.1", "org.slf4j:slf4j-simple:1.7.36")

Report = Callable[[str], None]


class JarsMissing(RuntimeError):
    """The jars could not be had in any of the three ways; the message says what was tried and what to do."""


class JarTampered(RuntimeError):
    """A jar is not the one the lock names."""


@dataclass(frozen=True, slots=True)
class Jar:
    """One line of the lock: Maven coordinate and sha256 in hex."""

    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def filename(self) -> str:
        return f"{self.artifact}-{self.version}.jar"


def read_lock(file: Path = LOCK_FILE) -> tuple[Jar, ...]:
    """The locked jars; ValueError on a line that is not `group:artifact:version sha256`."""
    jars: list[Jar] = []
    for number, line in enumerate(file.read_text().splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match line.split():
            case [coordinate, digest] if coordinate.count(":") == 2 and len(digest) == 64:
                group, artifact, version = coordinate.split(":")
                jars.append(Jar(group, artifact, version, digest))
            case _:
                raise ValueError(f"{file.name} line {number}: expected 'group:artifact:version sha256'")
    return tuple(jars)


def check(folder: Path, jars: Iterable[Jar]) -> list[Jar]:
    """The jars missing from `folder`; raises JarTampered for one whose content differs from the lock."""
    missing: list[Jar] = []
    for jar in jars:
        try:
            with (folder / jar.filename).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            missing.append(jar)
            continue
        if found != jar.sha256:
            raise JarTampered(
                f"{folder / jar.filename} has sha256 {found}, the lock says {jar.sha256}."
                " Delete the file and start again; if it happens twice, do not trust the source."
            )
    return missing


def ensure_jars(folder: Path, *, lock: Path = LOCK_FILE, report: Report = print) -> Path:
    """Return `folder` holding exactly the locked jars, fetching what is missing."""
    jars = read_lock(lock)
    missing = check(folder, jars) if folder.exists() else list(jars)
    if missing:
        folder.mkdir(parents=True, exist_ok=True)
        for abandoned in folder.parent.glob(".fetch-*"):  # of a fetch that was killed
            shutil.rmtree(abandoned, ignore_errors=True)
        _fetch(missing, folder, report)
    wanted = {jar.filename for jar in jars}
    for stranger in folder.glob("*.jar"):
        if stranger.name not in wanted:
            stranger.unlink()
    return folder


def _fetch(missing: list[Jar], folder: Path, report: Report) -> None:
    failures: list[str] = []
    for name, way in (("jgo", _with_jgo), ("Maven", _with_maven), ("KAFKA_LIBS", _from_kafka_libs)):
        with tempfile.TemporaryDirectory(prefix=".fetch-", dir=folder.parent) as temporary:
            staging = Path(temporary)
            try:
                way(missing, staging, report)
            except (RuntimeError, OSError, ImportError, subprocess.SubprocessError) as failure:
                failures.append(f"  {name}: {_first_line(failure)}")
                continue
            absent = check(staging, missing)
            if absent:
                failures.append(
                    f"  {name}: {len(absent)} of {len(missing)} not there, for example {absent[0].filename}"
                )
                continue
            for jar in missing:
                (staging / jar.filename).replace(folder / jar.filename)
            return
    raise JarsMissing(
        f"The Kafka jars are not in {folder} and could not be fetched:\n" + "\n".join(failures) + "\n"
        "Give the machine access to Maven Central, or point KAFKA_LIBS at a folder that holds the jars"
        f" named in {LOCK_FILE.name} (for example kafka-libs of another checkout),"
        " or set KAFKA_BOOTSTRAP to use a broker of your own."
    )


def _with_jgo(missing: list[Jar], staging: Path, report: Report) -> None:
    from jgo.maven import MavenContext  # noqa: PLC0415 # half a second, needed once

    _trust_what_the_system_trusts()
    with tempfile.TemporaryDirectory(prefix=".jgo-", dir=staging) as cache:
        repository = MavenContext(repo_cache=Path(cache), local_repos=[], timeout=60)

        def fetch(jar: Jar) -> Jar:
            found = repository.project(jar.group, jar.artifact).at_version(jar.version).artifact().resolve()
            found.replace(staging / jar.filename)
            return jar

        progress = _Progress(len(missing), report)
        with ThreadPoolExecutor(4) as pool:
            for jar in pool.map(fetch, missing):
                progress.count(staging / jar.filename)


def _trust_what_the_system_trusts() -> None:
    """Networks with an inspecting proxy put its certificate in the system's store, which requests ignores."""
    places = ssl.get_default_verify_paths()
    if trusted := places.cafile or places.capath:
        os.environ.setdefault("REQUESTS_CA_BUNDLE", trusted)


def _with_maven(missing: list[Jar], staging: Path, report: Report) -> None:
    maven = shutil.which("mvn")
    if not maven:
        raise RuntimeError("mvn is not installed")
    report(f"  Kafka jars: asking Maven for {len(missing)}")
    everything_else = (
        "<exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>"
    )
    wanted = "".join(
        f"<dependency><groupId>{jar.group}</groupId><artifactId>{jar.artifact}</artifactId>"
        f"<version>{jar.version}</version>{everything_else}</dependency>"
        for jar in missing
    )
    (staging / "pom.xml").write_text(
        "<project><modelVersion>4.0.0</modelVersion><groupId>imece</groupId><artifactId>kafka-libs</artifactId>"
        f"<version>1</version><packaging>pom</packaging><dependencies>{wanted}</dependencies></project>"
    )
    command = [maven, "-q", "-B", "-f", str(staging / "pom.xml"), "dependency:copy-dependencies",
               f"-DoutputDirectory={staging}", f"-Dmaven.repo.local={staging / 'repository'}"]  # fmt: skip
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        raise RuntimeError((done.stdout + done.stderr).strip() or f"mvn ended with {done.returncode}")


def _from_kafka_libs(missing: list[Jar], staging: Path, report: Report) -> None:
    folder = os.environ.get("KAFKA_LIBS")
    if not folder:
        raise RuntimeError("KAFKA_LIBS is not set")
    report(f"  Kafka jars: copying {len(missing)} from {folder}")
    for jar in missing:
        source = Path(folder) / jar.filename
        if source.exists():
            shutil.copyfile(source, staging / jar.filename)


class _Progress:
    """Says how far a download is, now and then."""

    def __init__(self, total: int, report: Report) -> None:
        self._total, self._report = total, report
        self._done, self._bytes, self._said = 0, 0, time.monotonic()

    def count(self, file: Path) -> None:
        self._done += 1
        self._bytes += file.stat().st_size
        if self._done == self._total or time.monotonic() - self._said > 1.5:
            self._said = time.monotonic()
            self._report(f"  Kafka jars: {self._done} of {self._total}, {self._bytes / 1e6:.1f} MB")


def _first_line(failure: BaseException) -> str:
    return (str(failure).strip().splitlines() or [type(failure).__name__])[0]


def write_lock(file: Path = LOCK_FILE) -> None:
    """Resolve the root coordinates anew and rewrite the lock: run this to change the Kafka version."""
    from jgo.maven import MavenContext  # noqa: PLC0415 # half a second, needed once

    with tempfile.TemporaryDirectory() as cache:
        repository = MavenContext(repo_cache=Path(cache), local_repos=[], timeout=60)
        roots = [repository.create_dependency(root) for root in _ROOTS]
        inputs, transitive = repository.resolver.resolve(roots)
        lines: set[str] = set()
        for dependency in [*inputs, *transitive]:
            jar = dependency.artifact.resolve()
            coordinate = f"{dependency.groupId}:{dependency.artifactId}:{dependency.version}"
            lines.add(f"{coordinate} {hashlib.sha256(jar.read_bytes()).hexdigest()}")
    head = "# Kafka as one KRaft node, with all it needs: coordinate, sha256. python -m imece_local.jars lock"
    file.write_text("\n".join([head, *sorted(lines)]) + "\n")


if __name__ == "__main__":
    if sys.argv[1:] != ["lock"]:
        sys.exit("usage: python -m imece_local.jars lock")
    write_lock()
