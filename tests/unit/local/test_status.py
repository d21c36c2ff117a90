"""What `./imece status` says of memory."""

import os
import subprocess
import sys

from imece_local.status import memory_of


def test_what_a_part_started_counts_once_and_only_where_it_belongs() -> None:
    waits = "import sys; held = bytearray(50_000_000); print(flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", waits], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()
        together, alone = memory_of(os.getpid()), memory_of(os.getpid(), is_alone=True)
        assert together - alone >= 50_000_000
        child.communicate()
