"""Who exists, what is needed where, who promises what and what becomes of it. Pure and deterministic by seed.

Promises come in waves; within a wave their order does not matter.
"""

import random
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from imece_local.demo.large.places import DISTRICTS, HELPING
from imece_local.demo.scenario import NAMES, Line, Organisation, Want

LINES_PER_NEED = 5
QUIET = 0.06
"""Share of needs whose heartbeat runs on a short clock; every second of them is heard of in time."""
SHARES = (Decimal("0.1"), Decimal("0.2"), Decimal("0.35"), Decimal("0.6"))


@dataclass(frozen=True, slots=True)
class Size:
    """How large the story is; need lines are a multiple of LINES_PER_NEED."""

    organisations: int
    provinces: int
    lines: int


LARGE = Size(organisations=300, provinces=11, lines=7_800)
REHEARSAL = Size(organisations=30, provinces=3, lines=200)


class Fate(StrEnum):
    """What becomes of a promise."""

    ACCEPTED = "accepted"
    TAKEN_IN_PART = "taken in part"
    DECLINED = "declined"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"
    WAITS = "waits"
    UNANSWERED = "unanswered"
    FORGOTTEN = "forgotten"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Place:
    """A need of one district. `is_quiet` needs are the last to come and run on a short clock; `is_heard` ones
    of them say in time that they still stand."""

    ref: str
    asker: str
    district: str
    urgency: str
    lines: tuple[Line, ...]
    is_quiet: bool
    is_heard: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """Goods of an organisation at `origin` (p-code) for a line, in the line's unit."""

    ref: str
    organisation: str
    origin: str
    line: str
    unit: str
    quantity: int
    fate: Fate


@dataclass(frozen=True, slots=True)
class Stop:
    """What is stopped where by the saturation order: an item and the p-code of a province."""

    item: str
    province: str


@dataclass(frozen=True, slots=True)
class Story:
    """The whole story. `first` are promises for lines with room, `waiting` come when some of these lines are
    full, `silent` run on short clocks, `stopped` come after the order."""

    seed: int
    organisations: tuple[Organisation, ...]
    needs: tuple[Place, ...]
    first: tuple[Promise, ...]
    waiting: tuple[Promise, ...]
    silent: tuple[Promise, ...]
    stop: Stop
    stopped: tuple[Promise, ...]

    @property
    def lines(self) -> int:
        """How many need lines."""
        return sum(len(need.lines) for need in self.needs)

    @property
    def area(self) -> frozenset[str]:
        """P-codes of the provinces that need something."""
        return frozenset(need.district[:6] for need in self.needs)


def write(seed: int, wants: Sequence[Want], taken_at_once: Collection[str], size: Size = LARGE) -> Story:
    """Write the story of a seed. `taken_at_once` are the items whose exact matches need no desk."""
    dice = random.Random(seed)  # noqa: S311 - a story, not a secret
    cast = tuple(_organisations(dice, size))
    needs = tuple(_needs(dice, cast, wants, size))
    stop = _stop(needs)
    promises = _Promises(dice, cast, needs, frozenset(taken_at_once), stop)
    return Story(
        seed=seed,
        organisations=cast,
        needs=needs,
        first=tuple(promises.first),
        waiting=tuple(promises.waiting),
        silent=tuple(promises.silent),
        stop=stop,
        stopped=tuple(promises.stopped),
    )


def _organisations(dice: random.Random, size: Size) -> Iterator[Organisation]:
    """The first third ask, spread over the struck provinces."""
    struck = list(DISTRICTS)[: size.provinces]
    for index in range(size.organisations):
        is_asker = index < size.organisations // 3
        plate = struck[index % len(struck)] if is_asker else dice.choice(HELPING)
        kind = "Mahalle Dayanışması" if is_asker else "Yardım"
        name = f"{NAMES[index % len(NAMES)]} {kind} Derneği {index + 1}"
        yield Organisation(f"org-{index}", name, plate, is_asker)


