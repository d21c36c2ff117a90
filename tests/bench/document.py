"""The figures in docs/performance.md are those of a run, never typed: a run puts them between two marks."""

from pathlib import Path
from typing import Any

from tests.bench.figures import Report, table

VERSIONS = ("python", "postgresql", "kafka", "java", "asyncpg", "aiokafka", "fastapi", "uvicorn", "uvloop")
MENTIONED = 0.05
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def write(file: Path, report: Report, result: dict[str, Any]) -> None:
    """Replace what stands between the marks. Raises ValueError when a mark is missing."""
    before, found, rest = file.read_text().partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not (found and ended):
        raise ValueError(f"{file} has no place for figures")
    file.write_text(f"{before}{BEGIN}\n{_block(report, result)}\n{END}{after}")


def _block(report: Report, result: dict[str, Any]) -> str:
    about = report.machine
    versions = ", ".join(f"{name} {about[name]}" for name in VERSIONS)
    where = f"{about['cores']} cores ({about['processor']}), {about['memory_mb']} MB, Linux {about['kernel']}"
    when = f"Taken {result['taken_at']} at revision {about['revision']} in {result['seconds']:.0f} s"
    shares = [f"{name} {share:.0%}" for name, share in report.disturbed.items() if share >= MENTIONED]
    beside = f"Other programs used of the machine meanwhile: {', '.join(shares) or 'less than 5 %'}."
    return f"{when}: {where}; {versions}.\n\n{beside}\n\n{table(report)}"
