"""What is refused because a correction of the record does not say what is true."""

from .base import Refusal


class CorrectionIncomplete(Refusal):
    """The parts are not the whole"""

    status = 422
    tr = "Parçalar bütünü vermiyor"
    cause_en = (
        "A correction says where every unit of the record really is, and the named parts do not add up to it."
    )
    cause_tr = "Düzeltme, kayıttaki her birimin nerede olduğunu söyler; parçaların toplamı kayda eşit değil."
    fix_en = "Name parts that add up to quantity; what was lost is a part as well."
    fix_tr = "Toplamı quantity olan parçalar yazın; kaybolan da bir parçadır."
    detail_en = "The record carries {quantity} {unit}; the correction names {named} {unit}."
    detail_tr = "Kayıtta {quantity} {unit} var; düzeltmede {named} {unit} yazıyor."


class NothingCorrected(Refusal):
    """Nothing is corrected"""

    status = 422
    tr = "Düzeltilen bir şey yok"
    cause_en = "The correction says of all of it what the record says already."
    cause_tr = "Düzeltme, kaydın zaten söylediğini söylüyor."
    fix_en = "Send nothing, or name the part that differs."
    fix_tr = "Bir şey göndermeyin ya da farklı olan parçayı yazın."
    detail_en = "The record already says {state} for all of it."
    detail_tr = "Kayıtta tamamının durumu zaten {state}."


class ExcessWithoutArrival(Refusal):
    """More came than was sent only where something came"""

    status = 422
    tr = "Fazla, ancak bir şey geldiyse yazılır"
    cause_en = "More than was sent can only have been counted where goods were received."
    cause_tr = "Gönderilenden fazlası, ancak malın teslim alındığı yerde sayılmış olabilir."
    fix_en = "Name the part that was confirmed or damaged beside the excess."
    fix_tr = "Fazlanın yanında teslim alınan ya da hasarlı parçayı da yazın."
    detail_en = "{quantity} {unit} in excess needs a part that is confirmed or damaged."
    detail_tr = "{quantity} {unit} fazlalık için teslim alınmış ya da hasarlı bir parça gerekir."
