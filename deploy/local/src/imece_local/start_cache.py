"""The JVM's ahead-of-time cache for the broker: starting it takes half the time once the cache exists.

Made by imece_local.cache_training, never on the way of a start. The file's name carries the
Java version and the jars' lock, so a stale cache is never used; a broken one only costs the gain.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from imece_local.java import Java

_FIXED = (
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Djava.awt.headless=true",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
)


def class_path(libs: Path) -> str:
    """All jars, sorted: the cache is valid for one order only, and `libs/*` gives the folder's order."""
    return os.pathsep.join(str(jar) for jar in sorted(libs.glob("*.jar")))


def cache_file(java: Java, libs: Path) -> Path:
    key = hashlib.sha256(f"{java.version}\n{class_path(libs)}\n{_FIXED}".encode()).hexdigest()[:12]
    return libs.parent / f"{libs.name}-{key}.aot"


def jvm_flags(java: Java, libs: Path, *, use_cache: bool = True) -> list[str]:
    """Flags every Kafka JVM shares, plus the cache when there is one."""
    flags: list[str] = [*_FIXED]
    if java.major >= 24:  # silences advice to Kafka's authors that would fill the broker's log
        flags += [
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Xlog:disable",
        ]
    if use_cache and java.has_aot_cache and cache_file(java, libs).exists():
        flags.append(f"-XX:AOTCache={cache_file(java, libs)}")
    return flags
