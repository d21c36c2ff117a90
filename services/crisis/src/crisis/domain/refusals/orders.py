"""What saturation orders refuse, and what is refused about them."""

from .base import Refusal


class Saturated(Refusal):
    """Please do not send this there"""

    tr = "Göndermeyin: bu bölge için durduruldu"
    cause_en = "A desk stopped this item for this place because enough is there or on its way."
    cause_tr = "Yeterince olduğu ya da yolda olduğu için masa bu kalemi bu yer için durdurdu."
    fix_en = "Send the goods to a line named in alternatives, or wait until the order ends."
    fix_tr = "Malı alternatives içindeki bir kaleme verin ya da kararın bitmesini bekleyin."
    detail_en = "{item} for {place} is stopped until {until} (order {order_id}); see alternatives."
    detail_tr = "{place} için {item}, {until} zamanına dek durduruldu (karar {order_id}); seçeneklere bakın."


class OrderNamesOneThing(Refusal):
    """An order stops either one item or one group"""

    status = 422
    tr = "Karar ya tek bir kalemi ya da tek bir grubu durdurur"
    cause_en = "A stop covers one item or one whole group; both or none was sent."
    cause_tr = "Durdurma ya tek kalemi ya tek grubu kapsar; ikisi birden ya da hiçbiri gönderildi."
    fix_en = "Send either item_code or item_group."
    fix_tr = "item_code ya da item_group alanlarından birini gönderin."
    detail_en = "Send exactly one of item_code and item_group."
    detail_tr = "item_code ve item_group alanlarından yalnız birini gönderin."


class GroupUnknown(Refusal):
    """The item group is not on the list"""

    status = 422
    tr = "Kalem grubu listede yok"
    cause_en = "Groups of goods are a published list, and the code sent is not on it."
    cause_tr = "Malzeme grupları yayımlanmış bir listedir; gönderilen kod orada yok."
    fix_en = "Choose a code of known."
    fix_tr = "known içinden bir kod seçin."
    detail_en = "“{group}” is no group of goods; known: {known}."
    detail_tr = "“{group}” bir malzeme grubu değil; bilinenler: {known}."


class OrderEndInvalid(Refusal):
    """An order ends within fourteen days"""

    status = 422
    tr = "Karar en çok on dört gün sürer"
    cause_en = "A stop ends within fourteen days so that it is looked at again."
    cause_tr = "Durdurma, yeniden bakılsın diye on dört gün içinde biter."
    fix_en = "Send until between now and most; it can be renewed."
    fix_tr = "Şimdi ile most arasında bir until gönderin; sonra yenilenebilir."
    detail_en = "until {until} must be in the future and not after {most}."
    detail_tr = "until {until} gelecekte olmalı ve {most} zamanını geçmemeli."


class OrderNotInState(Refusal):
    """The order has moved on"""

    tr = "Karar başka bir duruma geçti"
    cause_en = "The order was confirmed, lifted or has lapsed before this step came."
    cause_tr = "Karar, bu adımdan önce onaylandı, kaldırıldı ya da süresi doldu."
    fix_en = "Read the order; make a new one if it is still needed."
    fix_tr = "Kararı okuyun; hâlâ gerekiyorsa yenisini verin."
    detail_en = "It is {state} since {since}."
    detail_tr = "{since} zamanından beri durumu: {state}."
