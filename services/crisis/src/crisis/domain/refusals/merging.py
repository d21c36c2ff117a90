"""What is refused because two needs are not, or no longer, one."""

from .base import Refusal


class NeedsNotMergeable(Refusal):
    """These two needs cannot be one"""

    status = 422
    tr = "Bu iki ihtiyaç tek ihtiyaç olamaz"
    cause_en = "A need cannot be merged with itself or with one of another crisis."
    cause_tr = "İhtiyaç kendiyle ya da başka krizin ihtiyacıyla birleşemez."
    fix_en = "Check both ids."
    fix_tr = "İki kimliği de denetleyin."
    detail_en = "{need_id} and {into} must be two needs of the same crisis."
    detail_tr = "{need_id} ve {into} aynı krizin iki ayrı ihtiyacı olmalı."


class LineWithoutMatch(Refusal):
    """A line has no single counterpart"""

    status = 422
    tr = "Bir kalemin tek bir karşılığı yok"
    cause_en = "Lines are paired by item; here none or several fit, and guessing would move promises wrongly."
    cause_tr = "Kalemler ürüne göre eşlenir; burada hiç yok ya da birden çok, tahmin sözleri yanlış taşırdı."
    fix_en = "Name the counterpart of each line in lines."
    fix_tr = "lines içinde her kalemin karşılığını yazın."
    detail_en = "Line {need_line_id} ({item_code}) has no or several counterparts; name one for each line."
    detail_tr = "{need_line_id} kaleminin ({item_code}) karşılığı yok ya da birden çok; her biri için seçin."


class FigureMissing(Refusal):
    """The desk did not say what a line asks for"""

    status = 422
    tr = "Bir kalem için miktar belirtilmedi"
    cause_en = "In the mode manual the desk says each line's quantity, and one was left out."
    cause_tr = "manual kipinde her kalemin miktarını masa söyler; biri eksik."
    fix_en = "Send a quantity for each line, or choose the mode max or sum."
    fix_tr = "Her kalem için miktar gönderin ya da max veya sum kipini seçin."
    detail_en = "The mode manual needs a quantity for line {need_line_id}."
    detail_tr = "manual seçildiğinde {need_line_id} kalemi için miktar verilmeli."


class LinesNotEqual(Refusal):
    """The lines ask for different things"""

    status = 422
    tr = "Kalemler farklı şeyler istiyor"
    cause_en = "The two lines are of another item or counted in another unit, so their figures cannot be one."
    cause_tr = "İki kalemin ürünü ya da birimi farklı; sayıları birleşemez."
    fix_en = "Pair lines of one item and unit, or keep the needs apart."
    fix_tr = "Aynı ürün ve birimdeki kalemleri eşleyin ya da ihtiyaçları ayrı tutun."
    detail_en = "{item_code} in {unit} cannot take over from {other} in {other_unit}."
    detail_tr = "{item_code} ({unit}) ile {other} ({other_unit}) birleşemez."


class MergeBreaksEarmark(Refusal):
    """Something is earmarked for the other need alone"""

    tr = "Bir kısmı yalnız öbür ihtiyaca ayrılmış"
    cause_en = "Some promises are bound to this need or its asker and would not be allowed at the other."
    cause_tr = "Bazı sözler bu ihtiyaca ya da isteyenine bağlı; öbüründe geçerli olmazdı."
    fix_en = "Ask the pledgers of allocations for a waiver, then merge again."
    fix_tr = "allocations için taahhüt edenlerden izin isteyin, sonra yeniden birleştirin."
    detail_en = "Ask the pledgers for a waiver first; outside their earmark would be: {allocations}."
    detail_tr = "Önce taahhüt edenlerden izin isteyin; ayrıldığı amacın dışında kalacaklar: {allocations}."


class MergeMakesOwnPledge(Refusal):
    """An organisation would give to itself"""

    tr = "Bir kurum kendi kendine vermiş olurdu"
    cause_en = "The asker of the need that would stay has promised goods to the one that would go."
    cause_tr = "Kalacak ihtiyacın sahibi, kalkacak ihtiyaca kendi mal taahhüt etmiş."
    fix_en = "Have these promises withdrawn first, or merge the other way round."
    fix_tr = "Önce bu sözleri geri çektirin ya da ters yönde birleştirin."
    detail_en = "The organisation that asks for the other need pledged this itself: {allocations}."
    detail_tr = "Bunları öbür ihtiyacın sahibi olan kurumun kendisi taahhüt etti: {allocations}."


class NotMerged(Refusal):
    """The need is not merged"""

    tr = "İhtiyaç birleştirilmiş değil"
    cause_en = "There is no merge to undo: it never was, or it was undone."
    cause_tr = "Geri alınacak birleştirme yok: hiç olmadı ya da geri alındı."
    detail_en = "Need {need_id} is {state} and not merged into another one now."
    detail_tr = "{need_id} ihtiyacının durumu {state}; şu anda başka bir ihtiyaçla birleşik değil."


class UndoTooLate(Refusal):
    """The merge can no longer be undone"""

    tr = "Birleştirme artık geri alınamaz"
    cause_en = "A merge can be taken back for a short while; after that others rely on the one need."
    cause_tr = "Birleştirme kısa süre geri alınabilir; sonra başkaları tek ihtiyaca güvenir."
    fix_en = "State a new need for what is to stand apart."
    fix_tr = "Ayrı kalması gereken için yeni ihtiyaç girin."
    detail_en = "It could be undone until {undo_until}."
    detail_tr = "{undo_until} zamanına dek geri alınabilirdi."
