"""What is refused of files of need lines and their rows."""

from typing import ClassVar

from .base import Refusal
from .words import IMPORT_STATES, ROW_STATUSES


class FileUnreadable(Refusal):
    """The file cannot be read"""

    status = 422
    tr = "Dosya okunamıyor"
    cause_en = (
        "The bytes are not a workbook or table of the kind named: damaged, protected, or in another format."
    )
    cause_tr = "İçerik, belirtilen türde bir tablo değil: bozuk, korumalı ya da başka biçimde."
    fix_en = "Save it again as .xlsx or as CSV in UTF-8, without a password, and upload that."
    fix_tr = "Parolasız .xlsx ya da UTF-8 CSV olarak yeniden kaydedip yükleyin."
    detail_en = "Expected is {expected}."
    detail_tr = "Beklenen: {expected}."


class FileTooLarge(Refusal):
    """The file holds too much"""

    status = 422
    tr = "Dosya çok büyük"
    cause_en = "Rows and unpacked bytes of one upload are limited, so that one file cannot stop the others."
    cause_tr = "Bir dosyanın satırı ve açılmış boyu sınırlıdır; tek dosya öbürlerini durdurmamalı."
    fix_en = "Split the file and upload the parts one after the other."
    fix_tr = "Dosyayı bölün ve parçaları sırayla yükleyin."
    detail_en = "At most {most_rows} rows and {most_bytes} bytes unpacked; split the file."
    detail_tr = "En çok {most_rows} satır ve açılmış hâlde {most_bytes} bayt; dosyayı bölün."


class SheetMissing(Refusal):
    """The workbook has no sheet of lines"""

    status = 422
    tr = "Çalışma kitabında kalem sayfası yok"
    cause_en = "The workbook has several sheets, and none has the name the lines are looked for under."
    cause_tr = "Kitapta birkaç sayfa var; hiçbiri kalemlerin arandığı adı taşımıyor."
    fix_en = "Name the sheet as expected says, or save it alone as a workbook."
    fix_tr = "Sayfayı expected adıyla adlandırın ya da tek başına kaydedin."
    detail_en = "It has {sheets} sheets and none is called {expected}; one sheet alone may have any name."
    detail_tr = "{sheets} sayfası var, hiçbirinin adı {expected} değil; tek sayfanın adı önemli değildir."


class ColumnMissing(Refusal):
    """A column is missing"""

    status = 422
    tr = "Bir sütun eksik"
    cause_en = "The first row names the columns, and one that every line needs is not among them."
    cause_tr = "İlk satır sütunları adlandırır; her kalem için gereken biri aralarında yok."
    fix_en = "Add the column under its English or Turkish name and upload again; an exported table has it."
    fix_tr = "Sütunu Türkçe ya da İngilizce adıyla ekleyip yeniden yükleyin; dışa aktarılan tabloda bulunur."
    detail_en = "The first row has no column {column} (Turkish: {turkish})."
    detail_tr = "İlk satırda {column} sütunu yok (Türkçesi: {turkish})."


class ColumnTwice(Refusal):
    """A column is there twice"""

    status = 422
    tr = "Bir sütun iki kez var"
    cause_en = (
        "Two columns have the same name, perhaps once in English and once in Turkish: either could be meant."
    )
    cause_tr = "İki sütun aynı adı taşıyor, belki biri Türkçe biri İngilizce: hangisi belirsiz."
    fix_en = "Take one of the two out and upload again."
    fix_tr = "İkisinden birini çıkarıp yeniden yükleyin."
    detail_en = "The first row names {column} more than once."
    detail_tr = "İlk satırda {column} birden çok kez var."


class FileEmpty(Refusal):
    """The file has no rows"""

    status = 422
    tr = "Dosyada satır yok"
    cause_en = "The file holds the row of names and nothing below it."
    cause_tr = "Dosyada adlar satırı var, altında kayıt yok."
    fix_en = "Check that the right sheet was saved, and upload again."
    fix_tr = "Doğru sayfanın kaydedildiğini denetleyip yeniden yükleyin."
    detail_en = "Below the names of the columns there is nothing."
    detail_tr = "Sütun adlarının altında hiçbir şey yok."


class ImportNotOpen(Refusal):
    """The import is not open"""

    tr = "İçe aktarma açık değil"
    cause_en = "Rows were applied or the import ran out or was given up; none can be chosen any more."
    cause_tr = "Satırlar uygulandı, süre doldu ya da vazgeçildi; yeni satır seçilemez."
    fix_en = "Upload the file again for what is still to be done."
    fix_tr = "Kalan iş için dosyayı yeniden yükleyin."
    detail_en = "It is {state}; rows are chosen while it is open."
    detail_tr = "Durumu: {state}; satırlar açıkken seçilir."
    words_tr: ClassVar = {"state": IMPORT_STATES}


