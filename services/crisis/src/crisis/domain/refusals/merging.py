"""What is refused because two needs are not, or no longer, one."""

from .base import Refusal


class NeedsNotMergeable(Refusal):
    """These two needs cannot be one"""

    status = 422
    tr = "Bu iki ihtiyaç tek ihtiyaç olamaz"
    detail_en = "{need_id} and {into} must be two needs of the same crisis."
    detail_tr = "{need_id} ve {into} aynı krizin iki ayrı ihtiyacı olmalı."


class LineWithoutMatch(Refusal):
    """A line has no single counterpart"""

    status = 422
    tr = "Bir kalemin tek bir karşılığı yok"
    detail_en = "Line {need_line_id} ({item_code}) has no or several counterparts; name one for each line."
    detail_tr = "{need_line_id} kaleminin ({item_code}) karşılığı yok ya da birden çok; her biri için seçin."


class FigureMissing(Refusal):
    """The desk did not say what a line asks for"""

    status = 422
    tr = "Bir kalem için miktar belirtilmedi"
    detail_en = "The mode manual needs a quantity for line {need_line_id}."
    detail_tr = "manual seçildiğinde {need_line_id} kalemi için miktar verilmeli."


class LinesNotEqual(Refusal):
    """The lines ask for different things"""

    status = 422
    tr = "Kalemler farklı şeyler istiyor"
    detail_en = "{item_code} in {unit} cannot take over from {other} in {other_unit}."
    detail_tr = "{item_code} ({unit}) ile {other} ({other_unit}) birleşemez."


class MergeBreaksEarmark(Refusal):
    """Something is earmarked for the other need alone"""

    tr = "Bir kısmı yalnız öbür ihtiyaca ayrılmış"
    detail_en = "Ask the pledgers for a waiver first; outside their earmark would be: {allocations}."
    detail_tr = "Önce taahhüt edenlerden izin isteyin; ayrıldığı amacın dışında kalacaklar: {allocations}."


class MergeMakesOwnPledge(Refusal):
    """An organisation would give to itself"""

    tr = "Bir kurum kendi kendine vermiş olurdu"
    detail_en = "The organisation that asks for the other need pledged this itself: {allocations}."
    detail_tr = "Bunları öbür ihtiyacın sahibi olan kurumun kendisi taahhüt etti: {allocations}."


class NotMerged(Refusal):
    """The need is not merged"""

    tr = "İhtiyaç birleştirilmiş değil"
    detail_en = "Need {need_id} is {state} and not merged into another one now."
    detail_tr = "{need_id} ihtiyacının durumu {state}; şu anda başka bir ihtiyaçla birleşik değil."


class UndoTooLate(Refusal):
    """The merge can no longer be undone"""

    tr = "Birleştirme artık geri alınamaz"
    detail_en = "It could be undone until {undo_until}."
    detail_tr = "{undo_until} zamanına dek geri alınabilirdi."
