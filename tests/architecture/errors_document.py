"""docs/errors.md, made from the error classes; `python -m tests.architecture.errors_document` writes it."""

from imece_chassis.http.pages import errors_markdown
from imece_chassis.http.problems import code_of
from tests.architecture.discovery import refusals
from tests.architecture.tree import ROOT

PLACE = ROOT / "docs" / "errors.md"


def document() -> str:
    """One section per code; of classes that share a code, the first by module name speaks."""
    by_code: dict[str, type[BaseException]] = {}
    for kind in refusals():
        by_code.setdefault(code_of(kind), kind)
    return errors_markdown(by_code.values())


if __name__ == "__main__":
    PLACE.write_text(document(), encoding="utf-8")
