"""Everything this service refuses, as facts.

A class's docstring is its English title, `tr` the Turkish one; both details are format strings over `facts`,
which also appear as members of the problem document. A refusal changes nothing.
"""

import re
from typing import ClassVar

_WORD_START = re.compile(r"(?<!^)(?=[A-Z])")


class Refusal(Exception):
    """Request refused"""

    status: ClassVar[int] = 409
    code: ClassVar[str] = "refused"
    tr: ClassVar[str] = "İstek kabul edilmedi"
    detail_en: ClassVar[str] = ""
    detail_tr: ClassVar[str] = ""

    def __init_subclass__(cls) -> None:
        cls.code = _WORD_START.sub("_", cls.__name__).lower()

    def __init__(self, **facts: str) -> None:
        """Facts are short texts; quantities are decimal text in the unit named beside them."""
        self.facts: dict[str, str] = facts
        super().__init__(self.detail_en.format_map(facts))


class NotFound(Refusal):
    """Nothing with this id is visible to you"""

    status = 404
    tr = "Bu kimlikle size görünen bir kayıt yok"
    detail_en = "No {kind} with id {id} is visible to your organisation."
    detail_tr = "{id} kimliğiyle kurumunuza görünen bir kayıt yok ({kind})."


class RoleMissing(Refusal):
    """Your grants do not cover this action"""

    status = 403
    tr = "Yetkileriniz bu işlemi kapsamıyor"
    detail_en = "This needs one of the roles {roles} for {place}."
    detail_tr = "Bu işlem {place} için şu rollerden birini gerektirir: {roles}."


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


class ItemNotGoods(Refusal):
    """Only goods can be asked for"""

    status = 422
    tr = "Yalnız malzeme istenebilir"
    detail_en = "{item_code} is of kind {kind}; services and people are counted per day, not open yet."
    detail_tr = "{item_code} türü: {kind}; hizmet ve insan günlük sayılır, bu henüz açık değil."


class NeededByPast(Refusal):
    """The time it is needed by has passed"""

    status = 422
    tr = "İhtiyaç zamanı geçmiş"
    detail_en = "needed_by {needed_by} is not in the future; the server's time is {now}."
    detail_tr = "needed_by {needed_by} gelecekte değil; sunucunun saati {now}."


class MinUsefulAboveRequested(Refusal):
    """The smallest useful quantity is larger than the request"""

    status = 422
    tr = "En küçük yararlı miktar, istenenden büyük"
    detail_en = "min_useful_quantity {min_useful} is above the requested {requested} {unit}."
    detail_tr = "min_useful_quantity {min_useful}, istenen {requested} {unit} miktarından büyük."


class NeedNotSubmitted(Refusal):
    """The need is not waiting for verification"""

    tr = "İhtiyaç doğrulama beklemiyor"
    detail_en = "The need is {state} with verification level {verification}."
    detail_tr = "İhtiyaç durumu: {state}, doğrulama düzeyi {verification}."


class SameParty(Refusal):
    """One organisation cannot be both sides"""

    tr = "Aynı kurum iki taraf olamaz"
    detail_en = "Your organisation is the {side} here; another organisation must {action}."
    detail_tr = "Kurumunuz burada taraf ({side}); bunu başka bir kurum yapmalı: {action}."


class NeedNotOpen(Refusal):
    """The need does not take pledges yet"""

    tr = "İhtiyaç henüz taahhüt almıyor"
    detail_en = "The need is {state}; only an open need takes pledges."
    detail_tr = "İhtiyaç durumu: {state}; yalnız açık ihtiyaç taahhüt alır."


class NeedClosed(Refusal):
    """The need is closed"""

    tr = "İhtiyaç kapandı"
    detail_en = "The need was closed: {reason}."
    detail_tr = "İhtiyaç kapatıldı: {reason}."


class LineOverdue(Refusal):
    """The line was needed by a time that has passed"""

    tr = "Kalemin ihtiyaç zamanı geçti"
    detail_en = "It was needed by {needed_by}; the asker must give a new time first."
    detail_tr = "En geç {needed_by} için istenmişti; önce isteyen kurum yeni bir zaman vermeli."


class TooSmall(Refusal):
    """The quantity is below what is useful there"""

    status = 422
    tr = "Miktar, orada işe yarayan en küçük miktarın altında"
    detail_en = "{quantity} {unit} is below {min_useful} {unit}; room is {room} {unit}."
    detail_tr = "{quantity} {unit}, en az {min_useful} {unit} olmalı; boş yer {room} {unit}."


class QuantityTooLarge(Refusal):
    """The quantity is larger than any one line can mean"""

    status = 422
    tr = "Miktar, tek bir kalemin olabileceğinden büyük"
    detail_en = "{quantity} {unit} is above the most one entry may hold, {most} {unit}."
    detail_tr = "{quantity} {unit}, tek kayıtta olabilecek en büyük miktardan ({most} {unit}) fazla."


class LineFull(Refusal):
    """The line cannot count any more pledges"""

    tr = "Kalem daha fazla taahhüt sayamıyor"
    detail_en = "{promised} {unit} is promised already and {quantity} {unit} more does not fit; answer some."
    detail_tr = "Şimdiden {promised} {unit} söz verildi, {quantity} {unit} daha sığmıyor; önce yanıt verin."


class GapExceeded(Refusal):
    """More than what is still missing"""

    tr = "Eksik kalandan fazla"
    detail_en = "{quantity} {unit} was to be accepted; there is room for {room} {unit}."
    detail_tr = "{quantity} {unit} kabul edilmek istendi; {room} {unit} yer var."


class SupplyExceeded(Refusal):
    """More than the offer still has"""

    tr = "Teklifte kalandan fazla"
    detail_en = "{quantity} {unit} was asked; {free} {unit} of the offer line is free."
    detail_tr = "{quantity} {unit} istendi; teklif kaleminde {free} {unit} boşta."


class QuantityAboveAllocation(Refusal):
    """More than was proposed"""

    status = 422
    tr = "Önerilenden fazla"
    detail_en = "{quantity} {unit} is above the proposed {proposed} {unit}."
    detail_tr = "{quantity} {unit}, önerilen {proposed} {unit} miktarından fazla."


class RestRequired(Refusal):
    """Say what becomes of the rest"""

    status = 422
    tr = "Kalanın ne olacağını söyleyin"
    detail_en = "{rest} {unit} would be left over; send rest = decline or rest = waitlist."
    detail_tr = "{rest} {unit} artacak; rest = decline ya da rest = waitlist gönderin."


class AllocationNotInState(Refusal):
    """The allocation has moved on"""

    tr = "Tahsis başka bir duruma geçti"
    detail_en = "It is {state} since {since} (last by {by}); this needs {wanted}."
    detail_tr = "{since} zamanından beri durumu {state} (son işlem: {by}); bunun için {wanted} gerekir."


class NotAwaited(Refusal):
    """The other side must answer"""

    tr = "Yanıt sırası öbür tarafta"
    detail_en = "This allocation waits for the {awaiting}."
    detail_tr = "Bu tahsis şu tarafı bekliyor: {awaiting}."


class ReasonUnknown(Refusal):
    """The reason is not on the list"""

    status = 422
    tr = "Gerekçe listede yok"
    detail_en = "“{reason}” is not a reason to {action}; known: {known} (edition {edition})."
    detail_tr = "“{reason}” bir gerekçe değil ({action}); bilinenler: {known} (sürüm {edition})."
