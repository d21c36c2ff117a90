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


class DeliveryNotFound(NotificationRefusal):
    """There is no such delivery."""

    status = 404
    code = "delivery_not_found"
    tr = "Böyle bir gönderim yok"


class NoticeNotFound(NotificationRefusal):
    """There is no such notice in your inbox."""

    status = 404
    code = "notice_not_found"
    tr = "Gelen kutunuzda böyle bir bildirim yok"


class WebhookTargetRefused(NotificationRefusal):
    """This address cannot be called."""

    status = 422
    code = "webhook_target_refused"
    tr = "Bu adres çağrılamaz"
    detail_en = "Webhooks go to public https addresses on port 443 or 8443 ({reason})."
    detail_tr = "Webhook yalnız genel https adreslerine, 443 ya da 8443 kapısına gider ({reason})."


class MailAddressRefused(NotificationRefusal):
    """This is not a usable mail address."""

    status = 422
    code = "mail_address_refused"
    tr = "Bu, kullanılabilir bir e-posta adresi değil"


class AddressUnsubscribed(NotificationRefusal):
    """The holder of this address has unsubscribed."""

    status = 409
    code = "address_unsubscribed"
    tr = "Bu adresin sahibi bildirimleri durdurdu"
    fix_en = "Do not send it again: only whoever reads mail at this address can ask for notices there."
    fix_tr = "Yeniden göndermeyin: oraya bildirim isteyebilecek tek kişi adresin sahibidir."


class TooManySubscriptions(NotificationRefusal):
    """Your organisation has too many subscriptions."""

    status = 409
    code = "too_many_subscriptions"
    tr = "Kuruluşunuzun çok fazla aboneliği var"
    detail_en = "At most {limit} subscriptions are possible; delete one first."
    detail_tr = "En çok {limit} abonelik olabilir; önce birini silin."


class DeliveryNotRedrivable(NotificationRefusal):
    """Only a delivery that ran out can be sent again."""

    status = 409
    code = "delivery_not_redrivable"
    tr = "Yalnız denemeleri tükenen bir gönderim yeniden gönderilebilir"
    detail_en = "This delivery is {state}."
    detail_tr = "Bu gönderimin durumu: {state}."


class EndpointDisabled(NotificationRefusal):
    """The endpoint is switched off; subscribe it again first."""

    status = 409
    code = "endpoint_disabled"
    tr = "Adres kapalı; önce yeniden abone yapın"