def _needs(
    dice: random.Random, cast: Sequence[Organisation], wants: Sequence[Want], size: Size
) -> Iterator[Place]:
    askers = [organisation for organisation in cast if organisation.is_asker]
    count = size.lines // LINES_PER_NEED
    loud = count - max(2, round(count * QUIET))
    for index in range(count):
        asker = askers[index % len(askers)]
        district = f"TUR0{asker.plate}{dice.randint(1, DISTRICTS[asker.plate]):03d}"
        lines = tuple(
            Line(f"line-{index}-{position}", want.item, want.unit, dice.choice(want.sizes))
            for position, want in enumerate(dice.sample(list(wants), k=LINES_PER_NEED))
        )
        urgency = dice.choices(("life_saving", "urgent", "normal"), weights=(2, 5, 3))[0]
        is_quiet = index >= loud
        is_heard = is_quiet and (index - loud) % 2 == 0
        yield Place(f"need-{index}", asker.ref, district, urgency, lines, is_quiet, is_heard)


def _stop(needs: Sequence[Place]) -> Stop:
    """The item asked for on most lines of one province; life-saving ones go on."""
    counted = Counter(
        (line.item, need.district[:6])
        for need in needs
        if not need.is_quiet and need.urgency != "life_saving"
        for line in need.lines
    )
    return Stop(*min(counted, key=lambda pair: (-counted[pair], pair)))


class _Promises:
    """Deals every line of the needs that are not quiet one course.

    Of a hundred lines about 47 get nothing, 38 an answer or two, 8 more than they can take, 4 silence, 3 a
    hold that is forgotten. Lines under the order get one more, which is turned away.
    """

    def __init__(
        self,
        dice: random.Random,
        cast: Sequence[Organisation],
        needs: Sequence[Place],
        taken_at_once: frozenset[str],
        stop: Stop,
    ) -> None:
        self._dice = dice
        self._helpers = [organisation for organisation in cast if not organisation.is_asker]
        self._taken_at_once = taken_at_once
        self.first: list[Promise] = []
        self.waiting: list[Promise] = []
        self.silent: list[Promise] = []
        self.stopped: list[Promise] = []
        for need in needs:
            for line in () if need.is_quiet else need.lines:
                is_under = (line.item, need.district[:6]) == (stop.item, stop.province)
                is_stopped = is_under and need.urgency != "life_saving"
                self._deal(line, may_be_silent=not is_stopped)
                if is_stopped:
                    self.stopped.append(self._promise(line, "late", Fate.STOPPED, dice.choice(SHARES)))

    def _deal(self, line: Line, *, may_be_silent: bool) -> None:
        drawn = self._dice.random()
        needs_no_desk = line.item in self._taken_at_once
        if drawn < 0.38:
            self._ordinary(line)
        elif drawn < 0.46:
            self._crowded(line)
        elif not may_be_silent:
            return
        elif drawn < 0.50 and not needs_no_desk:
            self.silent.append(self._promise(line, "silent", Fate.UNANSWERED, self._dice.choice(SHARES)))
        elif drawn < 0.53 and needs_no_desk:
            self.silent.append(self._promise(line, "forgotten", Fate.FORGOTTEN, self._dice.choice(SHARES)))

    def _ordinary(self, line: Line) -> None:
        for number in range(self._dice.choice((1, 1, 2))):
            fates = (Fate.ACCEPTED, Fate.TAKEN_IN_PART, Fate.DECLINED)
            fate = self._dice.choices(fates, weights=(75, 13, 12))[0]
            share = self._dice.choice(SHARES[:3])
            self.first.append(self._promise(line, f"ordinary-{number}", fate, share))

    def _crowded(self, line: Line) -> None:
        """One promises everything, two wait behind; every second time the first takes it back."""
        fate = self._dice.choice((Fate.KEPT, Fate.WITHDRAWN))
        self.first.append(self._promise(line, "whole", fate, Decimal(1)))
        for number in range(2):
            share = self._dice.choice(SHARES)
            self.waiting.append(self._promise(line, f"behind-{number}", Fate.WAITS, share))

    def _promise(self, line: Line, course: str, fate: Fate, share: Decimal) -> Promise:
        helper = self._dice.choice(self._helpers)
        return Promise(
            ref=f"{line.ref}-{course}",
            organisation=helper.ref,
            origin=f"TUR0{helper.plate}",
            line=line.ref,
            unit=line.unit,
            quantity=max(1, int(line.quantity * share)),
            fate=fate,
        )
