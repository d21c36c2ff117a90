"""What is refused because of an allocation's terms: earmark, conditions, substitution, rounds, release."""

from typing import ClassVar

from .base import Refusal
from .words import ANSWERS, SIDES


class EarmarkInvalid(Refusal):
    """The earmark cannot be read"""

    status = 422
    tr = "Kullanım şartı okunamıyor"
    detail_en = "“{value}” is not possible in {part} of an earmark."
    detail_tr = "“{value}”, kullanım şartının {part} bölümünde yer alamaz."


class EarmarkMismatch(Refusal):
    """The goods are earmarked for another use"""

    tr = "Mallar başka bir kullanım için ayrılmış"
    detail_en = "The line lies outside the earmark ({outside}); the pledger must waive it first."
    detail_tr = "Kalem, ayrılan kullanımın dışında ({outside}); önce taahhüt eden kurum izin vermeli."


class StepBroken(Refusal):
    """The offer is given only in whole steps"""

    status = 422
    tr = "Teklif yalnız tam katlar hâlinde verilir"
    detail_en = "{quantity} {unit} is no multiple of {step} {unit}."
    detail_tr = "{quantity} {unit}, {step} {unit} miktarının katı değil."


class ItemNotEqual(Refusal):
    """Another item was asked for"""

    tr = "Başka bir kalem istendi"
    detail_en = "{wanted} was asked for; {item_code} is {known}, the line says substitution = {substitution}."
    detail_tr = "{wanted} istendi; {item_code} için durum: {known}, kalemde ikame: {substitution}."


class RatioInexact(Refusal):
    """The quantity cannot be converted exactly"""

    status = 422
    tr = "Miktar tam olarak çevrilemiyor"
    detail_en = "{quantity} {unit} has no exact counterpart; the nearest that do: {below} and {above} {unit}."
    detail_tr = "{quantity} {unit} tam çevrilemiyor; çevrilebilen en yakınlar {below} ve {above} {unit}."


class NeedStale(Refusal):
    """The need has not been confirmed lately"""

    tr = "İhtiyacın sürdüğü bir süredir teyit edilmedi"
    detail_en = "Nobody said it still holds; ask the asker before calling goods for it."
    detail_tr = "Hâlâ geçerli olduğu söylenmedi; mal çağırmadan önce isteyen kuruma sorun."


class NotACall(Refusal):
    """Only a call can be cancelled by the desk"""

    tr = "Masa yalnız kendi çağrısını geri alabilir"
    detail_en = "This was proposed by the pledger; decline it instead."
    detail_tr = "Bunu taahhüt eden kurum önerdi; bunun yerine geri çevirin."


class NothingCountered(Refusal):
    """No term was changed"""

    status = 422
    tr = "Hiçbir koşul değişmedi"
    detail_en = "A counter changes the quantity, the date or the conditions; to agree, accept."
    detail_tr = (
        "Karşı öneri miktarı, tarihi ya da koşulları değiştirir; "
        "koşullar uygunsa öneriyi olduğu gibi kabul edin."
    )


class RoundsUsed(Refusal):
    """There were enough rounds"""

    tr = "Karşı öneri hakkı doldu"
    detail_en = "{rounds} rounds were made; accept, decline, or start anew with another proposal."
    detail_tr = "{rounds} tur yapıldı; kabul edin, geri çevirin ya da yeni bir öneri yapın."


class ConditionOpen(Refusal):
    """A condition is still open"""

    tr = "Bir koşul henüz açık"
    detail_en = "Open: {conditions}. It must come true or be waived with a reason first."
    detail_tr = (
        "Açık: {conditions}. Önce koşul gerçekleşmeli ya da gerekçe gösterilerek koşuldan vazgeçilmeli."
    )


class ConditionInvalid(Refusal):
    """The condition cannot be stated like this"""

    status = 422
    tr = "Koşul böyle yazılamaz"
    detail_en = "{type} with due_at {due_at}: {rule}."
    detail_tr = "{type}, due_at {due_at}: kurala uymuyor ({rule})."


class ConditionSettled(Refusal):
    """The condition is settled"""

    tr = "Koşul sonuçlandı"
    detail_en = "It is {state} already."
    detail_tr = "Durumu: {state}."


