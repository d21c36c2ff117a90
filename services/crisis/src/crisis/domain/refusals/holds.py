"""What is refused because goods are held: for how long, by whom, and when they must be let go."""

from .base import Refusal


class ExtensionUsed(Refusal):
    """The hold was extended before"""

    tr = "Süre daha önce uzatıldı"
    cause_en = "A pledger keeps goods back from others once longer; a second time a desk decides."
    cause_tr = "Taahhüt eden, malı bir kez daha uzun tutabilir; ikincisine masa karar verir."
    fix_en = "Ask a desk of the area to extend, or let the goods go."
    fix_tr = "Bölgenin masasından uzatma isteyin ya da malı bırakın."
    detail_en = "The pledger may extend once; a desk may extend it again."
    detail_tr = "Taahhüt eden kurum bir kez uzatabilir; sonrasında masa uzatabilir."


class ExtensionOfPledger(Refusal):
    """The pledger has not extended the hold yet"""

    tr = "Süreyi ilk kez taahhüt eden kurum uzatır"
    cause_en = "How long goods can be kept ready is the pledger's word first; a desk extends only after it."
    cause_tr = "Malın ne kadar bekletilebileceğini önce taahhüt eden söyler; masa sonra uzatır."
    fix_en = "Ask the pledger to extend."
    fix_tr = "Taahhüt edenden uzatmasını isteyin."
    detail_en = "The pledger says first for how long it keeps the goods; a desk may extend it after that."
    detail_tr = "Malları ne kadar tutacağını önce taahhüt eden kurum söyler; masa ondan sonra uzatabilir."


class LeaseOver(Refusal):
    """The hold has ended"""

    tr = "Tutma süresi doldu"
    cause_en = "The time the goods were kept for has ended."
    cause_tr = "Malın ayrıldığı süre doldu."
    fix_en = "Promise the goods anew where there is room."
    fix_tr = "Yer olan bir kaleme yeniden söz verin."
    detail_en = "The lease ended at {lease_until}."
    detail_tr = "Süre {lease_until} zamanında doldu."


class LeaseInvalid(Refusal):
    """The hold cannot be extended to then"""

    status = 422
    tr = "Tutma o zamana kadar uzatılamaz"
    cause_en = "An extension ends after the present end and within the longest time the crisis allows."
    cause_tr = "Uzatma, bugünkü bitişten sonra ve krizin izin verdiği en uzun süre içinde biter."
    fix_en = "Send until after lease_until and not after most."
    fix_tr = "lease_until sonrası ve en geç most olan bir until gönderin."
    detail_en = "until {until} must be after {lease_until} and not after {most}."
    detail_tr = "until {until}, {lease_until} zamanından sonra ve en geç {most} olmalı."


class PlanInvalid(Refusal):
    """The dispatch plan does not work"""

    status = 422
    tr = "Sevk planı uygun değil"
    cause_en = "The goods would leave in the past, or later than a hold may last."
    cause_tr = "Mal geçmişte ya da tutma süresinden sonra çıkmış olurdu."
    fix_en = "Send leaves_at in the future and not after most."
    fix_tr = "Gelecekte ve en geç most olan bir leaves_at gönderin."
    detail_en = "leaves_at {leaves_at} must be in the future and not after {most}."
    detail_tr = "leaves_at {leaves_at} gelecekte ve en geç {most} olmalı."


class HoardingLimit(Refusal):
    """The organisation holds much and closes little"""

    tr = "Kurum çok tutuyor, az tamamlıyor"
    cause_en = "The organisation holds many lines and has brought few to an end, so others come first."
    cause_tr = "Kurum çok kalem tutuyor, azını tamamladı; bu yüzden öncelik başkalarında."
    fix_en = "A desk may accept with override_reason; the pledger first delivers or lets holds go."
    fix_tr = "Masa override_reason ile kabul edebilir; kurum önce teslim etmeli ya da ayrılanları bırakmalı."
    detail_en = "It holds {open_held} lines and closed {closed} of {concluded}; accept with override_reason."
    detail_tr = "{open_held} kalem tutuyor, {concluded} işten {closed} tanesi bitti; gerekçeyle kabul edin."


class ReasonNotSo(Refusal):
    """The reason named does not hold"""

    tr = "Gösterilen gerekçe geçerli değil"
    cause_en = "A desk takes goods from a holder at once only for reasons that the record bears out."
    cause_tr = "Masa, malı tutandan ancak kayıtların doğruladığı gerekçeyle hemen alır."
    fix_en = "Use a reason of so, or ask the holder with a release request."
    fix_tr = "so içinden bir gerekçe kullanın ya da tutandan bırakmasını isteyin."
    detail_en = "“{reason}” is not so here; what is: {so}. For anything else ask the holder to let go."
    detail_tr = (
        "“{reason}” burada geçerli değil; geçerli olanlar: {so}. Başka her durumda tutan kuruma sorun."
    )


class ReleasePending(Refusal):
    """The holder was asked already"""

    tr = "Tutan kuruma zaten soruldu"
    cause_en = "The holder has been asked to let go and has not answered yet."
    cause_tr = "Tutandan bırakması istendi, henüz yanıt vermedi."
    fix_en = "Wait for the answer; the request ends by itself."
    fix_tr = "Yanıtı bekleyin; istek süresi dolunca kendi biter."
    detail_en = "Request {request_id} waits for the holder."
    detail_tr = "{request_id} isteği tutan kurumun yanıtını bekliyor."


class ReleaseSettled(Refusal):
    """The request is settled"""

    tr = "İstek sonuçlandı"
    cause_en = "The holder has answered, or the time to answer has ended."
    cause_tr = "Tutan yanıtladı ya da yanıt süresi doldu."
    fix_en = "Read the allocation; ask again if there is a new cause."
    fix_tr = "Tahsisi okuyun; yeni bir neden varsa yeniden isteyin."
    detail_en = "The request is {state}."
    detail_tr = "İsteğin durumu: {state}."


class PlanRequired(Refusal):
    """A refusal needs a dispatch plan"""

    status = 422
    tr = "Malları bırakmamak için sevk planı gerekir"
    cause_en = "Goods asked back may be kept only by who says when and how they leave."
    cause_tr = "Geri istenen malı, ancak ne zaman ve nasıl çıkacağını söyleyen tutabilir."
    fix_en = "Send plan with leaves_at and the way, or let the goods go."
    fix_tr = "plan ile leaves_at ve ulaşım yolunu gönderin ya da malı bırakın."
    detail_en = "To keep the goods say when they leave and how (plan)."
    detail_tr = "Malları tutmak için ne zaman ve nasıl çıkacağını yazın (plan)."