class RowNotChoosable(Refusal):
    """A row cannot be chosen"""

    tr = "Bir satır seçilemez"
    cause_en = (
        "The row is unchanged, wrong, or done already, or it conflicts and was not chosen to overwrite."
    )
    cause_tr = "Satır değişmemiş, hatalı, işlenmiş ya da çakışıyor ve overwrite ile seçilmemiş."
    fix_en = "Choose new and changed rows; name a conflict in overwrite to let the file win."
    fix_tr = "Yeni ve değişmiş satırları seçin; dosya geçerli olsun diye çakışanı overwrite içinde yazın."
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
    cause_en = "Only rows that changed something can be taken back."
    cause_tr = "Yalnız bir şeyi değiştirmiş satır geri alınabilir."
    fix_en = "Read the import's rows and name those that are applied."
    fix_tr = "İçe aktarımın satırlarını okuyun ve uygulanmış olanları yazın."
    detail_en = "Row {row} is {status}; only what was applied can be taken back."
    detail_tr = "{row}. satırın durumu: {status}; yalnız uygulanan satırlar geri alınabilir."
    words_tr: ClassVar = {"status": ROW_STATUSES}


class LineMovedOn(Refusal):
    """The line has changed since it was compared"""

    tr = "Kalem karşılaştırmadan sonra değişti"
    cause_en = "Between upload and choice somebody changed the line that the row would change."
    cause_tr = "Yükleme ile seçim arasında, satırın değiştireceği kalemi başkası değiştirdi."
    fix_en = "Export the lines, put your change in the fresh sheet, and upload again."
    fix_tr = "Kalemleri dışa aktarın, değişikliği yeni tabloya işleyip yeniden yükleyin."
    detail_en = "{column} is {now}, not {expected} any more; export and upload again."
    detail_tr = "{column} artık {expected} değil, {now}; yeniden dışa aktarıp yükleyin."


class NeedTakenUp(Refusal):
    """Others have promised goods for the need"""

    tr = "Başkaları bu ihtiyaca taahhüt verdi"
    cause_en = (
        "Organisations have promised goods for the need the import made; undoing would drop their promises."
    )
    cause_tr = "İçe aktarımın açtığı ihtiyaca kurumlar söz verdi; geri alma sözleri düşürürdü."
    fix_en = "If the need must end, close it by itself: every pledger is then told."
    fix_tr = "İhtiyaç bitmeliyse ayrıca kapatın: söz verenlere haber gider."
    detail_en = "{allocations} allocations stand for it; close the need by itself if it must end."
    detail_tr = "{allocations} tahsis var; sona ermesi gerekiyorsa ihtiyacı ayrıca kapatın."


class NeedBuiltOn(Refusal):
    """The need is not as it was imported"""

    tr = "İhtiyaç içe aktarıldığı gibi değil"
    cause_en = (
        "Others revised the need, merged one into it, or stated supply for it since the import made it."
    )
    cause_tr = (
        "İçe aktarımdan sonra ihtiyaç değiştirildi, başkası onunla birleşti ya da karşılandığı bildirildi."
    )
    fix_en = "If the need must end, close it by itself with a reason."
    fix_tr = "İhtiyaç bitmeliyse gerekçeyle ayrıca kapatın."
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
    cause_en = "Undoing would lower a line below what other organisations keep ready for it."
    cause_tr = "Geri alma, kalemi başka kurumların onun için ayırdığının altına düşürürdü."
    fix_en = "Leave the row, or revise the line by itself and say which holds go."
    fix_tr = "Satırı bırakın ya da kalemi ayrıca değiştirip hangilerinin bırakılacağını seçin."
    detail_en = "It would let go of {quantity} held for it; revise the line by itself if they must go."
    detail_tr = "Onun için ayrılan {quantity} bırakılırdı; bırakılması gerekiyorsa kalemi ayrıca değiştirin."


class ImporterGone(Refusal):
    """The key that asked for this may no longer do it"""

    status = 403
    tr = "Bunu isteyen anahtarın yetkisi kalmadı"
    cause_en = (
        "Rows are worked off in the background with the rights of the key that chose them, and it lost them."
    )
    cause_tr = "Satırlar arka planda, onları seçen anahtarın yetkisiyle işlenir; o yetki artık yok."
    fix_en = "Choose the remaining rows with a key that may write needs."
    fix_tr = "Kalan satırları ihtiyaç yazabilen bir anahtarla seçin."
    detail_en = "It was revoked, has expired or may no longer write needs; choose the rows with another key."
    detail_tr = "İptal edilmiş, süresi dolmuş ya da ihtiyaç yazamıyor; satırları başka anahtarla seçin."


class RowFailed(Refusal):
    """The row could not be worked off"""

    tr = "Satır işlenemedi"
    cause_en = "An unexpected fault stopped this one row; the other rows were worked off."
    cause_tr = "Beklenmeyen bir hata yalnız bu satırı durdurdu; öbür satırlar işlendi."
    detail_en = "Something went wrong on our side; nothing of this row was done. Choose it again."
    detail_tr = "Bizim tarafımızda bir hata oluştu; bu satırdan hiçbir şey yapılmadı. Yeniden seçin."
    fix_en = "Choose the same row again; nothing of it was done."
    fix_tr = "Aynı satırı yeniden seçin; satırdan hiçbir şey yapılmadı."
