"""Free text of a need as it may be stored: masked, and where something was masked."""

from dataclasses import dataclass, replace

from crisis.domain.masking import masked

from .need import Statement


@dataclass(frozen=True, slots=True)
class Masked:
    """`pointer` is the member of the request, `kinds` what was hidden in it."""

    pointer: str
    kinds: tuple[str, ...]


def without_personal_data(said: Statement) -> tuple[Statement, tuple[Masked, ...]]:
    """What was said with its free texts masked, and a list of what that hid."""
    hidden: list[Masked] = []

    def clean(text: str | None, pointer: str) -> str | None:
        if not text:
            return None
        shown, kinds = masked(text.strip())
        if kinds:
            hidden.append(Masked(pointer, kinds))
        return shown or None

    title = clean(said.title, "/title")
    description = clean(said.description, "/description")
    lines = tuple(
        replace(line, note=clean(line.note, f"/lines/{number}/note"))
        for number, line in enumerate(said.lines)
    )
    return replace(said, title=title, description=description, lines=lines), tuple(hidden)
