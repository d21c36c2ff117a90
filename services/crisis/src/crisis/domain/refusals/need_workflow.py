"""What is refused because of where a need stands."""

from .base import Refusal


class NeedNotInState(Refusal):
    """The need is in another state"""

    tr = "İhtiyaç başka bir durumda"
    cause_en = (
        "The need is at a stage from which this step does not lead on, or somebody took the step first."
    )
    cause_tr = "İhtiyaç, bu adımın atılamayacağı bir aşamada ya da adımı başkası attı."
    fix_en = "Read the need; its state and reason say what is possible."
    fix_tr = "İhtiyacı okuyun; durumu ve gerekçesi neyin olanaklı olduğunu söyler."
    detail_en = "The need is {state}; this needs {wanted}."
    detail_tr = "İhtiyaç durumu: {state}; bu işlem için gereken: {wanted}."


class NeedIdTaken(Refusal):
    """Another need has this id"""

    tr = "Bu kimlik başka bir ihtiyacın"
    cause_en = "An id names one need for ever, and this one belongs to another."
    cause_tr = "Bir kimlik tek bir ihtiyacındır; bu kimlik başkasının."
    detail_en = "{need_id} is the id of another need; mint a new one."
    detail_tr = "{need_id} başka bir ihtiyacın kimliği; yeni bir kimlik üretin."
    fix_en = "Mint another id and send the need under it."
    fix_tr = "Başka bir kimlik üretip ihtiyacı onunla gönderin."


class NeedWithoutLines(Refusal):
    """A need must say what is missing"""

    status = 422
    tr = "İhtiyaç neyin eksik olduğunu söylemeli"
    cause_en = "A draft may be empty, but what is submitted says at least one item that is missing."
    cause_tr = "Taslak boş olabilir; gönderilen ihtiyaç en az bir eksik kalemi söyler."
    fix_en = "Add a line to the draft, then submit it."
    fix_tr = "Taslağa bir kalem ekleyin, sonra gönderin."
    detail_en = "The draft {need_id} has no line yet."
    detail_tr = "{need_id} taslağında henüz hiç kalem yok."


class ContactNotReference(Refusal):
    """The contact must be a reference, not a person"""

    status = 422
    tr = "Kişi bilgisi değil, kişi referansı gerekli"
    cause_en = "The value looks like a name, number or address; persons are kept apart from needs."
    cause_tr = "Değer ad, numara ya da adrese benziyor; kişiler ihtiyaçlardan ayrı tutulur."
    fix_en = "Send the opaque reference of the contact, as cnt-0199c2d4."
    fix_tr = "Kişinin kapalı referansını gönderin, örneğin cnt-0199c2d4."
    detail_en = "contact_ref looks like a {looks_like}; enter the person there first and give the reference."
    detail_tr = "contact_ref şuna benziyor: {looks_like}; önce kişiyi kaydedin, referansını verin."


class FieldUnknown(Refusal):
    """That is not a field of a need"""

    status = 422
    tr = "İhtiyacın böyle bir alanı yok"
    cause_en = "A returned need names the fields that are missing, and this is not the name of one."
    cause_tr = "Geri gönderilen ihtiyaç eksik alanları adlandırır; bu bir alan adı değil."
    fix_en = "Choose names of known."
    fix_tr = "known içinden seçin."
    detail_en = "“{field}” is not a field of a need; known: {known}."
    detail_tr = "“{field}” ihtiyacın bir alanı değil; bilinenler: {known}."


class VerificationNotHigher(Refusal):
    """The need is verified at least as well already"""

    tr = "İhtiyaç zaten en az bu düzeyde doğrulanmış"
    cause_en = "Verification only rises; this level is at or below the one reached."
    cause_tr = "Doğrulama yalnız yükselir; bu düzey, ulaşılanın üstünde değil."
    fix_en = "Nothing is left to do unless a higher level was seen."
    fix_tr = "Daha yüksek bir düzey görülmediyse yapılacak bir şey yok."
    detail_en = "The need is at verification level {verification}; {level} is not higher."
    detail_tr = "İhtiyacın doğrulama düzeyi {verification}; {level} daha yüksek değil."


class NotRejected(Refusal):
    """Only a rejection can be appealed"""

    tr = "Yalnız ret kararına itiraz edilebilir"
    cause_en = "The need is not closed by a rejection, so there is nothing to appeal against."
    cause_tr = "İhtiyaç ret ile kapanmamış; itiraz edilecek karar yok."
    fix_en = "Read the need's state and reason."
    fix_tr = "İhtiyacın durumunu ve gerekçesini okuyun."
    detail_en = "The need is {state}, reason: {reason}."
    detail_tr = "İhtiyaç durumu: {state}, gerekçe: {reason}."


