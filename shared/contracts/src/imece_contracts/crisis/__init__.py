"""Facts of the crisis service. Ids, codes and quantities only: no names, addresses, coordinates or free text.

Every event of crisis.lines.v1 carries the line's whole balance vector after it: a reader upserts by sequence.
"""

from imece_contracts.crisis.allocations import (
    AllocationDeclined,
    AllocationEvent,
    AllocationExpired,
    AllocationHeld,
    AllocationHoldExpired,
    AllocationProposed,
    AllocationReleased,
    AllocationWaitlisted,
    AllocationWithdrawn,
    Alternative,
)
from imece_contracts.crisis.crises import (
    CrisisOpened,
)
from imece_contracts.crisis.line_terms import (
    LineTerms,
    NeedLineMergedIn,
    NeedLineMergedOut,
    NeedLineRevised,
)
from imece_contracts.crisis.lines import (
    LineEvent,
    LineVector,
    NeedLineChanged,
    NeedLineOpened,
)
from imece_contracts.crisis.merges import (
    NeedMerged,
    NeedUnmerged,
)
from imece_contracts.crisis.need_workflow import (
    NeedAppealDecided,
    NeedAppealed,
    NeedClosed,
    NeedEvent,
    NeedHeartbeat,
    NeedOnHold,
    NeedRelocated,
    NeedReminderDue,
    NeedReopened,
    NeedResumed,
    NeedReturned,
    NeedStale,
    NeedVerificationRaised,
)
from imece_contracts.crisis.needs import (
    NeedLineSummary,
    NeedOpened,
    NeedSubmitted,
)
from imece_contracts.crisis.offers import (
    EarmarkSummary,
    OfferClosed,
    OfferLineSummary,
    OfferOpened,
    OfferResumed,
    OfferRevised,
    OfferStep,
    OfferSuspended,
    PackageLineSummary,
    PackageStale,
    PackageStep,
    PackageVerified,
)
from imece_contracts.crisis.orders import (
    SaturationOrderConfirmed,
    SaturationOrderEvent,
    SaturationOrderIssued,
    SaturationOrderLapsed,
)
from imece_contracts.crisis.parts import (
    CoverageLabel,
    Part,
    Severity,
    Urgency,
)
from imece_contracts.crisis.queue import AllocationPromoted, AllocationReminderDue
from imece_contracts.crisis.tasks import (
    Seat,
    TaskDone,
    TaskEvent,
    TaskOpened,
    TaskOverdue,
    TaskReassigned,
)
from imece_contracts.crisis.terms import (
    AllocationCountered,
    AllocationHoldExtended,
    AllocationReleaseRefused,
    AllocationReleaseRequested,
)

__all__ = [
    "AllocationCountered",
    "AllocationDeclined",
    "AllocationEvent",
    "AllocationExpired",
    "AllocationHeld",
    "AllocationHoldExpired",
    "AllocationHoldExtended",
    "AllocationPromoted",
    "AllocationProposed",
    "AllocationReleaseRefused",
    "AllocationReleaseRequested",
    "AllocationReleased",
    "AllocationReminderDue",
    "AllocationWaitlisted",
    "AllocationWithdrawn",
    "Alternative",
    "CoverageLabel",
    "CrisisOpened",
    "EarmarkSummary",
    "LineEvent",
    "LineTerms",
    "LineVector",
    "NeedAppealDecided",
    "NeedAppealed",
    "NeedClosed",
    "NeedEvent",
    "NeedHeartbeat",
    "NeedLineChanged",
    "NeedLineMergedIn",
    "NeedLineMergedOut",
    "NeedLineOpened",
    "NeedLineRevised",
    "NeedLineSummary",
    "NeedMerged",
    "NeedOnHold",
    "NeedOpened",
    "NeedRelocated",
    "NeedReminderDue",
    "NeedReopened",
    "NeedResumed",
    "NeedReturned",
    "NeedStale",
    "NeedSubmitted",
    "NeedUnmerged",
    "NeedVerificationRaised",
    "OfferClosed",
    "OfferLineSummary",
    "OfferOpened",
    "OfferResumed",
    "OfferRevised",
    "OfferStep",
    "OfferSuspended",
    "PackageLineSummary",
    "PackageStale",
    "PackageStep",
    "PackageVerified",
    "Part",
    "SaturationOrderConfirmed",
    "SaturationOrderEvent",
    "SaturationOrderIssued",
    "SaturationOrderLapsed",
    "Seat",
    "Severity",
    "TaskDone",
    "TaskEvent",
    "TaskOpened",
    "TaskOverdue",
    "TaskReassigned",
    "Urgency",
]
