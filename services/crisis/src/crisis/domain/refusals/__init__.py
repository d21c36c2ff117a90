"""Everything this service refuses, as facts.

A class's docstring is its English title, `tr` the Turkish one; both details are format strings over `facts`,
which also appear as members of the problem document. A refusal changes nothing.
"""

from .allocations import (
    AllocationNotInState,
    GapExceeded,
    LineFull,
    NotAwaited,
    QuantityAboveAllocation,
    QuantityTooLarge,
    RestRequired,
    SupplyExceeded,
    TooSmall,
)
from .base import (
    NotFound,
    ReasonUnknown,
    Refusal,
    RoleMissing,
    SameParty,
)
from .crises import (
    CrisisNotEmpty,
    CrisisNotInState,
    CrisisNotOpen,
    DrillNotAvailable,
    PlaceOutsideArea,
    ReopeningTooLate,
    SettingsInvalid,
)
from .desks import (
    DeskAreaInvalid,
    DeskClosed,
    PeriodInvalid,
    TaskDone,
    WatchEnded,
    WatchOverlaps,
)
from .needs import (
    ItemNotGoods,
    LineOverdue,
    MinUsefulAboveRequested,
    NeedClosed,
    NeededByPast,
    NeedNotOpen,
    NeedNotSubmitted,
)
from .offers import (
    OfferNotInState,
    OfferOver,
)
from .orders import (
    GroupUnknown,
    OrderEndInvalid,
    OrderNamesOneThing,
    OrderNotInState,
    Saturated,
)
from .terms import (
    EarmarkInvalid,
    EarmarkMismatch,
)
from .two_keys import (
    KeyExpired,
    KeyNotPending,
    KeyPending,
    SameKey,
)

__all__ = [
    "AllocationNotInState",
    "CrisisNotEmpty",
    "CrisisNotInState",
    "CrisisNotOpen",
    "DeskAreaInvalid",
    "DeskClosed",
    "DrillNotAvailable",
    "EarmarkInvalid",
    "EarmarkMismatch",
    "GapExceeded",
    "GroupUnknown",
    "ItemNotGoods",
    "KeyExpired",
    "KeyNotPending",
    "KeyPending",
    "LineFull",
    "LineOverdue",
    "MinUsefulAboveRequested",
    "NeedClosed",
    "NeedNotOpen",
    "NeedNotSubmitted",
    "NeededByPast",
    "NotAwaited",
    "NotFound",
    "OfferNotInState",
    "OfferOver",
    "OrderEndInvalid",
    "OrderNamesOneThing",
    "OrderNotInState",
    "PeriodInvalid",
    "PlaceOutsideArea",
    "QuantityAboveAllocation",
    "QuantityTooLarge",
    "ReasonUnknown",
    "Refusal",
    "ReopeningTooLate",
    "RestRequired",
    "RoleMissing",
    "SameKey",
    "SameParty",
    "Saturated",
    "SettingsInvalid",
    "SupplyExceeded",
    "TaskDone",
    "TooSmall",
    "WatchEnded",
    "WatchOverlaps",
]
