"""What is refused because of a need or one of its lines."""

from .base import Refusal


class ItemNotGoods(Refusal):
    """Only goods can be asked for"""

    status = 422
    tr = "Yalnız malzeme istenebilir"
    cause_en = (
        "Services and people are in the catalogue, but they are counted per day, which is not open yet."
    )
    cause_tr = "Hizmet ve insan katalogda var; günlük sayılırlar ve bu henüz açık değil."
    fix_en = "Choose an item of kind goods (GET /items)."
    fix_tr = "Türü malzeme olan bir kalem seçin (GET /items)."
    detail_en = "{item_code} is of kind {kind}; services and people are counted per day, not open yet."
    detail_tr = "{item_code} türü: {kind}; hizmet ve insan günlük sayılır, bu henüz açık değil."


class NeededByPast(Refusal):
    """The time it is needed by has passed"""

    status = 422
    tr = "İhtiyaç zamanı geçmiş"
    cause_en = "The time is over by the server's clock, so nothing could come by then."
    cause_tr = "Sunucunun saatine göre o zaman geçti; o zamana dek bir şey gelemez."
    fix_en = "Send a needed_by after now; check the clock of the device."
    fix_tr = "now sonrası bir needed_by gönderin; cihazın saatini denetleyin."
    detail_en = "needed_by {needed_by} is not in the future; the server's time is {now}."
    detail_tr = "needed_by {needed_by} gelecekte değil; sunucunun saati {now}."


class MinUsefulAboveRequested(Refusal):
    """The smallest useful quantity is larger than the request"""

    status = 422
    tr = "En küçük yararlı miktar, istenenden büyük"
    cause_en = "The least that helps is larger than all that is asked for, so no pledge could fit."
    cause_tr = "İşe yarayan en küçük miktar, istenenin tamamından büyük; hiçbir taahhüt uymaz."
    fix_en = "Lower min_useful_quantity or raise the quantity."
    fix_tr = "min_useful_quantity değerini düşürün ya da miktarı artırın."
    detail_en = "min_useful_quantity {min_useful} is above the requested {requested} {unit}."
    detail_tr = "min_useful_quantity {min_useful}, istenen {requested} {unit} miktarından büyük."


class NeedNotSubmitted(Refusal):
    """The need is not waiting for verification"""

    tr = "İhtiyaç doğrulama beklemiyor"
    cause_en = "Only a need that was submitted and not judged yet can be verified, returned or rejected."
    cause_tr = (
        "Yalnız gönderilmiş ve değerlendirilmemiş ihtiyaç doğrulanır, geri gönderilir ya da reddedilir."
    )
    fix_en = "Read the need: somebody may have judged it before you."
    fix_tr = "İhtiyacı okuyun: başkası sizden önce değerlendirmiş olabilir."
    detail_en = "The need is {state} with verification level {verification}."
    detail_tr = "İhtiyaç durumu: {state}, doğrulama düzeyi {verification}."


class NeedNotOpen(Refusal):
    """The need does not take pledges yet"""

    tr = "İhtiyaç henüz taahhüt almıyor"
    cause_en = "Nobody has verified the need yet, or it is on hold or with its asker for completion."
    cause_tr = "İhtiyaç henüz doğrulanmadı, bekletiliyor ya da tamamlanmak üzere isteyende."
    fix_en = "Choose lines with GET /crises/{id}/lines?state=open&has_gap=true."
    fix_tr = "GET /crises/{id}/lines?state=open&has_gap=true ile kalem seçin."
    detail_en = "The need is {state}; only an open need takes pledges."
    detail_tr = "İhtiyaç durumu: {state}; yalnız açık ihtiyaç taahhüt alır."


class NeedClosed(Refusal):
    """The need is closed"""

    tr = "İhtiyaç kapandı"
    cause_en = "The need has ended and takes no new promise; what was promised before keeps its own way."
    cause_tr = "İhtiyaç bitti, yeni söz almaz; önceki sözler kendi yolunda sürer."
    fix_en = "Look for another line with a gap (GET /crises/{id}/lines?state=open&has_gap=true)."
    fix_tr = "Açığı olan başka bir kalem arayın (GET /crises/{id}/lines?state=open&has_gap=true)."
    detail_en = "The need was closed: {reason}."
    detail_tr = "İhtiyaç kapatıldı: {reason}."


class LineOverdue(Refusal):
    """The line was needed by a time that has passed"""

    tr = "Kalemin ihtiyaç zamanı geçti"
    cause_en = "The line's time has passed, and goods promised for it would come too late."
    cause_tr = "Kalemin zamanı geçti; söz verilen mal geç kalırdı."
    fix_en = "The asker revises needed_by first; or promise to another line."
    fix_tr = "Önce isteyen kurum needed_by değerini yeniler; ya da başka bir kaleme söz verin."
    detail_en = "It was needed by {needed_by}; the asker must give a new time first."
    detail_tr = "En geç {needed_by} için istenmişti; önce isteyen kurum yeni bir zaman vermeli."
