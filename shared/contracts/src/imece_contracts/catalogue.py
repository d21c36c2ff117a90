"""Every event type by name, and the one way to read a payload."""

from pydantic import ValidationError

from imece_contracts import crisis, notifications, registry
from imece_contracts.envelope import Envelope, MalformedEvent
from imece_contracts.event import EventData


class UnknownEventType(LookupError):
    """The type is not in the catalogue: a newer producer. Readers count it and go on."""


_ALL: tuple[type[EventData], ...] = (
    registry.OrganisationRegistered,
    registry.OrganisationChanged,
    registry.OrganisationSuspended,
    registry.OrganisationReinstated,
    registry.RoleGranted,
    registry.RoleRevoked,
    registry.KeyCreated,
    registry.KeyRevoked,
    crisis.CrisisOpened,
    crisis.CrisisProposed,
    crisis.CrisisDismissed,
    crisis.CrisisReactivated,
    crisis.CrisisReopened,
    crisis.CrisisLevelChanged,
    crisis.CrisisAreaChanged,
    crisis.CrisisStoodDown,
    crisis.CrisisClosed,
    crisis.CrisisSettingsChanged,
    crisis.WatchChanged,
    crisis.NeedSubmitted,
    crisis.NeedOpened,
    crisis.NeedReturned,
    crisis.NeedReminderDue,
    crisis.NeedVerificationRaised,
    crisis.NeedOnHold,
    crisis.NeedResumed,
    crisis.NeedStale,
    crisis.NeedHeartbeat,
    crisis.NeedAnswersDelegated,
    crisis.NeedDelegationEnded,
    crisis.NeedRelocated,
    crisis.NeedClosed,
    crisis.NeedAppealed,
    crisis.NeedAppealDecided,
    crisis.NeedReopened,
    crisis.NeedLineOpened,
    crisis.NeedLineChanged,
    crisis.AllocationProposed,
    crisis.AllocationWaitlisted,
    crisis.AllocationHeld,
    crisis.AllocationDeclined,
    crisis.AllocationWithdrawn,
    crisis.AllocationExpired,
    crisis.AllocationHoldExpired,
    crisis.AllocationCountered,
    crisis.AllocationHoldExtended,
    crisis.AllocationReleaseRequested,
    crisis.AllocationReleaseRefused,
    crisis.AllocationReleased,
    crisis.AllocationCorrected,
    crisis.NeedLineRevised,
    crisis.NeedLineMergedIn,
    crisis.NeedLineMergedOut,
    crisis.NeedMerged,
    crisis.NeedUnmerged,
    crisis.AllocationPromoted,
    crisis.AllocationReminderDue,
    crisis.SaturationOrderIssued,
    crisis.SaturationOrderConfirmed,
    crisis.SaturationOrderLapsed,
    crisis.OfferOpened,
    crisis.OfferRevised,
    crisis.OfferSuspended,
    crisis.OfferResumed,
    crisis.OfferClosed,
    crisis.PackageVerified,
    crisis.PackageStale,
    crisis.WaiverRequested,
    crisis.WaiverSettled,
    crisis.ConditionStated,
    crisis.ConditionSettled,
    crisis.TaskOpened,
    crisis.TaskReassigned,
    crisis.TaskOverdue,
    crisis.TaskDone,
    notifications.NoticeDelivered,
    notifications.NoticeDeferred,
    notifications.NoticeUndelivered,
)

EVENTS: dict[str, type[EventData]] = {event.type: event for event in _ALL}


def parse(envelope: Envelope) -> EventData:
    """Payload of an envelope. Raises UnknownEventType, or MalformedEvent naming the first bad field."""
    model = EVENTS.get(envelope.type)
    if model is None:
        raise UnknownEventType(envelope.type)
    if model.topic.name != envelope.topic:
        raise MalformedEvent("topic", f"{envelope.type} does not belong on {envelope.topic}")
    try:
        return model.model_validate_json(envelope.data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise MalformedEvent("schema", f"{place or 'payload'}: {first['msg']}"[:300]) from None
