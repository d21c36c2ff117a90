"""What is refused because of the crisis."""

from collections.abc import Sequence

from .base import Refusal


class DrillNotAvailable(Refusal):
    """Drills cannot be opened yet"""

    status = 422
    tr = "Tatbikat henüz açılamıyor"
    cause_en = "Exercises must never mix with live data, and this version has no separate streams for them."
    cause_tr = "Tatbikat canlı veriyle karışmamalı; bu sürümde ayrı olay akışı yok."
    fix_en = "For an exercise run an installation of its own, apart from the live one."
    fix_tr = "Tatbikat için canlı olandan ayrı bir kurulum çalıştırın."
    detail_en = "Drill events need their own topics, which this version does not have. Nothing was opened."
    detail_tr = (
        "Tatbikat olayları ayrı Kafka konuları gerektirir; bu sürümde bu konular yok. Hiçbir şey açılmadı."
    )


class CrisisNotOpen(Refusal):
    """The crisis is not open"""

    tr = "Kriz açık değil"
    cause_en = (
        "New needs, offers and promises belong to an open crisis; in one that winds down only answers are"
        " taken."
    )
    cause_tr = "Yeni ihtiyaç, teklif ve söz açık krizde verilir; kapanmakta olan krizde yalnız yanıt alınır."
    fix_en = "Read the crisis; look in GET /crises for the open one this belongs to."
    fix_tr = "Krizi okuyun; bunun ait olduğu açık krizi GET /crises ile bulun."
    detail_en = "The crisis is {state}; nothing new begins in it, and after its end nothing is answered."
    detail_tr = "Kriz durumu: {state}; yeni bir şey başlatılmıyor; kapandıktan sonra yanıt da alınmıyor."


class PlaceOutsideArea(Refusal):
    """The place lies outside the crisis area"""

    status = 422
    tr = "Yer, kriz bölgesinin dışında"
    cause_en = "Needs and desks lie inside the provinces the crisis was opened for; this place does not."
    cause_tr = "İhtiyaç ve masalar krizin açıldığı illerin içindedir; bu yer değil."
    fix_en = "Check the p-code, or ask the secretariat to widen the area of the crisis."
    fix_tr = "P-kodunu denetleyin ya da sekretaryadan kriz bölgesini genişletmesini isteyin."
    detail_en = "{place} is not inside {area}."
    detail_tr = "{place}, {area} içinde değil."


class SettingOutOfRange(Refusal):
    """A setting lies outside what is workable"""

    status = 422
    tr = "Bir ayar, işleyebilecek aralığın dışında"
    cause_en = (
        "A limit or waiting time was set so that the service could not keep it, or nobody could act in it."
    )
    cause_tr = "Bir sınır ya da süre, tutulamayacak ya da içinde iş yapılamayacak biçimde ayarlanmış."
    fix_en = "Choose a value between least and most."
    fix_tr = "least ile most arasında bir değer seçin."
    detail_en = "{member} must lie between {least} and {most}."
    detail_tr = "{member}, {least} ile {most} arasında olmalı."


class TimersOutOfOrder(Refusal):
    """What is more urgent would wait longer"""

    status = 422
    tr = "Daha acil olan daha uzun bekleyemez"
    cause_en = "With this change a life-saving need would be looked at later than a normal one."
    cause_tr = "Bu değişiklikle hayat kurtaran ihtiyaca, olağan ihtiyaçtan daha geç bakılırdı."
    fix_en = "Change the times of member so that life_saving ≤ urgent ≤ normal."
    fix_tr = "member sürelerini life_saving ≤ urgent ≤ normal olacak biçimde değiştirin."
    detail_en = "{member}: life_saving ≤ urgent ≤ normal must hold after the change."
    detail_tr = "{member}: değişiklikten sonra life_saving ≤ urgent ≤ normal olmalı."


class FigureInvalid(Refusal):
    """No estimate uses such a figure"""

    status = 422
    tr = "Hiçbir tahmin böyle bir değer kullanmıyor"
    cause_en = "The crisis names a figure of its own that no estimate reads, or one that is not above zero."
    cause_tr = "Krizde, hiçbir tahminin okumadığı ya da sıfırdan büyük olmayan bir değer verilmiş."
    fix_en = "Take names from GET /estimates, with values above zero."
    fix_tr = "Adları GET /estimates yanıtından alın; değerler sıfırdan büyük olmalı."
    detail_en = "{figures}: own figures are those of GET /estimates, above zero."
    detail_tr = "{figures}: krize özgü değerler GET /estimates listesinde bulunmalı ve sıfırdan büyük olmalı."


class SettingsUnchanged(Refusal):
    """These settings hold already"""

    tr = "Bu ayarlar zaten geçerli"
    cause_en = "The change names only values that hold already, so no new version was made."
    cause_tr = "Değişiklik yalnız geçerli olan değerleri yineliyor; yeni sürüm oluşmadı."
    fix_en = "Nothing is left to do; to change something name another value."
    fix_tr = "Yapılacak bir şey yok; değiştirmek için başka bir değer verin."
    detail_en = "Version {version} says the same about {members}."
    detail_tr = "{version} numaralı sürümde bu ayarlar zaten aynı: {members}."


class CrisisNotInState(Refusal):
    """The crisis has moved on"""

    tr = "Kriz başka bir duruma geçti"
    cause_en = (
        "The crisis is at a stage from which this step does not lead on, or somebody took the step first."
    )
    cause_tr = "Kriz, bu adımın atılamayacağı bir aşamada ya da adımı başkası attı."
    detail_en = "The crisis is {state}; this needs {wanted}."
    detail_tr = "Kriz durumu: {state}; bunun için {wanted} gerekir."


class CrisisNotEmpty(Refusal):
    """Something in the crisis still waits for an answer"""

    tr = "Krizde hâlâ yanıt bekleyen kayıtlar var"
    cause_en = "A crisis ends only when each need, offer and promise in it has come to its own end."
    cause_tr = "Kriz, içindeki her ihtiyaç, teklif ve söz sonuçlanınca kapanır."
    fix_en = "Settle the rows named in rows, then close it again under a new key."
    fix_tr = "rows içindekileri sonuçlandırın, sonra yeni anahtarla yeniden kapatın."
    detail_en = "{count} rows are not at their end; the first: {first}."
    detail_tr = "{count} kayıt sonuçlanmadı; ilki: {first}."

    def __init__(self, *, count: str, first: str, rows: Sequence[str] = ()) -> None:
        """`rows` names them as `kind/id state`, the first fifty."""
        super().__init__(count=count, first=first)
        self.facts["rows"] = list(rows)


class ReopeningTooLate(Refusal):
    """The crisis was closed too long ago"""

    tr = "Kriz çok önce kapatıldı"
    cause_en = "What belongs to a crisis is put away a while after its end, so it is not taken up again."
    cause_tr = "Kapanan krizin kayıtları bir süre sonra kaldırılır; yeniden açılamaz."
    fix_en = "Open a new crisis and name this one as its parent."
    fix_tr = "Yeni bir kriz açıp bunu üst kriz olarak gösterin."
    detail_en = (
        "It was closed at {closed_at}, more than {days} days ago; open a new crisis with it as parent."
    )
    detail_tr = "{closed_at} zamanında, {days} günden önce kapatıldı; onu üst kriz göstererek yenisini açın."
