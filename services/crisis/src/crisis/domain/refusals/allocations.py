"""What is refused because of a quantity, or of the state an allocation is in."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from .base import Refusal
from .words import SIDES


class TooSmall(Refusal):
    """The quantity is below what is useful there"""

    status = 422
    tr = "Miktar, orada işe yarayan en küçük miktarın altında"
    cause_en = (
        "The asker stated the least that helps there, and the pledge is below it though more is missing."
    )
    cause_tr = (
        "İsteyen kurum işe yarayan en küçük miktarı belirtti; taahhüt bunun altında, eksik ise daha çok."
    )
    fix_en = "Promise at least min_useful, or offer the goods to a line that takes less."
    fix_tr = "En az min_useful kadar söz verin ya da malı daha azını alan bir kaleme önerin."
    detail_en = "{quantity} {unit} is below {min_useful} {unit}; room is {room} {unit}."
    detail_tr = "{quantity} {unit} yetersiz: en az {min_useful} {unit} olmalı; boş yer {room} {unit}."


class PledgeIdTaken(Refusal):
    """Something else has this id"""

    tr = "Bu kimlik başka bir kaydın"
    cause_en = "An id names one record for ever, and this one was used for something else before."
    cause_tr = "Bir kimlik tek bir kaydındır; bu kimlik daha önce başka bir kayıt için kullanılmış."
    detail_en = "{pledge_id} is the id of something else; mint a new one."
    detail_tr = "{pledge_id} başka bir kaydın kimliği; yeni bir kimlik üretin."
    fix_en = "Mint another UUIDv7 and send the pledge under it."
    fix_tr = "Başka bir UUIDv7 üretip taahhüdü onunla gönderin."


class PledgeIdNotOrdered(Refusal):
    """The id of a pledge must be a UUIDv7"""

    status = 422
    tr = "Taahhüt kimliği UUIDv7 olmalı"
    cause_en = (
        "Lists of pledges are ordered by their ids, so an id must begin with the time it was made at and no"
        " later one."
    )
    cause_tr = (
        "Taahhüt listeleri kimliğe göre sıralanır; bu yüzden kimlik, üretildiği anla başlamalı,"
        " ileri bir zamanla başlamamalıdır."
    )
    fix_en = "Check your clock and mint a UUIDv7 (RFC 9562), or send a POST and take the id from the answer."
    fix_tr = "Saatinizi denetleyip UUIDv7 üretin (RFC 9562) ya da POST gönderip kimliği yanıttan alın."
    detail_en = (
        "{pledge_id} is no UUIDv7, or begins with a time to come: ids order lists by when they were made."
    )
    detail_tr = "{pledge_id} UUIDv7 değil ya da ileri bir zamanla başlıyor: listeler üretim anıyla sıralanır."


class PledgeSaidOtherwise(Refusal):
    """This pledge was made in other words"""

    tr = "Bu taahhüt başka sözlerle verilmişti"
    cause_en = (
        "A PUT says the same as often as it is sent; this one differs from what was first sent under the id."
    )
    cause_tr = "PUT, kaç kez gönderilse aynı sözdür; bu istek, kimlikle ilk gönderilenden farklı."
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
    cause_en = (
        "One entry of the ledger holds at most fifteen digits; such a figure is usually in a wrong unit."
    )
    cause_tr = "Defterde bir kayıt en çok on beş basamak tutar; böyle bir sayı çoğu kez yanlış birimdendir."
    fix_en = "Check quantity and unit, and send the corrected figure under a new Idempotency-Key."
    fix_tr = "Miktarı ve birimi denetleyin; doğrusunu yeni bir Idempotency-Key ile gönderin."
    detail_en = "{quantity} {unit} is above the most one entry may hold, {most} {unit}."
    detail_tr = "{quantity} {unit}, tek kayıtta olabilecek en büyük miktardan ({most} {unit}) fazla."


class LineFull(Refusal):
    """The line cannot count any more pledges"""

    tr = "Bu kaleme daha fazla taahhüt eklenemez"
    cause_en = (
        "What is proposed and waiting on this line already reaches the largest figure a line can count."
    )
    cause_tr = "Bu kalemde önerilen ve bekleyen miktar, sayılabilecek en büyük değere ulaştı."
    fix_en = "Have the waiting proposals answered first, or promise the goods to another line."
    fix_tr = "Önce bekleyen önerilerin yanıtlanmasını isteyin ya da başka bir kaleme söz verin."
    detail_en = "{promised} {unit} is promised already and {quantity} {unit} more does not fit; answer some."
    detail_tr = (
        "Şimdiden {promised} {unit} için söz verildi, {quantity} {unit} daha sığmıyor; "
        "önce bekleyenleri yanıtlayın."
    )


class GapExceeded(Refusal):
    """More than what is still missing"""

    tr = "Eksik kalandan fazla"
    cause_en = "Less room is left on the line than would be taken; others may have been accepted meanwhile."
    cause_tr = "Kalemde kalan yer, alınacak miktardan az; bu arada başkaları kabul edilmiş olabilir."
    fix_en = (
        "Accept again with a quantity up to room, or with rest = waitlist or rest = decline for what is"
        " above it."
    )
    fix_tr = "En çok room kadar kabul edin ya da fazlası için rest = waitlist veya rest = decline gönderin."
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
    cause_en = "The other promises made from this offer line leave less of it free than was asked."
    cause_tr = "Bu teklif kaleminden verilen öbür sözler, istenenden azını boşta bırakıyor."
    fix_en = "Ask for at most free, raise the offer's quantity, or take a promise back."
    fix_tr = "En çok free kadar isteyin, teklifin miktarını artırın ya da bir sözü geri alın."
    detail_en = "{quantity} {unit} was asked; {free} {unit} of the offer line is free."
    detail_tr = "{quantity} {unit} istendi; teklif kaleminde {free} {unit} boşta."


class QuantityAboveAllocation(Refusal):
    """More than was proposed"""

    status = 422
    tr = "Önerilenden fazla"
    cause_en = "An answer may take the proposal or a part of it, never more than the other side put forward."
    cause_tr = "Yanıt, önerinin tamamını ya da bir bölümünü alabilir; önerilenden fazlasını alamaz."
    fix_en = "Answer with at most proposed; for more, ask the other side for another proposal."
    fix_tr = "En çok proposed kadarını yanıtlayın; fazlası için karşı taraftan yeni öneri isteyin."
    detail_en = "{quantity} {unit} is above the proposed {proposed} {unit}."
    detail_tr = "{quantity} {unit}, önerilen {proposed} {unit} miktarından fazla."


class RestRequired(Refusal):
    """Say what becomes of the rest"""

    status = 422
    tr = "Kalanın ne olacağını söyleyin"
    cause_en = (
        "Only a part would be taken, and nothing says whether the pledger keeps the other part or waits"
        " with it."
    )
    cause_tr = "Yalnız bir bölümü alınacak; kalanın geri çevrileceği mi bekleyeceği mi belirtilmemiş."
    fix_en = "Send rest = decline to let it go, or rest = waitlist to keep it waiting for room."
    fix_tr = "Kalanı bırakmak için rest = decline, yer açılmasını bekletmek için rest = waitlist gönderin."
    detail_en = "{rest} {unit} would be left over; send rest = decline or rest = waitlist."
    detail_tr = "{rest} {unit} artacak; rest = decline ya da rest = waitlist gönderin."


class AllocationNotInState(Refusal):
    """The allocation has moved on"""

    tr = "Tahsis başka bir duruma geçti"
    cause_en = (
        "Somebody answered first, or a deadline passed: the step is not possible from the present state."
    )
    cause_tr = "Başkası önce yanıtladı ya da süre doldu: bu adım bugünkü durumdan atılamaz."
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
    cause_en = "A desk writes down promises only for organisations that have no key of their own."
    cause_tr = "Masa, yalnız kendi anahtarı olmayan kuruluşların sözünü yazar."
    fix_en = "Ask the organisation to promise it with its own key."
    fix_tr = "Kuruluştan sözü kendi anahtarıyla vermesini isteyin."
    detail_en = "{organisation_id} has a key of its own that may promise; ask it to."
    detail_tr = "{organisation_id} kuruluşunun vaat verebilen kendi anahtarı var; kendisinden isteyin."


class OfferNotOnBehalf(Refusal):
    """The organisation offered these goods itself"""

    tr = "Bu malları kuruluş kendisi teklif etti"
    cause_en = "The offer was entered by the organisation itself, so no desk may promise from it."
    cause_tr = "Teklifi kuruluşun kendisi girdi; ondan masa söz veremez."
    fix_en = "Call the goods (POST /need-lines/{id}/calls): the organisation then answers by itself."
    fix_tr = "Malları çağırın (POST /need-lines/{id}/calls): kuruluş kendisi yanıtlar."
    detail_en = "{offer_id} is its own word: call the goods, and it answers."
    detail_tr = "{offer_id} kuruluşun kendi sözüdür: malları çağırın, kuruluş yanıtlasın."


class OfferWrittenByAnother(Refusal):
    """Another desk wrote this offer down"""

    tr = "Bu teklifi başka bir masa yazdı"
    cause_en = "What a desk wrote down for an organisation it answers for; nobody else promises from it."
    cause_tr = "Bir masanın bir kuruluş adına yazdığı teklife o masa yanıt verir; başkası ondan söz veremez."
    detail_en = "{offer_id} is the word of {by_org_id}: call the goods, and it answers."
    detail_tr = "{offer_id}, {by_org_id} kuruluşunun sözüdür: malları çağırın, o yanıtlasın."
    fix_en = "Call the goods for your line; the desk that wrote the offer down accepts or declines."
    fix_tr = "Malları satırınız için çağırın; teklifi yazan masa kabul eder ya da geri çevirir."


class OnBehalfNotOpen(Refusal):
    """Nobody writes for others here yet"""

    tr = "Burada başkası adına yazmak henüz açık değil"
    cause_en = "Writing down promises for organisations without access is switched off in this installation."
    cause_tr = "Erişimi olmayan kuruluşlar adına söz yazmak bu kurulumda kapalı."
    fix_en = "Ask the operator to switch it on, or have the organisation get a key of its own."
    fix_tr = "İşletenden açmasını isteyin ya da kuruluş kendi anahtarını alsın."
    detail_en = "This installation has not switched it on."
    detail_tr = "Bu kurulumda açılmamış."


class NotOnBehalf(Refusal):
    """Nobody promised this on your behalf"""

    tr = "Bunu sizin adınıza kimse vaat etmedi"
    cause_en = "An objection is against what a desk wrote down for you; this was promised with your own key."
    cause_tr = "İtiraz, masanın sizin adınıza yazdığına karşıdır; bu söz kendi anahtarınızla verildi."
    fix_en = "To take your own promise back, withdraw it (POST …/withdraw)."
    fix_tr = "Kendi sözünüzü geri almak için geri çekin (POST …/withdraw)."
    detail_en = "The pledger promised it itself; a withdrawal takes it back."
    detail_tr = "Vaadi kurumun kendisi verdi; geri çekme ile geri alınır."


class ObjectionTooLate(Refusal):
    """The time to object has passed"""

    tr = "İtiraz süresi geçti"
    cause_en = (
        "What a desk wrote down stands as the organisation's own word once the time to object has ended."
    )
    cause_tr = "İtiraz süresi bitince masanın yazdığı, kuruluşun kendi sözü olarak kalır."
    fix_en = "Withdraw the promise instead (POST …/withdraw)."
    fix_tr = "Bunun yerine sözü geri çekin (POST …/withdraw)."
    detail_en = "It could be objected to until {until}; a withdrawal takes it back."
    detail_tr = "{until} zamanına kadar itiraz edilebilirdi; geri çekme ile geri alınır."


class NotAwaited(Refusal):
    """The other side must answer"""

    tr = "Yanıt sırası öbür tarafta"
    cause_en = "Each proposal waits for one side, and your organisation is not on the one it waits for."
    cause_tr = "Her öneri bir tarafın yanıtını bekler; kurumunuz beklenen tarafta değil."
    fix_en = "Wait for the side named in awaiting; you may withdraw what you promised yourself."
    fix_tr = "awaiting ile belirtilen tarafı bekleyin; kendi sözünüzü geri çekebilirsiniz."
    detail_en = "This allocation waits for {awaiting}."
    detail_tr = "Bu tahsiste yanıt beklenen taraf: {awaiting}."
    words_en: ClassVar = {
        "awaiting": {"pledger": "the pledger", "asker_side": "the asker's side", "desk": "the desk"}
    }
    words_tr: ClassVar = {"awaiting": SIDES}
