"""What is refused because of a need or one of its lines."""

from .base import Refusal


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
