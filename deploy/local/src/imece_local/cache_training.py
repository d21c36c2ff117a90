"""Makes the JVM's start cache for the broker: `python -m imece_local.cache_training LIBS`.

A throw-away broker is run once so that the JVM sees which classes a start needs; a second JVM then writes
the cache. The file appears by rename, so a broker never reads half of one. About ten seconds of one core.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from imece_local.children import spawn
from imece_local.java import find_java
from imece_local.kafka import EmbeddedKafka
from imece_local.start_cache import cache_file, class_path, jvm_flags


def make_start_cache(libs: Path) -> Path | None:
    """The cache file for `libs`, made if it is missing; None when this Java has no such cache or fails."""
    java = find_java()
    wanted = cache_file(java, libs)
    if not java.has_aot_cache:
        return None
    if wanted.exists():
        return wanted
    for abandoned in libs.parent.glob(".aot-*"):
        shutil.rmtree(abandoned, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=".aot-", dir=libs.parent) as folder:
        recording, fresh = Path(folder) / "classes.aotconf", Path(folder) / "fresh.aot"
        record = ("-XX:AOTMode=record", f"-XX:AOTConfiguration={recording}")
        broker = EmbeddedKafka(Path(folder) / "kafka", libs, extra_flags=record, dies_by="KILL").start()
        broker.stop()
        write = ["-XX:AOTMode=create", f"-XX:AOTConfiguration={recording}", f"-XX:AOTCache={fresh}"]
        flags = jvm_flags(java, libs, use_cache=False)
        log = libs.parent / "logs" / "start-cache.log"
        if spawn([str(java.path), *flags, *write, "-cp", class_path(libs)], log=log).wait() != 0:
            return None
        fresh.replace(wanted)
    for stale in libs.parent.glob(f"{libs.name}-*.aot"):
        if stale != wanted:
            stale.unlink()
    return wanted


if __name__ == "__main__":
    os.nice(19)  # someone is using the machine for what they started
    print(make_start_cache(Path(sys.argv[1]).absolute()))
