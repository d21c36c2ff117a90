"""What a figure is worth depends on where it was taken."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

from imece_local.java import find_java
from imece_local.postgres import binaries

LIBRARIES = ("asyncpg", "aiokafka", "fastapi", "faststream", "pydantic", "uvicorn", "uvloop")


def machine(root: Path, libs: Path) -> dict[str, object]:
    """Hardware, kernel, versions, revision, and how busy the machine was before we began."""
    postgres = subprocess.run(
        [binaries() / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    return {
        "cores": os.cpu_count(),
        "processor": _first("/proc/cpuinfo", "model name"),
        "memory_mb": int(_first("/proc/meminfo", "MemTotal").split()[0]) // 1024,
        "kernel": platform.release(),
        "python": platform.python_version(),
        "java": find_java().version,
        "postgresql": postgres.stdout.split()[-1],
        "kafka": next((jar.stem.rpartition("-")[2] for jar in libs.glob("kafka_2*.jar")), "unknown"),
        **{name: version(name) for name in LIBRARIES},
        "revision": _git(root, "describe", "--always", "--dirty"),
        "load_before": round(os.getloadavg()[0], 2),
    }


def _first(file: str, name: str) -> str:
    for line in Path(file).read_text().splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return "unknown"


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", root, *arguments], capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"
