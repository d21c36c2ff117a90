"""Secrets of the local system are made once and readable by their owner only."""

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from imece_local.secret_files import keep_secret, key_of_32_bytes, secret_file


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_secret_is_made_once_with_mode_600_in_a_folder_of_mode_700(tmp_path: Path):
    file = tmp_path / "secrets" / "pepper"
    secret = secret_file(file)
    assert len(secret) >= 32
    assert secret_file(file) == secret
    assert _mode(file) == 0o600
    assert _mode(file.parent) == 0o700


def test_a_secret_that_others_can_read_is_closed_again(tmp_path: Path):
    file = tmp_path / "secrets" / "pepper"
    secret = secret_file(file)
    file.chmod(0o644)
    assert secret_file(file) == secret
    assert _mode(file) == 0o600


def test_all_who_ask_at_once_get_the_same_secret(tmp_path: Path):
    file = tmp_path / "secrets" / "pepper"
    with ThreadPoolExecutor(16) as pool:
        answers = set(pool.map(lambda _: secret_file(file), range(64)))
    assert len(answers) == 1
    assert [entry.name for entry in file.parent.iterdir()] == ["pepper"]


def test_a_replaced_secret_stays_closed(tmp_path: Path):
    file = tmp_path / "secrets" / "key"
    keep_secret(file, "old")
    assert keep_secret(file, "new") == "new"
    assert _mode(file) == 0o600


def test_an_encryption_key_has_32_bytes():
    assert len(base64.b64decode(key_of_32_bytes(), validate=True)) == 32
