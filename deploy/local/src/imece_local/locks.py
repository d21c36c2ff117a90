"""`python -m imece_local.locks [--upgrade]`: rewrite both lock files from the declared dependencies.

Without --upgrade what is locked stays as it is and only what changed is resolved. The resolver's own file
(uv.lock) names hosts and is not committed; where it is missing, everything is resolved anew.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from imece_local.state import checkout

_EXPORT = ("export", "--quiet", "--frozen", "--no-emit-index-url", "--no-annotate", "--no-header",
           "--all-packages", "--no-emit-workspace")  # fmt: skip


def rewrite(argv: Sequence[str]) -> int:
    """0, or uv's own exit code."""
    for arguments in (
        ("lock", "--quiet", *argv),
        (*_EXPORT, "--no-dev", "--output-file", "requirements.lock"),
        (*_EXPORT, "--group", "dev", "--output-file", "requirements-dev.lock"),
    ):
        command = [sys.executable, "-m", "uv", *arguments]
        environment = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
        code = subprocess.run(command, check=False, cwd=checkout(), env=environment).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(rewrite(sys.argv[1:]))
