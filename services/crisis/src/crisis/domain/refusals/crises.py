"""What is refused because of the crisis."""

from collections.abc import Sequence

from .base import Refusal


class DrillNotAvailable(Refusal):
    """Drills cannot be opened yet"""

    status = 422
    tr = "Tatbikat henüz açılamıyor"
    detail_en = "Drill events need their own topics, which this version does not have. Nothing was opened."
    detail_tr = (
        "Tatbikat olayları ayrı Kafka konuları gerektirir; bu sürümde bu konular yok. Hiçbir şey açılmadı."
    )


class CrisisNotOpen(Refusal):
    """The crisis is not open"""

    tr = "Kriz açık değil"
    detail_en = "The crisis is {state}; nothing new begins in it, and after its end nothing is answered."
    detail_tr = "Kriz durumu: {state}; yeni bir şey başlatılmıyor; kapandıktan sonra yanıt da alınmıyor."


class PlaceOutsideArea(Refusal):
    """The place lies outside the crisis area"""

    status = 422
    tr = "Yer, kriz bölgesinin dışında"
    detail_en = "{place} is not inside {area}."
    detail_tr = "{place}, {area} içinde değil."


class SettingOutOfRange(Refusal):
    """A setting lies outside what is workable"""

    status = 422
    tr = "Bir ayar, işleyebilecek aralığın dışında"
    detail_en = "{member} must lie between {least} and {most}."
    detail_tr = "{member}, {least} ile {most} arasında olmalı."


class TimersOutOfOrder(Refusal):
    """What is more urgent would wait longer"""

    status = 422
    tr = "Daha acil olan daha uzun bekleyemez"
    detail_en = "{member}: life_saving ≤ urgent ≤ normal must hold after the change."
    detail_tr = "{member}: değişiklikten sonra life_saving ≤ urgent ≤ normal olmalı."


class FigureInvalid(Refusal):
    """No estimate uses such a figure"""

    status = 422
    tr = "Hiçbir tahmin böyle bir değer kullanmıyor"
    detail_en = "{figures}: own figures are those of GET /estimates, above zero."
    detail_tr = "{figures}: krize özgü değerler GET /estimates listesinde bulunmalı ve sıfırdan büyük olmalı."


class SettingsUnchanged(Refusal):
    """These settings hold already"""

    tr = "Bu ayarlar zaten geçerli"
    detail_en = "Version {version} says the same about {members}."
    detail_tr = "{version} numaralı sürümde bu ayarlar zaten aynı: {members}."


class CrisisNotInState(Refusal):
    """The crisis has moved on"""

    tr = "Kriz başka bir duruma geçti"
    detail_en = "The crisis is {state}; this needs {wanted}."
    detail_tr = "Kriz durumu: {state}; bunun için {wanted} gerekir."


class CrisisNotEmpty(Refusal):
    """Something in the crisis still waits for an answer"""

    tr = "Krizde hâlâ yanıt bekleyen kayıtlar var"
    detail_en = "{count} rows are not at their end; the first: {first}."
    detail_tr = "{count} kayıt sonuçlanmadı; ilki: {first}."

    def __init__(self, *, count: str, first: str, rows: Sequence[str] = ()) -> None:
        """`rows` names them as `kind/id state`, the first fifty."""
        super().__init__(count=count, first=first)
        self.facts["rows"] = list(rows)


class ReopeningTooLate(Refusal):
    """The crisis was closed too long ago"""

    tr = "Kriz çok önce kapatıldı"
    detail_en = (
        "It was closed at {closed_at}, more than {days} days ago; open a new crisis with it as parent."
    )
    detail_tr = "{closed_at} zamanında, {days} günden önce kapatıldı; onu üst kriz göstererek yenisini açın."
