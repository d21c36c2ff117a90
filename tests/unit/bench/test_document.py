"""Figures of a run replace those of the run before, and nothing else."""

from pathlib import Path

import pytest

from tests.bench import document
from tests.bench.figures import Figure, Report
from tests.platform.fixtures import ROOT

MACHINE = dict.fromkeys(
    ("python", "postgresql", "kafka", "java", "asyncpg", "aiokafka", "fastapi", "uvicorn", "uvloop"), "1"
) | {"cores": 2, "processor": "x", "memory_mb": 1, "kernel": "6", "revision": "abc"}
RESULT = {"taken_at": "2026-01-01", "seconds": 3.0}


def test_only_what_stands_between_the_marks_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "performance.md"
    file.write_text(f"# Before\n{document.BEGIN}\nold\n{document.END}\nafter\n")
    report = Report(dict(MACHINE), say=lambda _: None)
    report.add(Figure("p99", 12.0, "ms", "<= 50"))
    report.disturbed["steady"] = 0.42
    document.write(file, report, RESULT)
    document.write(file, report, RESULT)
    text = file.read_text()
    assert text.startswith("# Before\n") and text.endswith(f"{document.END}\nafter\n")
    assert text.count("| p99 | 12 | ms | <= 50 | met |") == 1
    assert "steady 42%" in text and "old" not in text


def test_a_document_without_a_place_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "performance.md"
    file.write_text("# Before\n")
    with pytest.raises(ValueError, match="no place for figures"):
        document.write(file, Report(dict(MACHINE)), RESULT)


def test_the_document_has_a_place_for_figures() -> None:
    text = (ROOT / "docs" / "performance.md").read_text()
    assert text.index(document.BEGIN) < text.index(document.END)
