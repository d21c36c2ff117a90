"""What is refused because of a task, a desk or a watch."""

from typing import ClassVar

from .base import Refusal
from .words import SAME


class TaskDone(Refusal):
    """The task is done already"""

    tr = "Görev zaten tamamlandı"
    detail_en = "It was done at {at} with outcome “{outcome}”."
    detail_tr = "{at} zamanında “{outcome}” sonucuyla tamamlandı."


class TaskStillNeeded(Refusal):
    """What the task asks for has not come about"""

    tr = "Görevin istediği henüz gerçekleşmedi"
    detail_en = "A task “{kind}” ends when it is acted on; saying “{outcome}” does not end it{instead}."
    detail_tr = "“{kind}” görevi gereği yapılınca biter; “{outcome}” demek onu bitirmez{instead}."
    words_en: ClassVar = {"instead": {"none": "", "left_as_is": ", deciding “left_as_is” does"}}
    words_tr: ClassVar = {"instead": {"none": "", "left_as_is": "; “left_as_is” kararı bitirir"}}


class DeskIdTaken(Refusal):
    """The desk id is taken"""

    tr = "Masa kimliği kullanılıyor"
    detail_en = "A desk with other facts has the id {desk_id}; read it, change it, or choose another id."
    detail_tr = (
        "{desk_id} kimliğiyle bilgileri farklı bir masa var; onu okuyup değiştirin ya da başka kimlik seçin."
    )


class WatchIdTaken(Refusal):
    """The watch id is taken"""

    tr = "Nöbet kimliği kullanılıyor"
    detail_en = "Another watch has the id {watch_id}; choose another id."
    detail_tr = "{watch_id} kimliği başka bir nöbete ait; başka bir kimlik seçin."


class WatchOverlaps(Refusal):
    """A watch overlaps another one"""

    tr = "Nöbet başka bir nöbetle çakışıyor"
    detail_en = "Watch {watch} from {since} until {until} has the same {same}; end it first."
    detail_tr = "{since} – {until} arasındaki {watch} nöbetinde {same} var; önce onu bitirin."
    words_tr: ClassVar = {"same": SAME}


class WatchEnded(Refusal):
    """The watch is over"""

    tr = "Nöbet bitti"
    detail_en = "It ended at {until}."
    detail_tr = "{until} zamanında bitti."


class PeriodInvalid(Refusal):
    """The period does not run forward"""

    status = 422
    tr = "Bitiş, başlangıçtan sonra olmalı"
    detail_en = "from {since} until {until}: the end must lie after the beginning, at most {most} days later."
    detail_tr = "{since} – {until}: bitiş başlangıçtan sonra, en çok {most} gün içinde olmalı."


class DeskClosed(Refusal):
    """The desk is closed"""

    tr = "Masa kapalı"
    detail_en = "Desk {desk} takes no watches or tasks any more."
    detail_tr = "{desk} masası artık nöbet ya da görev almıyor."


class DeskAreaInvalid(Refusal):
    """The desk's level and area do not fit together"""

    status = 422
    tr = "Masanın düzeyi ile bölgesi uyuşmuyor"
    detail_en = "A province desk names its area, the secretariat names none; level {level}, area “{area}”."
    detail_tr = "İl masası bölgesini belirtir, sekretarya belirtmez; düzey {level}, bölge “{area}”."
