"""What is refused because of a template or a recurring need."""

from .base import Refusal


class TemplateRetired(Refusal):
    """The template is retired"""

    tr = "Şablon kullanımdan kaldırılmış"
    cause_en = "The template was taken out of use and starts no need any more."
    cause_tr = "Şablon kullanımdan kaldırıldı; yeni ihtiyaç başlatmaz."
    fix_en = "Choose another template."
    fix_tr = "Başka bir şablon seçin."
    detail_en = "It was retired at {retired_at}."
    detail_tr = "{retired_at} zamanında kullanımdan kaldırıldı."


class RecurringEnded(Refusal):
    """The recurring need has ended"""

    tr = "Yinelenen ihtiyaç sona ermiş"
    cause_en = "The recurring need stopped by its end or by a command and starts nothing more."
    cause_tr = "Yinelenen ihtiyaç süresiyle ya da komutla durdu; artık bir şey başlatmaz."
    fix_en = "Enter a new recurring need."
    fix_tr = "Yeni bir yinelenen ihtiyaç girin."
    detail_en = "It is {state}: {reason}."
    detail_tr = "Durumu {state}: {reason}."


class UntilPast(Refusal):
    """It would end before it begins"""

    status = 422
    tr = "Başlamadan bitecek"
    cause_en = "The end lies before the first time the need would come up."
    cause_tr = "Bitiş, ihtiyacın ilk geleceği zamandan önce."
    fix_en = "Send until after first_at."
    fix_tr = "first_at sonrası bir until gönderin."
    detail_en = "until {until} is before the first time, {first_at}."
    detail_tr = "until {until}, ilk zamandan ({first_at}) önce."
