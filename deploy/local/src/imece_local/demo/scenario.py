"""The story: who exists, what is needed, who pledges when. Pure and deterministic by seed.

Times are seconds of story time after the earthquake; the player divides them by its speed.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

STRUCK = ("31", "46", "02")
HELPING = (
    "01", "06", "07", "16", "20", "26", "27", "33", "34", "35", "38", "42", "44", "54", "55", "61", "63",
)  # fmt: skip
NAMES = (
    "Çınar", "Işık", "Umut", "Kardelen", "Köprü", "Güneş", "Harman", "Ihlamur", "Defne", "Öncü", "Şefkat",
    "Ufuk", "Yaşam", "Zeytin", "Bahar", "Ceviz", "Dayanışma", "Ekin", "Fidan", "Gönül", "Hilal", "İncir",
    "Kavak", "Lale",
    "Mavi", "Nehir", "Ova", "Pınar", "Rüzgâr", "Söğüt",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Want:
    """What a place may need: item, unit of the item, and the usual sizes."""

    item: str
    unit: str
    sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Organisation:
    """A fictional organisation; askers sit in a struck province."""

    ref: str
    name: str
    plate: str
    is_asker: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a need."""

    ref: str
    item: str
    unit: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Need:
    """A need of one place, submitted at `at` and verified at `verified_at` (seconds of story time)."""

    ref: str
    at: float
    verified_at: float
    asker: str
    plate: str
    urgency: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Pledge:
    """A promise for one line and what becomes of it: accept, part, decline, withdraw or silence."""

    ref: str
    at: float
    answered_at: float
    organisation: str
    origin: str
    line: str
    unit: str
    quantity: int
    fate: str
    withdrawn_at: float | None


@dataclass(frozen=True, slots=True)
class Scenario:
    """The whole story of one seed."""

    seed: int
    organisations: tuple[Organisation, ...]
    needs: tuple[Need, ...]
    pledges: tuple[Pledge, ...]

    @property
    def duration(self) -> float:
        """Story seconds until the last thing happens."""
        return max((p.withdrawn_at or p.answered_at for p in self.pledges), default=0.0)


def play(
    seed: int, wants: Sequence[Want], *, organisations: int = 30, needs: int = 20, pledges: int = 420
) -> Scenario:
    """Write the story of a seed. Three lines per need; the first third of the organisations ask."""
    dice = random.Random(seed)  # noqa: S311 - a story, not a secret
    cast = tuple(_organisations(dice, organisations))
    wanted = tuple(_needs(dice, cast, wants, needs))
    promised = sorted(_pledges(dice, cast, wanted, pledges), key=lambda pledge: pledge.at)
    return Scenario(seed, cast, wanted, tuple(promised))


def _organisations(dice: random.Random, count: int) -> Iterator[Organisation]:
    for index in range(count):
        is_asker = index < count // 3
        plate = STRUCK[index % len(STRUCK)] if is_asker else dice.choice(HELPING)
        name = f"{NAMES[index % len(NAMES)]} {'Mahalle Dayanışması' if is_asker else 'Yardım'} Derneği"
        yield Organisation(f"org-{index}", name if index < len(NAMES) else f"{name} {index}", plate, is_asker)


def _needs(
    dice: random.Random, cast: Sequence[Organisation], wants: Sequence[Want], count: int
) -> Iterator[Need]:
    askers = [organisation for organisation in cast if organisation.is_asker]
    for index in range(count):
        asker = askers[index % len(askers)]
        at = dice.uniform(5, 360)
        chosen = dice.sample(list(wants), k=min(3, len(wants)))
        lines = tuple(
            Line(f"line-{index}-{position}", want.item, want.unit, dice.choice(want.sizes))
            for position, want in enumerate(chosen)
        )
        urgency = dice.choices(("life_saving", "urgent", "normal"), weights=(2, 5, 3))[0]
        yield Need(f"need-{index}", at, at + dice.uniform(20, 90), asker.ref, asker.plate, urgency, lines)


def _pledges(
    dice: random.Random, cast: Sequence[Organisation], needs: Sequence[Need], count: int
) -> Iterator[Pledge]:
    helpers = [organisation for organisation in cast if not organisation.is_asker]
    lines = [(need, line) for need in needs for line in need.lines]
    for index in range(count):
        need, line = dice.choice(lines)
        helper = dice.choice(helpers)
        share = Decimal(dice.choice(("0.05", "0.1", "0.15", "0.25", "0.4")))
        at = need.verified_at + dice.expovariate(1 / 700)
        answered_at = at + dice.uniform(15, 240)
        fate = dice.choices(("accept", "part", "decline", "silence"), weights=(66, 12, 10, 12))[0]
        goes = fate == "accept" and dice.random() < 0.12
        yield Pledge(
            ref=f"pledge-{index}",
            at=at,
            answered_at=answered_at,
            organisation=helper.ref,
            origin=f"TUR0{helper.plate}",
            line=line.ref,
            unit=line.unit,
            quantity=max(1, int(line.quantity * share)),
            fate=fate,
            withdrawn_at=answered_at + dice.uniform(30, 400) if goes else None,
        )
