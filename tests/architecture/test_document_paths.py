"""The README and the documents name only files that exist."""

import re

import pytest

from tests.architecture.tree import ROOT

DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), ROOT / "tests" / "README.md"])
NAMED = re.compile(r"`((?:docs|tests|services|shared|deploy)/[^`\s]*)`")
LINKED = re.compile(r"\]\((?!https?:|#)([^)#]+)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_path_it_names_exists(document) -> None:
    text = document.read_text(encoding="utf-8")
    missing = [name for name in NAMED.findall(text) if not any(ROOT.glob(name.split("::")[0].rstrip("/")))]
    missing += [link for link in LINKED.findall(text) if not (document.parent / link).exists()]
    assert missing == []


def test_the_readme_is_looked_at() -> None:
    assert len(NAMED.findall((ROOT / "README.md").read_text(encoding="utf-8"))) > 10
