"""Events of packages. Their sequence counts events, not versions."""

from typing import Any

from crisis.domain.packages import Package
from crisis.events.story import Story, moment, quantity, sealed
from imece_contracts import crisis as contract
from imece_contracts.envelope import Envelope
from imece_contracts.event import EventData


def package_verified(package: Package, story: Story) -> Envelope:
    """New, or checked again."""
    due = {"verify_due_at": moment(package.verify_due_at)}
    return _of_package(contract.PackageVerified, package, due, story)


def package_stale(package: Package, story: Story) -> Envelope:
    """Not checked in time, or given up: nobody may be shown it."""
    since = {"verified_at": moment(package.verified_at)}
    return _of_package(contract.PackageStale, package, since, story)


def _of_package(model: type[EventData], package: Package, more: dict[str, Any], story: Story) -> Envelope:
    document: dict[str, Any] = {
        "package": package.package_id,
        "org": package.org_id,
        "origin": package.origin,
        "lines": [
            {"item": line.item_code, "qty": quantity(line.qty), "unit": line.unit} for line in package.lines
        ],
        **more,
    }
    if package.ready_within_minutes is not None:
        document["ready_within_minutes"] = package.ready_within_minutes
    subject = f"package/{package.package_id}"
    return sealed(model, document, subject, package.package_id, package.told, story)
