"""Events of watches: who is to be called at a desk, without saying who that is."""

from typing import Any, Literal

from crisis.domain.desks import Desk, Watch
from crisis.events.story import Story, moment, sealed
from imece_contracts import crisis as contract
from imece_contracts.envelope import Envelope


def watch_changed(watch: Watch, desk: Desk, change: Literal["seated", "ended"], story: Story) -> Envelope:
    """A watch was seated, or ended before its time."""
    document: dict[str, Any] = {
        "watch": watch.watch_id,
        "change": change,
        "desk": desk.desk_id,
        "level": desk.level,
        "area": desk.area,
        "item_groups": desk.item_groups,
        "host_org": desk.host_org_id,
        "seat": watch.seat,
        "person_ref": watch.person_ref,
        "since": moment(watch.since),
        "until": moment(watch.until),
    }
    return sealed(
        contract.WatchChanged, document, f"watch/{watch.watch_id}", watch.watch_id, watch.version, story
    )
