"""What is refused because of an allocation's terms: earmark, conditions, substitution, rounds."""

from typing import ClassVar

from .base import Refusal
from .words import ANSWERS, SIDES


class EarmarkInvalid(Refusal):
    """The earmark cannot be read"""

    status = 422
    tr = "Kullanım şartı okunamıyor"
    cause_en = "A part of the earmark holds a code that is on no list of this kind."
    cause_tr = "Kullanım şartının bir bölümünde o tür listede olmayan bir kod var."
    fix_en = "Correct value in part, or leave the part out."
    fix_tr = "part içindeki value değerini düzeltin ya da bölümü çıkarın."
    detail_en = "“{value}” is not possible in {part} of an earmark."
    detail_tr = "“{value}”, kullanım şartının {part} bölümünde yer alamaz."


class EarmarkMismatch(Refusal):
    """The goods are earmarked for another use"""

    tr = "Mallar başka bir kullanım için ayrılmış"
    cause_en = "The giver bound these goods to places, items or askers that this line is not among."
    cause_tr = "Veren, malı bu kalemin dışında kalan yer, ürün ya da isteyene bağladı."
    fix_en = "Ask the pledger for a waiver, or choose a line inside the earmark."
    fix_tr = "Taahhüt edenden izin isteyin ya da şarta uyan bir kalem seçin."
    detail_en = "The line lies outside the earmark ({outside}); the pledger must waive it first."
    detail_tr = "Kalem, ayrılan kullanımın dışında ({outside}); önce taahhüt eden kurum izin vermeli."


class StepBroken(Refusal):
    """The offer is given only in whole steps"""

    status = 422
    tr = "Teklif yalnız tam katlar hâlinde verilir"
    cause_en = "The giver hands the goods out in whole packs or steps, and this quantity splits one."
    cause_tr = "Veren, malı tam katlar hâlinde verir; bu miktar birini bölüyor."
    fix_en = "Send a multiple of step."
    fix_tr = "step değerinin katını gönderin."
    detail_en = "{quantity} {unit} is no multiple of {step} {unit}."
    detail_tr = "{quantity} {unit}, {step} {unit} miktarının katı değil."


class ItemNotEqual(Refusal):
    """Another item was asked for"""

    tr = "Başka bir kalem istendi"
    cause_en = "The goods are of another item, and the line takes none or not this one in its place."
    cause_tr = "Mal başka bir ürün; kalem yerine bir şey almıyor ya da bunu almıyor."
    fix_en = "Offer the item asked for, or find a line whose substitution allows yours."
    fix_tr = "İstenen ürünü önerin ya da ikame olarak sizinkini alan bir kalem bulun."
    detail_en = "{wanted} was asked for; {item_code} is {known}, the line says substitution = {substitution}."
    detail_tr = "{wanted} istendi; {item_code} için durum: {known}, kalemde ikame: {substitution}."


class RatioInexact(Refusal):
    """The quantity cannot be converted exactly"""

    status = 422
    tr = "Miktar tam olarak çevrilemiyor"
    cause_en = "The substitute stands for the item in whole ratios, and this quantity leaves a fraction."
    cause_tr = "İkame ürün tam oranlarla sayılır; bu miktar kesir bırakıyor."
    fix_en = "Send below or above instead."
    fix_tr = "Bunun yerine below ya da above gönderin."
    detail_en = "{quantity} {unit} has no exact counterpart; the nearest that do: {below} and {above} {unit}."
    detail_tr = "{quantity} {unit} tam çevrilemiyor; çevrilebilen en yakınlar {below} ve {above} {unit}."


class NeedStale(Refusal):
    """The need has not been confirmed lately"""

    tr = "İhtiyacın sürdüğü bir süredir teyit edilmedi"
    cause_en = "The asker has been silent for long; goods are not called from others on such a word."
    cause_tr = "İsteyen uzun süredir sessiz; böyle bir sözle başkasından mal çağrılmaz."
    fix_en = "Have the asker confirm the need (heartbeat), then call the goods."
    fix_tr = "İhtiyacın sürdüğünü isteyene doğrulatın, sonra malı çağırın."
    detail_en = "Nobody said it still holds; ask the asker before calling goods for it."
    detail_tr = "Hâlâ geçerli olduğu söylenmedi; mal çağırmadan önce isteyen kuruma sorun."


class NotACall(Refusal):
    """Only a call can be cancelled by the desk"""

    tr = "Masa yalnız kendi çağrısını geri alabilir"
    cause_en = (
        "The desk did not ask for these goods: the pledger put them forward, so there is no call to cancel."
    )
    cause_tr = "Bu malı masa istemedi, taahhüt eden önerdi; geri alınacak çağrı yok."
    fix_en = "Decline the proposal with a reason."
    fix_tr = "Öneriyi gerekçeyle geri çevirin."
    detail_en = "This was proposed by the pledger; decline it instead."
    detail_tr = "Bunu taahhüt eden kurum önerdi; bunun yerine geri çevirin."


class NothingCountered(Refusal):
    """No term was changed"""

    status = 422
    tr = "Hiçbir koşul değişmedi"
    cause_en = "The counter-offer says the same as the proposal."
    cause_tr = "Karşı öneri, önerinin aynısını söylüyor."
    fix_en = "Accept the proposal, or change quantity, date or conditions."
    fix_tr = "Öneriyi kabul edin ya da miktarı, tarihi veya koşulları değiştirin."
    detail_en = "A counter changes the quantity, the date or the conditions; to agree, accept."
    detail_tr = (
        "Karşı öneri miktarı, tarihi ya da koşulları değiştirir; "
        "koşullar uygunsa öneriyi olduğu gibi kabul edin."
    )


