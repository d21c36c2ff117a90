"""What is refused because of a task, a desk or a watch."""

from typing import ClassVar

from .base import Refusal
from .words import SAME


class TaskDone(Refusal):
    """The task is done already"""

    tr = "Görev zaten tamamlandı"
    cause_en = "Somebody did it before you, or it ended with the deed it asked for."
    cause_tr = "Başkası sizden önce yaptı ya da istediği iş yapılınca kendiliğinden bitti."
    fix_en = "Nothing is left to do; take the next task of the queue."
    fix_tr = "Yapılacak bir şey yok; kuyruktaki sonraki görevi alın."
    detail_en = "It was done at {at} with outcome “{outcome}”."
    detail_tr = "{at} zamanında “{outcome}” sonucuyla tamamlandı."


class TaskStillNeeded(Refusal):
    """What the task asks for has not come about"""

    tr = "Görevin istediği henüz gerçekleşmedi"
    cause_en = "This kind of task ends by itself with the deed it asks for; a word alone does not end it."
    cause_tr = "Bu tür görev, istediği iş yapılınca kendi biter; yalnız söylemek bitirmez."
    fix_en = "Do what the task asks for, with the command of the record it names."
    fix_tr = "Görevin istediğini, adı geçen kaydın komutuyla yapın."
    detail_en = "A task “{kind}” ends when it is acted on; saying “{outcome}” does not end it{instead}."
    detail_tr = "“{kind}” görevi gereği yapılınca biter; “{outcome}” demek onu bitirmez{instead}."
    words_en: ClassVar = {"instead": {"none": "", "left_as_is": ", deciding “left_as_is” does"}}
    words_tr: ClassVar = {"instead": {"none": "", "left_as_is": "; “left_as_is” kararı bitirir"}}


class DeskIdTaken(Refusal):
    """The desk id is taken"""

    tr = "Masa kimliği kullanılıyor"
    cause_en = "A desk was made under this id before, with another level, area or name."
    cause_tr = "Bu kimlikle daha önce başka düzey, alan ya da adla bir masa kurulmuş."
    fix_en = "Read that desk; change it, or send yours under another id."
    fix_tr = "O masayı okuyun; onu değiştirin ya da sizinkini başka kimlikle gönderin."
    detail_en = "A desk with other facts has the id {desk_id}; read it, change it, or choose another id."
    detail_tr = (
        "{desk_id} kimliğiyle bilgileri farklı bir masa var; onu okuyup değiştirin ya da başka kimlik seçin."
    )


class WatchIdTaken(Refusal):
    """The watch id is taken"""

    tr = "Nöbet kimliği kullanılıyor"
    cause_en = "A watch was entered under this id before, with other facts."
    cause_tr = "Bu kimlikle daha önce başka bilgilerle bir nöbet girilmiş."
    fix_en = "Send the watch under another id."
    fix_tr = "Nöbeti başka bir kimlikle gönderin."
    detail_en = "Another watch has the id {watch_id}; choose another id."
    detail_tr = "{watch_id} kimliği başka bir nöbete ait; başka bir kimlik seçin."


class WatchOverlaps(Refusal):
    """A watch overlaps another one"""

    tr = "Nöbet başka bir nöbetle çakışıyor"
    cause_en = "A seat has one holder at a time, and one person sits on one watch at a time."
    cause_tr = "Bir koltukta aynı anda tek kişi olur; bir kişi de aynı anda tek nöbettedir."
    fix_en = "End the watch that is named, or let this one begin when it ends."
    fix_tr = "Adı geçen nöbeti bitirin ya da bunu o bitince başlatın."
    detail_en = "Watch {watch} from {since} until {until} has the same {same}; end it first."
    detail_tr = "{since} – {until} arasındaki {watch} nöbetinde {same} var; önce onu bitirin."
    words_tr: ClassVar = {"same": SAME}


class WatchEnded(Refusal):
    """The watch is over"""

    tr = "Nöbet bitti"
    cause_en = "The person's shift is over, by its end or because it was ended early."
    cause_tr = "Nöbet süresi doldu ya da erken bitirildi."
    fix_en = "Read the desk's watches and begin a new one."
    fix_tr = "Masanın nöbetlerini okuyun ve yenisini başlatın."
    detail_en = "It ended at {until}."
    detail_tr = "{until} zamanında bitti."


class PeriodInvalid(Refusal):
    """The period does not run forward"""

    status = 422
    tr = "Bitiş, başlangıçtan sonra olmalı"
    cause_en = "A watch ends after it begins and lasts at most a month; the period sent does not."
    cause_tr = "Nöbet, başladıktan sonra biter ve en çok bir ay sürer; gönderilen süre öyle değil."
    fix_en = "Send an end after the beginning; split what is longer into several watches."
    fix_tr = "Başlangıçtan sonra bir bitiş gönderin; daha uzununu birkaç nöbete bölün."
    detail_en = "from {since} until {until}: the end must lie after the beginning, at most {most} days later."
    detail_tr = "{since} – {until}: bitiş başlangıçtan sonra, en çok {most} gün içinde olmalı."


class DeskClosed(Refusal):
    """The desk is closed"""

    tr = "Masa kapalı"
    cause_en = "The desk was closed for good; it seats nobody and keeps no queue any more."
    cause_tr = "Masa temelli kapatıldı; artık nöbet ve görev almaz."
    fix_en = "Find an open desk of the area in the crisis' list of desks."
    fix_tr = "Krizin masa listesinden bölgenin açık masasını bulun."
    detail_en = "Desk {desk} takes no watches or tasks any more."
    detail_tr = "{desk} masası artık nöbet ya da görev almıyor."


class DeskAreaInvalid(Refusal):
    """The desk's level and area do not fit together"""

    status = 422
    tr = "Masanın düzeyi ile bölgesi uyuşmuyor"
    cause_en = (
        "The level says how wide the desk's area is: a province desk names a province, the secretariat none."
    )
    cause_tr = "Düzey, masanın alanını belirler: il masası il belirtir, sekretarya belirtmez."
    fix_en = "Name the area the level asks for, or choose the level that fits the area."
    fix_tr = "Düzeyin istediği alanı yazın ya da alana uyan düzeyi seçin."
    detail_en = "A province desk names its area, the secretariat names none; level {level}, area “{area}”."
    detail_tr = "İl masası bölgesini belirtir, sekretarya belirtmez; düzey {level}, bölge “{area}”."
