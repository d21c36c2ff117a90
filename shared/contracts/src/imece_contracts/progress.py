"""Progress marks: how far one relay lane has published, so that a reader can tell its own age."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class ProgressMark(BaseModel):
    """Everything committed before `drained_at` (database time) in this lane lies below `end_offsets`.

    `end_offsets` is {topic: {partition: next offset}}; `log_epoch` changes when a lost log was rebuilt.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    lane: int
    lanes: int
    drained_at: datetime
    end_offsets: dict[str, dict[int, int]]
    log_epoch: int = 1
