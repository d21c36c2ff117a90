"""What is refused because of where a need stands."""

from .base import Refusal


class NeedNotInState(Refusal):
    """The need is in another state"""

    tr = "İhtiyaç başka bir durumda"
    detail_en = "The need is {state}; this needs {wanted}."
    detail_tr = "İhtiyaç durumu: {state}; bu işlem için gereken: {wanted}."


class NeedIdTaken(Refusal):
    """Another need has this id"""

    tr = "Bu kimlik başka bir ihtiyacın"
    detail_en = "{need_id} is the id of another need; mint a new one."
    detail_tr = "{need_id} başka bir ihtiyacın kimliği; yeni bir kimlik üretin."


class NeedWithoutLines(Refusal):
    """A need must say what is missing"""

    status = 422
    tr = "İhtiyaç neyin eksik olduğunu söylemeli"
    detail_en = "The draft {need_id} has no line yet."
    detail_tr = "{need_id} taslağında henüz hiç kalem yok."


class ContactNotReference(Refusal):
    """The contact must be a reference, not a person"""

    status = 422
    tr = "Kişi bilgisi değil, kişi referansı gerekli"
    detail_en = "contact_ref looks like a {looks_like}; enter the person there first and give the reference."
    detail_tr = "contact_ref şuna benziyor: {looks_like}; önce kişiyi kaydedin, referansını verin."


class FieldUnknown(Refusal):
    """That is not a field of a need"""

    status = 422
    tr = "İhtiyacın böyle bir alanı yok"
    detail_en = "“{field}” is not a field of a need; known: {known}."
    detail_tr = "“{field}” ihtiyacın bir alanı değil; bilinenler: {known}."


class VerificationNotHigher(Refusal):
    """The need is verified at least as well already"""

    tr = "İhtiyaç zaten en az bu düzeyde doğrulanmış"
    detail_en = "The need is at verification level {verification}; {level} is not higher."
    detail_tr = "İhtiyacın doğrulama düzeyi {verification}; {level} daha yüksek değil."


class NotRejected(Refusal):
    """Only a rejection can be appealed"""

    tr = "Yalnız ret kararına itiraz edilebilir"
    detail_en = "The need is {state}, reason: {reason}."
    detail_tr = "İhtiyaç durumu: {state}, gerekçe: {reason}."


class AppealTooLate(Refusal):
    """The time to appeal has passed"""

    tr = "İtiraz süresi geçti"
    detail_en = "It could be appealed until {until}."
    detail_tr = "{until} zamanına kadar itiraz edilebilirdi."


class AppealedBefore(Refusal):
    """The rejection was appealed before"""

    tr = "Ret kararına daha önce itiraz edildi"
    detail_en = "It was appealed at {appealed_at}; one appeal is heard once."
    detail_tr = "{appealed_at} tarihinde itiraz edildi; bir karara bir kez itiraz edilir."


class NoAppeal(Refusal):
    """No appeal waits for an answer"""

    tr = "Yanıt bekleyen itiraz yok"
    detail_en = "The need is {state}; nobody appeals now."
    detail_tr = "İhtiyaç durumu: {state}; bekleyen itiraz yok."


class HoldInvalid(Refusal):
    """A hold must end within 72 hours"""

    status = 422
    tr = "Bekletme 72 saat içinde bitmeli"
    detail_en = "until {until} is not between {now} and {latest}."
    detail_tr = "until {until}, {now} ile {latest} arasında değil."


class GoodsOnTheWay(Refusal):
    """Goods are on the way to this need"""

    tr = "Bu ihtiyaca giden malzeme var"
    detail_en = "Lines {lines} have goods in transit or arrived; take them in, divert or recall them first."
    detail_tr = (
        "{lines} kalemlerinde yolda ya da varmış malzeme var; "
        "önce teslim alın, başka yere yönlendirin ya da geri çağırın."
    )


class TooFewAttempts(Refusal):
    """Too few attempts to reach the asker are recorded"""

    tr = "İsteyene ulaşma denemesi yetersiz"
    detail_en = "{attempts} attempts since {since} are recorded; {needed} are needed."
    detail_tr = "{since} tarihinden beri {attempts} deneme kayıtlı; {needed} deneme gerekli."


class NeverOpened(Refusal):
    """The need was never open"""

    tr = "İhtiyaç hiç açılmamıştı"
    detail_en = "It was closed as {reason} before anybody verified it; an appeal or a new need is the way."
    detail_tr = "Doğrulanmadan {reason} gerekçesiyle kapandı; itiraz edin ya da yeni ihtiyaç girin."


class NeedMerged(Refusal):
    """The need was merged into another"""

    tr = "İhtiyaç başka bir ihtiyaçla birleştirildi"
    detail_en = "It lives on as {merged_into}; undo the merge instead."
    detail_tr = "{merged_into} olarak sürüyor; bunun yerine birleştirmeyi geri alın."


class NeedReopenTooLate(Refusal):
    """The need was closed too long ago"""

    tr = "İhtiyaç çok önce kapandı"
    detail_en = "It could be re-opened until {until}; state a new need."
    detail_tr = "{until} zamanına kadar yeniden açılabilirdi; yeni ihtiyaç girin."


class DelegationInvalid(Refusal):
    """A delegation must end within 30 days"""

    status = 422
    tr = "Yetki devri 30 gün içinde bitmeli"
    detail_en = "until {until} is not between {now} and {latest}."
    detail_tr = "until {until}, {now} ile {latest} arasında değil."


class NotDelegated(Refusal):
    """The asker does not answer for this need"""

    tr = "Bu ihtiyaçta yanıt yetkisi isteyene verilmiş değil"
    detail_en = "Nothing is delegated for {need_id}, or it has ended."
    detail_tr = "{need_id} için verilmiş bir yetki yok ya da süresi doldu."


class SamePlace(Refusal):
    """The need is there already"""

    status = 422
    tr = "İhtiyaç zaten orada"
    detail_en = "The need is in {place} already."
    detail_tr = "İhtiyaç zaten şurada: {place}."


class HandlingUnchanged(Refusal):
    """The need is handled like that already"""

    status = 422
    tr = "İhtiyaç zaten böyle ele alınıyor"
    detail_en = "Say at least one of visibility, sensitivity, intake and site_id otherwise than it stands."
    detail_tr = "visibility, sensitivity, intake, site_id: en az birini bugünkünden farklı verin."


class RelocationBreaksEarmark(Refusal):
    """Something is earmarked for the place of the need"""

    tr = "Bir kısmı yalnız ihtiyacın bulunduğu yere ayrılmış"
    detail_en = "Decline, release or let the pledgers withdraw what may not follow it first: {allocations}."
    detail_tr = "Önce oraya gidemeyecek olanları geri çevirin, bırakın ya da geri çektirin: {allocations}."


class NotLess(Refusal):
    """That is not less than was asked for"""

    status = 422
    tr = "Bu miktar istenenden az değil"
    detail_en = "{quantity} is not below the requested {requested} {unit}; revise the line to ask for more."
    detail_tr = "{quantity}, istenen {requested} {unit} miktarından az değil; fazlası için kalemi değiştirin."
