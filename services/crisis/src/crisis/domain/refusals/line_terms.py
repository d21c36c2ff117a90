"""What is refused because of what is asked of a line, agreed above it, or met elsewhere."""

from .base import Refusal


class BelowCommitted(Refusal):
    """Less than what is on its way or there already"""

    tr = "Yolda ya da yerinde olandan az"
    cause_en = "Goods that are on the road, there, or met elsewhere cannot be un-asked by lowering the line."
    cause_tr = "Yolda, yerinde ya da başka yerden karşılanmış mal, kalem düşürülerek geri alınamaz."
    fix_en = "Ask for at least minimum; have goods that are not wanted diverted or recalled first."
    fix_tr = "En az minimum isteyin; istenmeyen mal önce yönlendirilmeli ya da geri çağrılmalı."
    detail_en = (
        "{requested} {unit} is below {minimum} {unit}: in transit, arrived, delivered or met elsewhere."
    )
    detail_tr = (
        "{requested} {unit}, {minimum} {unit} miktarının altında; bu kadarı yolda, yerine varmış, "
        "teslim edilmiş ya da başka yerden karşılanmış."
    )


class NothingRevised(Refusal):
    """Nothing would change"""

    status = 422
    tr = "Hiçbir şey değişmiyor"
    cause_en = "Quantity, time and reserve are all as they stand."
    cause_tr = "Miktar, zaman ve yedek bugünküyle aynı."
    fix_en = "Send nothing, or the one that is to differ."
    fix_tr = "Bir şey göndermeyin ya da değişecek olanı gönderin."
    detail_en = "The line already stands at {requested} {unit}, needed by {needed_by}, with this reserve."
    detail_tr = "Kalem zaten {requested} {unit}; son tarihi {needed_by}, yedeği de aynı."


class HoldNotOnLine(Refusal):
    """This row is not held for the line"""

    tr = "Bu tahsis bu kalem için ayrılmış değil"
    cause_en = "The row was picked to be let go, but it is held for another line, or is not held now."
    cause_tr = "Bırakılmak üzere seçilen tahsis başka bir kalem için ayrılmış ya da artık ayrılmış değil."
    fix_en = "Read the line's allocations and pick among those that are held."
    fix_tr = "Kalemin tahsislerini okuyun ve ayrılmış olanlardan seçin."
    detail_en = "Allocation {allocation_id} is not held for this line now."
    detail_tr = "{allocation_id} tahsisi şu anda bu kalem için ayrılmış değil."


class PickedTooLittle(Refusal):
    """The rows picked do not hold enough"""

    status = 422
    tr = "Seçilen tahsisler yetmiyor"
    cause_en = (
        "Lowering the line leaves more held than asked for, and the rows picked do not cover the difference."
    )
    cause_tr = "Kalem düşünce ayrılan, istenenden fazla kalır; seçilenler farkı karşılamıyor."
    fix_en = "Pick rows that together hold at least surplus, or leave the choice to the service."
    fix_tr = "Toplamı en az surplus olan tahsisler seçin ya da seçimi sisteme bırakın."
    detail_en = "They hold {picked} {unit}; {surplus} {unit} must be let go."
    detail_tr = "Seçilenler {picked} {unit}; {surplus} {unit} bırakılmalı."


class OverCapInUse(Refusal):
    """The reserve is in use"""

    tr = "Yedek kullanımda"
    cause_en = "More than the new reserve was already accepted on top of what was asked for."
    cause_tr = "İstenenin üstüne, yeni yedekten fazlası şimdiden kabul edildi."
    fix_en = "Keep the reserve at minimum or above, or let holds go first."
    fix_tr = "Yedeği en az minimum tutun ya da önce ayrılanları bırakın."
    detail_en = "{over_cap} {unit} is below {minimum} {unit} that was accepted on it."
    detail_tr = "{over_cap} {unit}, yedekten şimdiden kabul edilen {minimum} {unit} miktarının altında."


class EvidenceNotReference(Refusal):
    """The evidence must be a reference"""

    status = 422
    tr = "Kanıt bir referans olmalı"
    cause_en = "What was sent looks like a person's data, which is never kept as evidence."
    cause_tr = "Gönderilen, kişisel veriye benziyor; kişisel veri kanıt olarak saklanmaz."
    fix_en = "Send the number or link of the document alone."
    fix_tr = "Yalnız belgenin numarasını ya da bağlantısını gönderin."
    detail_en = "evidence_ref looks like a {looks_like}; give the reference of a document, never a person's."
    detail_tr = "evidence_ref şuna benziyor: {looks_like}; bir belgenin referansını verin, kişinin değil."


class StatementRevoked(Refusal):
    """The statement was taken back"""

    tr = "Beyan geri alınmış"
    cause_en = "A statement that something is met elsewhere is taken back once; this one was."
    cause_tr = "Başka yerden karşılandı beyanı bir kez geri alınır; bu beyan alınmış."
    fix_en = "Nothing is left to do; make a new statement if it holds again."
    fix_tr = "Yapılacak bir şey yok; yeniden geçerliyse yeni beyan girin."
    detail_en = "It was revoked at {since}."
    detail_tr = "{since} zamanında geri alındı."
