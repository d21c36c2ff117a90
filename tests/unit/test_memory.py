"""A folder in memory is there while it is used and no longer, however its owner ended."""

from pathlib import Path

import pytest

from tests.platform.memory import in_memory

MORE_THAN_THERE_IS = 1 << 60


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    (tmp_path / "memory").mkdir()
    return tmp_path / "memory"


def test_the_folder_goes_with_its_owner(tmp_path: Path, memory: Path) -> None:
    with in_memory(tmp_path / "cluster", memory, needed=1) as folder:
        folder.mkdir()
        (folder / "file").touch()
        assert folder.is_relative_to(memory) and folder.name == "cluster"
    assert not list(memory.iterdir())


def test_what_a_killed_owner_left_goes_with_the_next(tmp_path: Path, memory: Path) -> None:
    (memory / "imece-test-left" / "cluster").mkdir(parents=True)
    (memory / "not-ours").mkdir()
    with in_memory(tmp_path / "cluster", memory, needed=1):
        pass
    assert [left.name for left in memory.iterdir()] == ["not-ours"]


def test_a_folder_in_use_stays(tmp_path: Path, memory: Path) -> None:
    with in_memory(tmp_path / "one", memory, needed=1) as one:
        one.mkdir()
        with in_memory(tmp_path / "two", memory, needed=1) as two:
            two.mkdir()
        assert one.exists() and not two.exists()


def test_without_room_it_is_the_other_folder(tmp_path: Path, memory: Path) -> None:
    with in_memory(tmp_path / "cluster", memory, needed=MORE_THAN_THERE_IS) as folder:
        assert folder == tmp_path / "cluster"
    with in_memory(tmp_path / "cluster", tmp_path / "missing", needed=1) as folder:
        assert folder == tmp_path / "cluster"
