"""What is refused of files of need lines and their rows."""

from typing import ClassVar

from .base import Refusal
from .words import IMPORT_STATES, ROW_STATUSES


class FileUnreadable(Refusal):
    """The file cannot be read"""

    status = 422
    tr = "Dosya okunamıyor"
    detail_en = "Expected is {expected}."
    detail_tr = "Beklenen: {expected}."


class FileTooLarge(Refusal):
    """The file holds too much"""

    status = 422
    tr = "Dosya çok büyük"
    detail_en = "At most {most_rows} rows and {most_bytes} bytes unpacked; split the file."
    detail_tr = "En çok {most_rows} satır ve açılmış hâlde {most_bytes} bayt; dosyayı bölün."


class SheetMissing(Refusal):
    """The workbook has no sheet of lines"""

    status = 422
    tr = "Çalışma kitabında kalem sayfası yok"
    detail_en = "It has {sheets} sheets and none is called {expected}; one sheet alone may have any name."
    detail_tr = "{sheets} sayfası var, hiçbirinin adı {expected} değil; tek sayfanın adı önemli değildir."


class ColumnMissing(Refusal):
    """A column is missing"""

    status = 422
    tr = "Bir sütun eksik"
    detail_en = "The first row has no column {column} (Turkish: {turkish})."
    detail_tr = "İlk satırda {column} sütunu yok (Türkçesi: {turkish})."


class ColumnTwice(Refusal):
    """A column is there twice"""

    status = 422
    tr = "Bir sütun iki kez var"
    detail_en = "The first row names {column} more than once."
    detail_tr = "İlk satırda {column} birden çok kez var."


class FileEmpty(Refusal):
    """The file has no rows"""

    status = 422
    tr = "Dosyada satır yok"
    detail_en = "Below the names of the columns there is nothing."
    detail_tr = "Sütun adlarının altında hiçbir şey yok."


class ImportNotOpen(Refusal):
    """The import is not open"""

    tr = "İçe aktarma açık değil"
    detail_en = "It is {state}; rows are chosen while it is open."
    detail_tr = "Durumu: {state}; satırlar açıkken seçilir."
    words_tr: ClassVar = {"state": IMPORT_STATES}


class RowNotChoosable(Refusal):
    """A row cannot be chosen"""

    tr = "Bir satır seçilemez"
    detail_en = (
        "Row {row} is {status}; new and changed rows can be applied, conflicts when overwrite names them."
    )
    detail_tr = (
        "{row}. satırın durumu: {status}; yeni ve değişmiş satırlar uygulanır, çakışanlar overwrite ile."
    )
    words_tr: ClassVar = {"status": ROW_STATUSES}


class RowNotApplied(Refusal):
    """A row was not applied"""

    tr = "Bir satır uygulanmamış"
    detail_en = "Row {row} is {status}; only what was applied can be taken back."
    detail_tr = "{row}. satırın durumu: {status}; yalnız uygulanan satırlar geri alınabilir."
    words_tr: ClassVar = {"status": ROW_STATUSES}


class LineMovedOn(Refusal):
    """The line has changed since it was compared"""

    tr = "Kalem karşılaştırmadan sonra değişti"
    detail_en = "{column} is {now}, not {expected} any more; export and upload again."
    detail_tr = "{column} artık {expected} değil, {now}; yeniden dışa aktarıp yükleyin."


class NeedTakenUp(Refusal):
    """Others have promised goods for the need"""

    tr = "Başkaları bu ihtiyaca taahhüt verdi"
    detail_en = "{allocations} allocations stand for it; close the need by itself if it must end."
    detail_tr = "{allocations} tahsis var; sona ermesi gerekiyorsa ihtiyacı ayrıca kapatın."


class NeedBuiltOn(Refusal):
    """The need is not as it was imported"""

    tr = "İhtiyaç içe aktarıldığı gibi değil"
    detail_en = (
        "Since then: {revisions} revisions, {merges} needs merged into it, {statements} statements that"
        " something is met elsewhere; close the need by itself if it must end."
    )
    detail_tr = (
        "O günden beri: {revisions} değişiklik, onunla birleştirilen {merges} ihtiyaç, başka yerden"
        " karşılandığına dair {statements} bildirim; sona ermesi gerekiyorsa ihtiyacı ayrıca kapatın."
    )


class HoldsStand(Refusal):
    """Goods are held for what would be taken back"""

    tr = "Geri alınacak miktar için mal ayrılmış"
    detail_en = "It would let go of {quantity} held for it; revise the line by itself if they must go."
    detail_tr = "Onun için ayrılan {quantity} bırakılırdı; bırakılması gerekiyorsa kalemi ayrıca değiştirin."


class ImporterGone(Refusal):
    """The key that asked for this may no longer do it"""

    status = 403
    tr = "Bunu isteyen anahtarın yetkisi kalmadı"
    detail_en = "It was revoked, has expired or may no longer write needs; choose the rows with another key."
    detail_tr = "İptal edilmiş, süresi dolmuş ya da ihtiyaç yazamıyor; satırları başka anahtarla seçin."


class RowFailed(Refusal):
    """The row could not be worked off"""

    tr = "Satır işlenemedi"
    detail_en = "Something went wrong on our side; nothing of this row was done. Choose it again."
    detail_tr = "Bizim tarafımızda bir hata oluştu; bu satırdan hiçbir şey yapılmadı. Yeniden seçin."
    fix_en = "Choose the same row again; nothing of it was done."
    fix_tr = "Aynı satırı yeniden seçin; satırdan hiçbir şey yapılmadı."
