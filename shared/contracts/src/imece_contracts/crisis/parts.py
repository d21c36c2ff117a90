"""Values and shapes several events share."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Severity = Literal["yellow", "orange", "red"]
Urgency = Literal["life_saving", "urgent", "normal"]
CoverageLabel = Literal["OVERSUPPLIED", "MET", "COVERED", "PARTLY_DELIVERED", "PARTLY_COVERED", "UNCOVERED"]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")
