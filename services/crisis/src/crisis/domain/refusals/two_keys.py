"""What is refused because a command needs two keys."""

from .base import Refusal


class SameKey(Refusal):
    """The second key must be another one"""

    tr = "İkinci anahtar başka bir anahtar olmalı"
    detail_en = "This key already asked for {action}; another key that is entitled to it must confirm."
    detail_tr = "Bu anahtar {action} istedi; onayı, buna yetkili başka bir anahtar vermeli."


class SecondKeyMissing(Refusal):
    """No second key came in time"""

    tr = "İkinci anahtar zamanında gelmedi"
    detail_en = "The request was void at {expires_at}; nothing was changed. Ask again."
    detail_tr = "İstek {expires_at} zamanında düştü; hiçbir şey değişmedi. Yeniden isteyin."


class KeyNotPending(Refusal):
    """The request is settled"""

    tr = "İstek sonuçlandı"
    detail_en = "It is {state} since {since}."
    detail_tr = "{since} zamanından beri durumu: {state}."


class KeyPending(Refusal):
    """The same is already waiting for its second key"""

    tr = "Aynı istek zaten ikinci anahtarı bekliyor"
    detail_en = "Request {two_key_id} for {action} waits until {expires_at}; answer that one first."
    detail_tr = "{action} için {two_key_id} isteği {expires_at} zamanına dek bekliyor; önce onu yanıtlayın."
