"""What is refused because a correction of the record does not say what is true."""

from .base import Refusal


class CorrectionIncomplete(Refusal):
    """The parts are not the whole"""

    status = 422
    tr = "Parçalar bütünü vermiyor"
    detail_en = "The record carries {quantity} {unit}; the correction names {named} {unit}."
    detail_tr = "Kayıtta {quantity} {unit} var; düzeltmede {named} {unit} yazıyor."


class NothingCorrected(Refusal):
    """Nothing is corrected"""

    status = 422
    tr = "Düzeltilen bir şey yok"
    detail_en = "The record already says {state} for all of it."
    detail_tr = "Kayıtta tamamının durumu zaten {state}."


class ExcessWithoutArrival(Refusal):
    """More came than was sent only where something came"""

    status = 422
    tr = "Fazla, ancak bir şey geldiyse yazılır"
    detail_en = "{quantity} {unit} in excess needs a part that is confirmed or damaged."
    detail_tr = "{quantity} {unit} fazlalık için teslim alınmış ya da hasarlı bir parça gerekir."
