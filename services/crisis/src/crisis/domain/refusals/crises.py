"""What is refused because of the crisis."""

from .base import Refusal


class DrillNotAvailable(Refusal):
    """Drills cannot be opened yet"""

    status = 422
    tr = "Tatbikat henüz açılamıyor"
    detail_en = "Drill events need their own topics, which this version does not have. Nothing was opened."
    detail_tr = "Tatbikat olayları kendi konularını ister; bu sürümde yoklar. Hiçbir şey açılmadı."


class CrisisNotOpen(Refusal):
    """The crisis is not open"""

    tr = "Kriz açık değil"
    detail_en = "The crisis is {state}; new needs, pledges and acceptances are closed."
    detail_tr = "Kriz durumu: {state}; yeni ihtiyaç, taahhüt ve kabul alınmıyor."


class PlaceOutsideArea(Refusal):
    """The place lies outside the crisis area"""

    status = 422
    tr = "Yer, kriz bölgesinin dışında"
    detail_en = "{place} is not inside {area}."
    detail_tr = "{place}, {area} içinde değil."