class RoundsUsed(Refusal):
    """There were enough rounds"""

    tr = "Karşı öneri hakkı doldu"
    cause_en = "Offer and counter-offer went to and fro as often as a crisis has time for."
    cause_tr = "Öneri ve karşı öneri, bir krizin kaldıracağı kadar gidip geldi."
    fix_en = "Accept or decline; the pledger may make another proposal."
    fix_tr = "Kabul edin ya da geri çevirin; taahhüt eden yeni bir öneri yapabilir."
    detail_en = "{rounds} rounds were made; accept, decline, or start anew with another proposal."
    detail_tr = "{rounds} tur yapıldı; kabul edin, geri çevirin ya da yeni bir öneri yapın."


class ConditionOpen(Refusal):
    """A condition is still open"""

    tr = "Bir koşul henüz açık"
    cause_en = "The promise depends on something that nobody has said came true."
    cause_tr = "Söz, gerçekleştiği bildirilmemiş bir koşula bağlı."
    fix_en = "Have the conditions met or waived by the side that stated them, then repeat the step."
    fix_tr = "Koşulları koyan taraf gerçekleşti desin ya da vazgeçsin, sonra adımı yineleyin."
    detail_en = "Open: {conditions}. It must come true or be waived with a reason first."
    detail_tr = (
        "Açık: {conditions}. Önce koşul gerçekleşmeli ya da gerekçe gösterilerek koşuldan vazgeçilmeli."
    )


class ConditionInvalid(Refusal):
    """The condition cannot be stated like this"""

    status = 422
    tr = "Koşul böyle yazılamaz"
    cause_en = "The type of the condition and its due_at do not go together, or the time is out of range."
    cause_tr = "Koşulun türü ile due_at birbirine uymuyor ya da zaman aralık dışında."
    fix_en = "Follow rule; the types are described at the member conditions."
    fix_tr = "rule ile belirtilen kurala uyun; türler conditions alanında anlatılır."
    detail_en = "{type} with due_at {due_at}: {rule}."
    detail_tr = "{type}, due_at {due_at}: kurala uymuyor ({rule})."


class ConditionSettled(Refusal):
    """The condition is settled"""

    tr = "Koşul sonuçlandı"
    cause_en = "The condition came true, failed or was waived before."
    cause_tr = "Koşul daha önce gerçekleşti, gerçekleşmedi ya da ondan vazgeçildi."
    fix_en = "Nothing is left to do; read the allocation's conditions."
    fix_tr = "Yapılacak bir şey yok; tahsisin koşullarını okuyun."
    detail_en = "It is {state} already."
    detail_tr = "Durumu: {state}."


class NotYourCondition(Refusal):
    """Another side must say whether it came true"""

    status = 403
    tr = "Bunu öbür taraf söylemeli"
    cause_en = "Whether a condition came true is said by the side that stated it."
    cause_tr = "Koşulun gerçekleştiğini, onu koyan taraf söyler."
    fix_en = "Ask the side named in stated_by to say it."
    fix_tr = "stated_by ile belirtilen taraftan söylemesini isteyin."
    detail_en = "The condition was stated by the {stated_by}; only that side may say {answer}."
    words_en: ClassVar = {"stated_by": {"asker_side": "asker's side"}}
    words_tr: ClassVar = {"stated_by": SIDES, "answer": ANSWERS}
    detail_tr = "Koşulu koyan taraf: {stated_by}; bunu yalnız o taraf söyleyebilir ({answer})."


class WaiverPending(Refusal):
    """The question was asked already"""

    tr = "Soru zaten soruldu"
    cause_en = "The pledger has been asked whether the goods may be used there and has not answered."
    cause_tr = "Malın orada kullanılıp kullanılamayacağı taahhüt edene soruldu, yanıt bekleniyor."
    fix_en = "Wait for the answer to waiver_id."
    fix_tr = "waiver_id sorusunun yanıtını bekleyin."
    detail_en = "Question {waiver_id} is {state}."
    detail_tr = "{waiver_id} sorusunun durumu: {state}."


class WaiverSettled(Refusal):
    """The question was answered"""

    tr = "Soru yanıtlandı"
    cause_en = "The pledger said yes or no, or the time to answer has ended."
    cause_tr = "Taahhüt eden yanıtladı ya da yanıt süresi doldu."
    fix_en = "Read the question's state; ask again if there is a new cause."
    fix_tr = "Sorunun durumunu okuyun; yeni bir neden varsa yeniden sorun."
    detail_en = "It is {state}."
    detail_tr = "Durumu: {state}."


class EarmarkFits(Refusal):
    """The goods may be used there already"""

    tr = "Mallar orada zaten kullanılabilir"
    cause_en = "A waiver was asked for, but the goods may go to this line without one."
    cause_tr = "İzin istendi, ama mal bu kaleme izinsiz gidebilir."
    fix_en = "Promise the goods to the line directly."
    fix_tr = "Malı doğrudan kaleme taahhüt edin."
    detail_en = "The line lies inside the earmark; nothing needs to be waived."
    detail_tr = "Kalem, ayrılan kullanımın içinde; izin gerekmiyor."
