"""What this service refuses, as classes with facts; the docstring is the English sentence the user reads."""

from typing import ClassVar


class NotificationRefusal(Exception):
    """The request was refused."""

    status: ClassVar[int] = 409
    code: ClassVar[str] = "notification_refused"
    tr: ClassVar[str] = "İstek reddedildi"
    detail_en: ClassVar[str] = ""
    detail_tr: ClassVar[str] = ""

    def __init__(self, **facts: str) -> None:
        super().__init__(self.code)
        self.facts: dict[str, str] = facts


class SubscriptionNotFound(NotificationRefusal):
    """There is no such subscription."""

    status = 404
    code = "subscription_not_found"
    tr = "Böyle bir abonelik yok"
    cause_en = "No subscription under this id belongs to your organisation."
    cause_tr = "Bu kimlikle kurumunuza ait bir abonelik yok."
    fix_en = "Read the ids from your list of subscriptions."
    fix_tr = "Kimlikleri abonelik listenizden okuyun."


class DeliveryNotFound(NotificationRefusal):
    """There is no such delivery."""

    status = 404
    code = "delivery_not_found"
    tr = "Böyle bir gönderim yok"
    cause_en = "No delivery under this id belongs to your organisation."
    cause_tr = "Bu kimlikle kurumunuza ait bir gönderim yok."
    fix_en = "Read the ids from the subscription's list of deliveries."
    fix_tr = "Kimlikleri aboneliğin gönderim listesinden okuyun."


class NoticeNotFound(NotificationRefusal):
    """There is no such notice in your inbox."""

    status = 404
    code = "notice_not_found"
    tr = "Gelen kutunuzda böyle bir bildirim yok"
    cause_en = "No notice under this id is in the inbox of your organisation."
    cause_tr = "Bu kimlikle kurumunuzun gelen kutusunda bir bildirim yok."
    fix_en = "Read the ids from the inbox."
    fix_tr = "Kimlikleri gelen kutusundan okuyun."


class WebhookTargetRefused(NotificationRefusal):
    """This address cannot be called."""

    status = 422
    code = "webhook_target_refused"
    tr = "Bu adres çağrılamaz"
    cause_en = "The address is not public, not https, or on a port that is not called from here."
    cause_tr = "Adres genele açık değil, https değil ya da buradan aranmayan bir kapıda."
    fix_en = "Give a public https address on port 443 or 8443."
    fix_tr = "443 ya da 8443 kapısında, genele açık bir https adresi verin."
    detail_en = "Webhooks go to public https addresses on port 443 or 8443 ({reason})."
    detail_tr = "Webhook yalnız genel https adreslerine, 443 ya da 8443 kapısına gider ({reason})."


class MailAddressRefused(NotificationRefusal):
    """This is not a usable mail address."""

    status = 422
    code = "mail_address_refused"
    tr = "Bu, kullanılabilir bir e-posta adresi değil"
    cause_en = "The address lacks a part, or holds characters that mail does not carry."
    cause_tr = "Adresin bir bölümü eksik ya da postanın taşımadığı karakterler var."
    fix_en = "Send one address like desk@example.org, without a name around it."
    fix_tr = "desk@example.org gibi tek bir adresi, adsız gönderin."


class AddressUnsubscribed(NotificationRefusal):
    """The holder of this address has unsubscribed."""

    status = 409
    code = "address_unsubscribed"
    tr = "Bu adresin sahibi bildirimleri durdurdu"
    cause_en = "Whoever reads mail there asked for no more, and that holds against every subscription."
    cause_tr = "Oradaki postayı okuyan, bildirim istemediğini söyledi; bu her abonelik için geçerlidir."
    fix_en = "Do not send it again: only whoever reads mail at this address can ask for notices there."
    fix_tr = "Yeniden göndermeyin: oraya bildirim isteyebilecek tek kişi adresin sahibidir."


class TooManySubscriptions(NotificationRefusal):
    """Your organisation has too many subscriptions."""

    status = 409
    code = "too_many_subscriptions"
    tr = "Kuruluşunuzun çok fazla aboneliği var"
    cause_en = "Each subscription costs deliveries, so one organisation has a limited number."
    cause_tr = "Her abonelik gönderim demektir; bu yüzden kurum başına sayı sınırlıdır."
    fix_en = "Delete one that is not used, or widen the filter of another."
    fix_tr = "Kullanılmayan birini silin ya da bir başkasının süzgecini genişletin."
    detail_en = "At most {limit} subscriptions are possible; delete one first."
    detail_tr = "En çok {limit} abonelik olabilir; önce birini silin."


class DeliveryNotRedrivable(NotificationRefusal):
    """Only a delivery that ran out can be sent again."""

    status = 409
    code = "delivery_not_redrivable"
    tr = "Yalnız denemeleri tükenen bir gönderim yeniden gönderilebilir"
    cause_en = "The delivery has arrived or is still being tried by itself."
    cause_tr = "Gönderim ulaştı ya da hâlâ kendiliğinden deneniyor."
    fix_en = "Wait; send again only what has run out of attempts."
    fix_tr = "Bekleyin; yalnız denemeleri tükeneni yeniden gönderin."
    detail_en = "This delivery is {state}."
    detail_tr = "Bu gönderimin durumu: {state}."


class EndpointDisabled(NotificationRefusal):
    """The endpoint is switched off; subscribe it again first."""

    status = 409
    code = "endpoint_disabled"
    tr = "Adres kapalı; önce yeniden abone yapın"
    cause_en = "The address failed for so long that nothing is sent to it any more."
    cause_tr = "Adres o kadar uzun süre yanıt vermedi ki artık oraya gönderilmiyor."
    fix_en = "Mend the receiver, subscribe the address again, then send what ran out."
    fix_tr = "Alıcıyı onarın, adresi yeniden abone yapın, sonra tükenenleri gönderin."
