"""What is refused because of a quantity, or of the state an allocation is in."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from .base import Refusal
from .words import SIDES


class TooSmall(Refusal):
    """The quantity is below what is useful there"""

    status = 422
    tr = "Miktar, orada işe yarayan en küçük miktarın altında"
    detail_en = "{quantity} {unit} is below {min_useful} {unit}; room is {room} {unit}."
    detail_tr = "{quantity} {unit} yetersiz: en az {min_useful} {unit} olmalı; boş yer {room} {unit}."


class PledgeIdTaken(Refusal):
    """Something else has this id"""

    tr = "Bu kimlik başka bir kaydın"
    detail_en = "{pledge_id} is the id of something else; mint a new one."
    detail_tr = "{pledge_id} başka bir kaydın kimliği; yeni bir kimlik üretin."
    fix_en = "Mint another UUIDv7 and send the pledge under it."
    fix_tr = "Başka bir UUIDv7 üretip taahhüdü onunla gönderin."


class PledgeIdNotOrdered(Refusal):
    """The id of a pledge must be a UUIDv7"""

    status = 422
    tr = "Taahhüt kimliği UUIDv7 olmalı"
    detail_en = "{pledge_id} is no UUIDv7: an id begins with the time it was made at and orders lists."
    detail_tr = "{pledge_id} UUIDv7 değil: kimlik üretildiği anla başlar ve listeleri sıralar."


class PledgeSaidOtherwise(Refusal):
    """This pledge was made in other words"""

    tr = "Bu taahhüt başka sözlerle verilmişti"
    detail_en = "The pledge {pledge_id} stands as it was first said; counter, withdraw or make another one."
    detail_tr = "{pledge_id} taahhüdü ilk söylendiği gibi duruyor; geri çekin ya da yeni bir taahhüt verin."
    fix_en = "Read it (GET /allocations/{id}); to promise something else, send that under another id."
    fix_tr = "Okuyun (GET /allocations/{id}); başka bir söz için başka bir kimlikle gönderin."
    example: ClassVar = {"differs": ["quantity"]}

    def __init__(self, *, pledge_id: str, differs: Sequence[str] = ()) -> None:
        """`differs`: the members that the record has otherwise, as far as it tells."""
        super().__init__(pledge_id=pledge_id)
        self.facts["differs"] = list(differs)


class QuantityTooLarge(Refusal):
    """The quantity is larger than any one line can mean"""

    status = 422
    tr = "Miktar, tek bir kalemin olabileceğinden büyük"
    detail_en = "{quantity} {unit} is above the most one entry may hold, {most} {unit}."
    detail_tr = "{quantity} {unit}, tek kayıtta olabilecek en büyük miktardan ({most} {unit}) fazla."


class LineFull(Refusal):
    """The line cannot count any more pledges"""

    tr = "Bu kaleme daha fazla taahhüt eklenemez"
    detail_en = "{promised} {unit} is promised already and {quantity} {unit} more does not fit; answer some."
    detail_tr = (
        "Şimdiden {promised} {unit} için söz verildi, {quantity} {unit} daha sığmıyor; "
        "önce bekleyenleri yanıtlayın."
    )


class GapExceeded(Refusal):
    """More than what is still missing"""

    tr = "Eksik kalandan fazla"
    detail_en = (
        "{quantity} {unit} was to be accepted and there is room for {room} {unit}: gap is {gap}{place}."
    )
    detail_tr = "{quantity} {unit} kabul edilmek istendi, {room} {unit} yer var: eksik {gap}{place}."

    def with_place(self, place: Mapping[str, Any]) -> "GapExceeded":
        """The same, with the row's place on the waiting list as `domain.queue.as_fact` gives it."""
        told = GapExceeded(**self.facts)
        told.facts["place"] = place
        return told

    def spoken(self, language: str) -> dict[str, Any]:
        """The facts, the place as the end of the sentence; without one the sentence ends before it."""
        place = self.facts.get("place")
        words = f", {place['explained'][language]}" if isinstance(place, Mapping) else ""
        return super().spoken(language) | {"place": words}


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
    fix_en = "If it was cut, answer those named in successors; else read it and decide anew, with a new key."
    fix_tr = (
        "Bölündüyse successors içindekileri yanıtlayın; değilse okuyup yeniden karar verin, yeni anahtarla"
        " gönderin."
    )
    example: ClassVar = {"successors": ["0199c2d4-7b1e-7c3a-9a55-2f0c7b3d1e43"]}
    detail_en = "It is {state} since {since} (last by {by}); this needs {wanted}."
    detail_tr = "{since} zamanından beri durumu {state} (son işlem: {by}); bunun için {wanted} gerekir."

    def __init__(self, *, successors: Sequence[str] = (), **facts: str) -> None:
        """`successors`: the ids of what a cut allocation became."""
        super().__init__(alternatives=None, **facts)
        if successors:
            self.facts["successors"] = list(successors)


class OrganisationHasAccess(Refusal):
    """The organisation speaks for itself"""

    tr = "Kuruluş kendi adına konuşabiliyor"
    detail_en = "{organisation_id} has a key of its own that may promise; ask it to."
    detail_tr = "{organisation_id} kuruluşunun vaat verebilen kendi anahtarı var; kendisinden isteyin."


class OfferNotOnBehalf(Refusal):
    """The organisation offered these goods itself"""

    tr = "Bu malları kuruluş kendisi teklif etti"
    detail_en = "{offer_id} is its own word: call the goods, and it answers."
    detail_tr = "{offer_id} kuruluşun kendi sözüdür: malları çağırın, kuruluş yanıtlasın."


class OfferWrittenByAnother(Refusal):
    """Another desk wrote this offer down"""

    tr = "Bu teklifi başka bir masa yazdı"
    detail_en = "{offer_id} is the word of {by_org_id}: call the goods, and it answers."
    detail_tr = "{offer_id}, {by_org_id} kuruluşunun sözüdür: malları çağırın, o yanıtlasın."


class OnBehalfNotOpen(Refusal):
    """Nobody writes for others here yet"""

    tr = "Burada başkası adına yazmak henüz açık değil"
    detail_en = "This installation has not switched it on."
    detail_tr = "Bu kurulumda açılmamış."


class NotOnBehalf(Refusal):
    """Nobody promised this on your behalf"""

    tr = "Bunu sizin adınıza kimse vaat etmedi"
    detail_en = "The pledger promised it itself; a withdrawal takes it back."
    detail_tr = "Vaadi kurumun kendisi verdi; geri çekme ile geri alınır."


class ObjectionTooLate(Refusal):
    """The time to object has passed"""

    tr = "İtiraz süresi geçti"
    detail_en = "It could be objected to until {until}; a withdrawal takes it back."
    detail_tr = "{until} zamanına kadar itiraz edilebilirdi; geri çekme ile geri alınır."


class NotAwaited(Refusal):
    """The other side must answer"""

    tr = "Yanıt sırası öbür tarafta"
    detail_en = "This allocation waits for {awaiting}."
    detail_tr = "Bu tahsiste yanıt beklenen taraf: {awaiting}."
    words_en: ClassVar = {
        "awaiting": {"pledger": "the pledger", "asker_side": "the asker's side", "desk": "the desk"}
    }
    words_tr: ClassVar = {"awaiting": SIDES}