class NotYourCondition(Refusal):
    """Another side must say whether it came true"""

    status = 403
    tr = "Bunu öbür taraf söylemeli"
    detail_en = "The condition was stated by the {stated_by}; only that side may say {answer}."
    words_en: ClassVar = {"stated_by": {"asker_side": "asker's side"}}
    words_tr: ClassVar = {"stated_by": SIDES, "answer": ANSWERS}
    detail_tr = "Koşulu koyan taraf: {stated_by}; bunu yalnız o taraf söyleyebilir ({answer})."


class ExtensionUsed(Refusal):
    """The hold was extended before"""

    tr = "Süre daha önce uzatıldı"
    detail_en = "The pledger may extend once; a desk may extend it again."
    detail_tr = "Taahhüt eden kurum bir kez uzatabilir; sonrasında masa uzatabilir."


class ExtensionOfPledger(Refusal):
    """The pledger has not extended the hold yet"""

    tr = "Süreyi ilk kez taahhüt eden kurum uzatır"
    detail_en = "The pledger says first for how long it keeps the goods; a desk may extend it after that."
    detail_tr = "Malları ne kadar tutacağını önce taahhüt eden kurum söyler; masa ondan sonra uzatabilir."


class LeaseOver(Refusal):
    """The hold has ended"""

    tr = "Tutma süresi doldu"
    detail_en = "The lease ended at {lease_until}."
    detail_tr = "Süre {lease_until} zamanında doldu."


class LeaseInvalid(Refusal):
    """The hold cannot be extended to then"""

    status = 422
    tr = "Tutma o zamana kadar uzatılamaz"
    detail_en = "until {until} must be after {lease_until} and not after {most}."
    detail_tr = "until {until}, {lease_until} zamanından sonra ve en geç {most} olmalı."


class PlanInvalid(Refusal):
    """The dispatch plan does not work"""

    status = 422
    tr = "Sevk planı uygun değil"
    detail_en = "leaves_at {leaves_at} must be in the future and not after {most}."
    detail_tr = "leaves_at {leaves_at} gelecekte ve en geç {most} olmalı."


class HoardingLimit(Refusal):
    """The organisation holds much and closes little"""

    tr = "Kurum çok tutuyor, az tamamlıyor"
    detail_en = "It holds {open_held} lines and closed {closed} of {concluded}; accept with override_reason."
    detail_tr = "{open_held} kalem tutuyor, {concluded} işten {closed} tanesi bitti; gerekçeyle kabul edin."


class ReasonNotSo(Refusal):
    """The reason named does not hold"""

    tr = "Gösterilen gerekçe geçerli değil"
    detail_en = "“{reason}” is not so here; what is: {so}. For anything else ask the holder to let go."
    detail_tr = (
        "“{reason}” burada geçerli değil; geçerli olanlar: {so}. Başka her durumda tutan kuruma sorun."
    )


class ReleasePending(Refusal):
    """The holder was asked already"""

    tr = "Tutan kuruma zaten soruldu"
    detail_en = "Request {request_id} waits for the holder."
    detail_tr = "{request_id} isteği tutan kurumun yanıtını bekliyor."


class ReleaseSettled(Refusal):
    """The request is settled"""

    tr = "İstek sonuçlandı"
    detail_en = "The request is {state}."
    detail_tr = "İsteğin durumu: {state}."


class PlanRequired(Refusal):
    """A refusal needs a dispatch plan"""

    status = 422
    tr = "Malları bırakmamak için sevk planı gerekir"
    detail_en = "To keep the goods say when they leave and how (plan)."
    detail_tr = "Malları tutmak için ne zaman ve nasıl çıkacağını yazın (plan)."


class WaiverPending(Refusal):
    """The question was asked already"""

    tr = "Soru zaten soruldu"
    detail_en = "Question {waiver_id} is {state}."
    detail_tr = "{waiver_id} sorusunun durumu: {state}."


class WaiverSettled(Refusal):
    """The question was answered"""

    tr = "Soru yanıtlandı"
    detail_en = "It is {state}."
    detail_tr = "Durumu: {state}."


class EarmarkFits(Refusal):
    """The goods may be used there already"""

    tr = "Mallar orada zaten kullanılabilir"
    detail_en = "The line lies inside the earmark; nothing needs to be waived."
    detail_tr = "Kalem, ayrılan kullanımın içinde; izin gerekmiyor."
