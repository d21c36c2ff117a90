"""What is refused of an id that an organisation made itself for what it keeps, orders or repeats."""

from .base import Refusal


class IdTaken(Refusal):
    """This id belongs to something else"""

    tr = "Bu kimlik başka bir kayda ait"
    cause_en = (
        "Packages, orders, templates, recurring needs and drafts share their ids with pledges and bundles;"
        " this one stands for something else."
    )
    cause_tr = (
        "Paketler, emirler, şablonlar, yinelenen ihtiyaçlar ve taslaklar kimliklerini taahhüt ve demetlerle"
        " paylaşır; bu kimlik başka bir kaydı gösteriyor."
    )
    detail_en = "{id} is the id of something else; mint a new one."
    detail_tr = "{id} başka bir kaydın kimliği; yeni bir kimlik üretin."
    fix_en = "Mint another UUIDv7 and send the same under it."
    fix_tr = "Başka bir UUIDv7 üretip aynısını onunla gönderin."


class IdNotOrdered(Refusal):
    """An id of your own must be a UUIDv7"""

    status = 422
    tr = "Kendi kimliğiniz UUIDv7 olmalı"
    cause_en = "Lists are ordered by ids, so an id must begin with the time it was made at and no later one."
    cause_tr = (
        "Listeler kimliğe göre sıralanır; bu yüzden kimlik, üretildiği anla başlamalı,"
        " ileri bir zamanla başlamamalıdır."
    )
    detail_en = "{id} is no UUIDv7, or begins with a time to come: ids order lists by when they were made."
    detail_tr = (
        "{id} UUIDv7 değil ya da ileri bir zamanla başlıyor: kimlikler listeleri üretim anıyla sıralar."
    )
    fix_en = "Check your clock, mint a UUIDv7 and send the same under it."
    fix_tr = "Saatinizi denetleyin, bir UUIDv7 üretip aynısını onunla gönderin."


class SaidOtherwise(Refusal):
    """It was made in other words"""

    tr = "Bu kayıt başka sözlerle yapılmıştı"
    cause_en = (
        "A PUT makes a record once; sent again it must say the same, so that a repetition is never a change."
    )
    cause_tr = (
        "PUT bir kaydı bir kez oluşturur; yeniden gönderilen aynı olmalıdır ki"
        " yineleme değişiklik sayılmasın."
    )
    detail_en = "What has the id {id} stands as it was first said; saying it otherwise does not change it."
    detail_tr = "{id} kimlikli kayıt ilk söylendiği gibi duruyor; başka söylemek onu değiştirmez."
    fix_en = "Read it by its id; to say something else, send that under another id."
    fix_tr = "Kaydı kimliğiyle okuyun; başka bir şey söylemek için onu başka bir kimlikle gönderin."
