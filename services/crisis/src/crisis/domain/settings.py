"""What a crisis sets for itself beside its timers: limits, what needs no person to accept, public view.

Timers and these live in one versioned document; a change is a new version and names what it changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from .clocks import Silence, Timers, timers_of
from .estimates import override_faults
from .refusals import FigureInvalid, SettingOutOfRange, SettingsUnchanged, TimersOutOfOrder

MOST_MINUTES = 60 * 24 * 60  # sixty days: no silence of a running crisis is longer
MOST_OFFER_DAYS = 90
MOST_COUNT = 100_000
URGENCIES = ("life_saving", "urgent", "normal")


@dataclass(frozen=True, slots=True)
class Limits:
    """From how many open held lines on, below which closing ratio, an organisation is hoarding.

    The ratio counts only organisations with at least `concluded` ended allocations.
    """

    open_held: int = 20
    ratio: Decimal = Decimal("0.5")
    concluded: int = 5


@dataclass(frozen=True, slots=True)
class Settings:
    """`auto_accept` are TAMP groups whose exact matches need no desk; `is_public` opens the public view;
    `estimates` are the crisis' own values for figures of estimates."""

    limits: Limits = field(default_factory=Limits)
    auto_accept: tuple[str, ...] = ()
    is_public: bool = False
    estimates: Mapping[str, Decimal] = field(default_factory=dict[str, Decimal])

    def as_settings(self) -> dict[str, Any]:
        """The part of the settings document beside the timers."""
        return {
            "limits": {
                "open_held": self.limits.open_held,
                "ratio": str(self.limits.ratio),
                "concluded": self.limits.concluded,
            },
            "auto_accept": list(self.auto_accept),
            "is_public": self.is_public,
            "estimates": {key: str(value) for key, value in self.estimates.items()},
        }


def settings_of(stored: Mapping[str, Any]) -> Settings:
    """Settings from a stored document; what it does not name keeps its default."""
    limits = stored.get("limits", {})
    default = Limits()
    return Settings(
        limits=Limits(
            open_held=limits.get("open_held", default.open_held),
            ratio=Decimal(str(limits.get("ratio", default.ratio))),
            concluded=limits.get("concluded", default.concluded),
        ),
        auto_accept=tuple(stored.get("auto_accept", ())),
        is_public=stored.get("is_public", False),
        estimates={key: Decimal(str(value)) for key, value in stored.get("estimates", {}).items()},
    )


@dataclass(frozen=True, slots=True)
class Changed:
    """Timers and settings after a change, and the names of what it changed, in the document's order."""

    timers: Timers
    settings: Settings
    names: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """The whole settings document of the new version."""
        return document_of(self.timers, self.settings)


def document_of(timers: Timers, settings: Settings) -> dict[str, Any]:
    """The settings document of a crisis without its version."""
    return {**timers.as_settings(), **settings.as_settings()}


def changed(timers: Timers, settings: Settings, wanted: Mapping[str, Any]) -> Changed:
    """The next version with these members in place of the old; raises SettingOutOfRange,
    TimersOutOfOrder, SettingsUnchanged.

    A member given for some urgencies keeps the others. Nothing urgent may be waited for longer than what is
    less urgent.
    """
    before = document_of(timers, settings)
    after = {**before}
    for name, value in wanted.items():
        after[name] = {**before[name], **value} if isinstance(before.get(name), dict) else value
    _check(after)
    names = tuple(name for name in before if after[name] != before[name])
    if not names:
        raise SettingsUnchanged(version=str(timers.version), members=", ".join(wanted))
    return Changed(timers_of(after, timers.version + 1), settings_of(after), names)


def _check(document: Mapping[str, Any]) -> None:
    for silence in Silence:
        name = f"{silence}_minutes"
        minutes = [document[name][urgency] for urgency in URGENCIES]
        for each in minutes:
            _must_lie(name, each, 1, MOST_MINUTES)
        if minutes != sorted(minutes):
            raise TimersOutOfOrder(member=name)
    _must_lie("offer_days", document["offer_days"], 1, MOST_OFFER_DAYS)
    faults = list(override_faults(settings_of(document).estimates))
    if faults:
        raise FigureInvalid(figures=", ".join(faults))
    limits = document["limits"]
    _must_lie("limits.ratio", Decimal(str(limits["ratio"])), 0, 1)
    _must_lie("limits.open_held", limits["open_held"], 1, MOST_COUNT)
    _must_lie("limits.concluded", limits["concluded"], 1, MOST_COUNT)


def _must_lie(member: str, value: int | Decimal, least: int, most: int) -> None:
    if not least <= value <= most:
        raise SettingOutOfRange(member=member, least=str(least), most=str(most))
