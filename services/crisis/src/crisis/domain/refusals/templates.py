"""What is refused because of a template or a recurring need."""

from .base import Refusal


class TemplateRetired(Refusal):
    """The template is retired"""

    tr = "Şablon kullanımdan kaldırılmış"
    detail_en = "It was retired at {retired_at}."
    detail_tr = "{retired_at} zamanında kullanımdan kaldırıldı."


class RecurringEnded(Refusal):
    """The recurring need has ended"""

    tr = "Yinelenen ihtiyaç sona ermiş"
    detail_en = "It is {state}: {reason}."
    detail_tr = "Durumu {state}: {reason}."


class UntilPast(Refusal):
    """It would end before it begins"""

    status = 422
    tr = "Başlamadan bitecek"
    detail_en = "until {until} is before the first time, {first_at}."
    detail_tr = "until {until}, ilk zamandan ({first_at}) önce."
