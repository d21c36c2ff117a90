"""The jars on the class path are the locked ones, or the broker does not start."""

import hashlib
from pathlib import Path

import pytest

from imece_local.jars import LOCK_FILE, JarsMissing, JarTampered, check, ensure_jars, read_lock

CONTENT = b"a jar, nearly"


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    file = tmp_path / "jars.lock"
    file.write_text(f"# two\norg.example:one:1.0 {_sha(CONTENT)}\norg.example:two:2.0 {_sha(CONTENT)}\n")
    return file


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A KAFKA_LIBS folder; the two ways over the network are shut, as on a machine without one."""
    folder = tmp_path / "source"
    folder.mkdir()
    monkeypatch.setenv("KAFKA_LIBS", str(folder))
    monkeypatch.setenv("PATH", "/nowhere")
    for scheme in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(scheme, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    return folder


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _silent(text: str) -> None:
    pass


def test_the_committed_lock_names_every_jar_once_with_a_sha256():
    jars = read_lock()
    assert len(jars) > 40
    assert len({jar.filename for jar in jars}) == len(jars)
    assert "kafka_2.13-4.3.1.jar" in {jar.filename for jar in jars}
    assert "://" not in LOCK_FILE.read_text()


def test_a_tampered_jar_is_refused(tmp_path: Path, lock: Path):
    libs = tmp_path / "libs"
    libs.mkdir()
    (libs / "one-1.0.jar").write_bytes(CONTENT)
    (libs / "two-2.0.jar").write_bytes(CONTENT + b"!")
    with pytest.raises(JarTampered, match=r"two-2\.0\.jar has sha256 .* the lock says"):
        ensure_jars(libs, lock=lock, report=_silent)


def test_a_tampered_jar_of_the_source_never_reaches_the_class_path(tmp_path: Path, lock: Path, source: Path):
    (source / "one-1.0.jar").write_bytes(CONTENT)
    (source / "two-2.0.jar").write_bytes(b"something else")
    libs = tmp_path / "libs"
    with pytest.raises(JarTampered):
        ensure_jars(libs, lock=lock, report=_silent)
    assert not list(libs.iterdir())


def test_missing_jars_come_from_kafka_libs_when_nothing_else_has_them(
    tmp_path: Path, lock: Path, source: Path
):
    for name in ("one-1.0.jar", "two-2.0.jar"):
        (source / name).write_bytes(CONTENT)
    libs = ensure_jars(tmp_path / "libs", lock=lock, report=_silent)
    assert check(libs, read_lock(lock)) == []


def test_a_jar_the_lock_does_not_name_is_removed(tmp_path: Path, lock: Path):
    libs = tmp_path / "libs"
    libs.mkdir()
    for name in ("one-1.0.jar", "two-2.0.jar", "stranger-9.jar"):
        (libs / name).write_bytes(CONTENT)
    ensure_jars(libs, lock=lock, report=_silent)
    assert not (libs / "stranger-9.jar").exists()


def test_when_no_way_works_the_error_names_all_three_and_what_to_do(tmp_path: Path, lock: Path, source: Path):
    with pytest.raises(JarsMissing) as refused:
        ensure_jars(tmp_path / "libs", lock=lock, report=_silent)
    for word in ("jgo:", "Maven:", "KAFKA_LIBS:", "KAFKA_BOOTSTRAP"):
        assert word in str(refused.value)


@pytest.mark.parametrize("line", ["only:two:parts", "a:b abc", "a:b:c abc", "a:b:c:d " + 64 * "0"])
def test_a_malformed_lock_line_is_named(tmp_path: Path, line: str):
    file = tmp_path / "jars.lock"
    file.write_text(f"# head\n{line}\n")
    with pytest.raises(ValueError, match="line 2"):
        read_lock(file)
