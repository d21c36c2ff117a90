"""What saturation orders refuse, and what is refused about them."""

from .base import Refusal


class Saturated(Refusal):
    """Please do not send this there"""

    tr = "Göndermeyin: bu bölge için durduruldu"
    detail_en = "{item} for {place} is stopped until {until} (order {order_id}); see alternatives."
    detail_tr = "{place} için {item}, {until} zamanına dek durduruldu (karar {order_id}); seçeneklere bakın."


class OrderNamesOneThing(Refusal):
    """An order stops either one item or one group"""

    status = 422
    tr = "Karar ya tek bir kalemi ya da tek bir grubu durdurur"
    detail_en = "Send exactly one of item_code and item_group."
    detail_tr = "item_code ve item_group alanlarından yalnız birini gönderin."


class GroupUnknown(Refusal):
    """The item group is not on the list"""

    status = 422
    tr = "Kalem grubu listede yok"
    detail_en = "“{group}” is no group of goods; known: {known}."
    detail_tr = "“{group}” bir malzeme grubu değil; bilinenler: {known}."


class OrderEndInvalid(Refusal):
    """An order ends within fourteen days"""

    status = 422
    tr = "Karar en çok on dört gün sürer"
    detail_en = "until {until} must be in the future and not after {most}."
    detail_tr = "until {until} gelecekte olmalı ve {most} zamanını geçmemeli."


class OrderNotInState(Refusal):
    """The order has moved on"""

    tr = "Karar başka bir duruma geçti"
    detail_en = "It is {state} since {since}."
    detail_tr = "{since} zamanından beri durumu: {state}."