class AppealTooLate(Refusal):
    """The time to appeal has passed"""

    tr = "İtiraz süresi geçti"
    cause_en = "A rejection can be appealed for a limited time, and that has ended."
    cause_tr = "Ret kararına belli bir süre itiraz edilebilir; süre bitti."
    fix_en = "State the need anew, with what has changed."
    fix_tr = "İhtiyacı değişenlerle birlikte yeniden girin."
    detail_en = "It could be appealed until {until}."
    detail_tr = "{until} zamanına kadar itiraz edilebilirdi."


class AppealedBefore(Refusal):
    """The rejection was appealed before"""

    tr = "Ret kararına daha önce itiraz edildi"
    cause_en = "A rejection is looked at a second time once, and that was asked for before."
    cause_tr = "Ret kararına bir kez yeniden bakılır; bu daha önce istendi."
    fix_en = "Wait for the answer; after a second no state a new need."
    fix_tr = "Yanıtı bekleyin; ikinci retten sonra yeni ihtiyaç girin."
    detail_en = "It was appealed at {appealed_at}; one appeal is heard once."
    detail_tr = "{appealed_at} tarihinde itiraz edildi; bir karara bir kez itiraz edilir."


class NoAppeal(Refusal):
    """No appeal waits for an answer"""

    tr = "Yanıt bekleyen itiraz yok"
    cause_en = "The appeal was answered, or nobody made one."
    cause_tr = "İtiraz yanıtlandı ya da hiç yapılmadı."
    detail_en = "The need is {state}; nobody appeals now."
    detail_tr = "İhtiyaç durumu: {state}; bekleyen itiraz yok."


class HoldInvalid(Refusal):
    """A hold must end within 72 hours"""

    status = 422
    tr = "Bekletme 72 saat içinde bitmeli"
    cause_en = "A need may be kept waiting for 72 hours at most, and not into the past."
    cause_tr = "İhtiyaç en çok 72 saat bekletilebilir, geçmişe doğru bekletilemez."
    fix_en = "Send until between now and latest."
    fix_tr = "now ile latest arasında bir until gönderin."
    detail_en = "until {until} is not between {now} and {latest}."
    detail_tr = "until {until}, {now} ile {latest} arasında değil."


class GoodsOnTheWay(Refusal):
    """Goods are on the way to this need"""

    tr = "Bu ihtiyaca giden malzeme var"
    cause_en = "The need would end while goods are on the road to it or stand there unconfirmed."
    cause_tr = "İhtiyaç, ona giden ya da varıp onaylanmamış mal varken bitmiş olurdu."
    fix_en = "Take the goods of lines in, divert or recall them, then close."
    fix_tr = "lines içindeki malları teslim alın, yönlendirin ya da geri çağırın; sonra kapatın."
    detail_en = "Lines {lines} have goods in transit or arrived; take them in, divert or recall them first."
    detail_tr = (
        "{lines} kalemlerinde yolda ya da varmış malzeme var; "
        "önce teslim alın, başka yere yönlendirin ya da geri çağırın."
    )


class TooFewAttempts(Refusal):
    """Too few attempts to reach the asker are recorded"""

    tr = "İsteyene ulaşma denemesi yetersiz"
    cause_en = (
        "A need is not closed for silence before the asker was tried often enough and in more than one hour."
    )
    cause_tr = "İsteyene yeterince ve ayrı saatlerde ulaşılmaya çalışılmadan ihtiyaç sessizlikten kapatılmaz."
    fix_en = "Record further attempts, an hour apart or in another way, then close."
    fix_tr = "Birer saat arayla ya da başka yoldan denemeleri kaydedin, sonra kapatın."
    detail_en = (
        "{attempts} attempts since {since} count; {needed} are needed, and in one way one counts an hour."
    )
    detail_tr = (
        "{since} tarihinden beri {attempts} deneme sayılıyor; {needed} gerekli, "
        "aynı yoldan saatte biri sayılır."
    )


class NeverOpened(Refusal):
    """The need was never open"""

    tr = "İhtiyaç hiç açılmamıştı"
    cause_en = "Only a need that was verified once can open again; this one ended before."
    cause_tr = "Yalnız bir kez doğrulanmış ihtiyaç yeniden açılır; bu daha önce bitti."
    fix_en = "Appeal the rejection, or state a new need."
    fix_tr = "Ret kararına itiraz edin ya da yeni ihtiyaç girin."
    detail_en = "It was closed as {reason} before anybody verified it; an appeal or a new need is the way."
    detail_tr = "Doğrulanmadan {reason} gerekçesiyle kapandı; itiraz edin ya da yeni ihtiyaç girin."


class NeedMerged(Refusal):
    """The need was merged into another"""

    tr = "İhtiyaç başka bir ihtiyaçla birleştirildi"
    cause_en = "The need became part of another one and is kept there."
    cause_tr = "İhtiyaç başka bir ihtiyacın parçası oldu ve orada sürüyor."
    fix_en = "Work on merged_into, or undo the merge while that is possible."
    fix_tr = "merged_into üzerinde çalışın ya da olanaklıyken birleştirmeyi geri alın."
    detail_en = "It lives on as {merged_into}; undo the merge instead."
    detail_tr = "{merged_into} olarak sürüyor; bunun yerine birleştirmeyi geri alın."


class NeedReopenTooLate(Refusal):
    """The need was closed too long ago"""

    tr = "İhtiyaç çok önce kapandı"
    cause_en = "A closed need can be opened again for a limited time, and that has ended."
    cause_tr = "Kapanan ihtiyaç belli bir süre yeniden açılabilir; süre bitti."
    fix_en = "State a new need."
    fix_tr = "Yeni ihtiyaç girin."
    detail_en = "It could be re-opened until {until}; state a new need."
    detail_tr = "{until} zamanına kadar yeniden açılabilirdi; yeni ihtiyaç girin."


class DelegationInvalid(Refusal):
    """A delegation must end within 30 days"""

    status = 422
    tr = "Yetki devri 30 gün içinde bitmeli"
    cause_en = "The right to answer is lent to an asker for 30 days at most, and not into the past."
    cause_tr = "Yanıt yetkisi isteyene en çok 30 gün verilir, geçmişe doğru verilmez."
    fix_en = "Send until between now and latest; it can be lent again."
    fix_tr = "now ile latest arasında bir until gönderin; sonra yeniden verilebilir."
    detail_en = "until {until} is not between {now} and {latest}."
    detail_tr = "until {until}, {now} ile {latest} arasında değil."


class NotDelegated(Refusal):
    """The asker does not answer for this need"""

    tr = "Bu ihtiyaçta yanıt yetkisi isteyene verilmiş değil"
    cause_en = "There is no delegation to take back: none was given, or its time has ended."
    cause_tr = "Geri alınacak yetki yok: verilmedi ya da süresi doldu."
    fix_en = "Nothing is left to do; the desk answers for this need."
    fix_tr = "Yapılacak bir şey yok; bu ihtiyaçta masa yanıtlar."
    detail_en = "Nothing is delegated for {need_id}, or it has ended."
    detail_tr = "{need_id} için verilmiş bir yetki yok ya da süresi doldu."


class SamePlace(Refusal):
    """The need is there already"""

    status = 422
    tr = "İhtiyaç zaten orada"
    cause_en = "The move names the place the need is at."
    cause_tr = "Taşıma, ihtiyacın bulunduğu yeri gösteriyor."
    fix_en = "Send nothing, or another place."
    fix_tr = "Bir şey göndermeyin ya da başka bir yer gönderin."
    detail_en = "The need is in {place} already."
    detail_tr = "İhtiyaç zaten şurada: {place}."


class HandlingUnchanged(Refusal):
    """The need is handled like that already"""

    status = 422
    tr = "İhtiyaç zaten böyle ele alınıyor"
    cause_en = "All that was sent about visibility, sensitivity, intake and site is as it stands."
    cause_tr = "Görünürlük, duyarlılık, geliş yolu ve alan için gönderilenler bugünküyle aynı."
    fix_en = "Send nothing, or the member that is to differ."
    fix_tr = "Bir şey göndermeyin ya da değişecek olanı gönderin."
    detail_en = "Say at least one of visibility, sensitivity, intake and site_id otherwise than it stands."
    detail_tr = "visibility, sensitivity, intake, site_id: en az birini bugünkünden farklı verin."


class RelocationBreaksEarmark(Refusal):
    """Something is earmarked for the place of the need"""

    tr = "Bir kısmı yalnız ihtiyacın bulunduğu yere ayrılmış"
    cause_en = "Some promises are bound to the present place and may not follow the need to the new one."
    cause_tr = "Bazı sözler bugünkü yere bağlı; ihtiyaçla birlikte gidemez."
    fix_en = "Let the allocations named go or be withdrawn first, then relocate."
    fix_tr = "Önce adı geçen tahsisleri bırakın ya da geri çektirin, sonra taşıyın."
    detail_en = "Decline, release or let the pledgers withdraw what may not follow it first: {allocations}."
    detail_tr = "Önce oraya gidemeyecek olanları geri çevirin, bırakın ya da geri çektirin: {allocations}."


class NotLess(Refusal):
    """That is not less than was asked for"""

    status = 422
    tr = "Bu miktar istenenden az değil"
    cause_en = "The heartbeat of a need can lower what is asked for, never raise it."
    cause_tr = "İhtiyacın sürdüğü bildirilirken miktar azaltılabilir, artırılamaz."
    fix_en = "Send less than requested, or revise the line to ask for more."
    fix_tr = "requested altında bir miktar gönderin ya da fazlası için kalemi değiştirin."
    detail_en = "{quantity} is not below the requested {requested} {unit}; revise the line to ask for more."
    detail_tr = "{quantity}, istenen {requested} {unit} miktarından az değil; fazlası için kalemi değiştirin."
