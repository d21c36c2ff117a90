"""What is refused because a command needs two keys."""

from .base import Refusal


class SameKey(Refusal):
    """The second key must be another one"""

    tr = "İkinci anahtar başka bir anahtar olmalı"
    cause_en = "Two keys means two holders: who asked cannot also confirm."
    cause_tr = "İki anahtar, iki ayrı sahip demektir: isteyen aynı zamanda onaylayamaz."
    fix_en = "Have another key with the same right confirm."
    fix_tr = "Aynı yetkideki başka bir anahtar onaylamalı."
    detail_en = "This key already asked for {action}; another key that is entitled to it must confirm."
    detail_tr = "Bu anahtar {action} istedi; onayı, buna yetkili başka bir anahtar vermeli."


class SecondKeyMissing(Refusal):
    """No second key came in time"""

    tr = "İkinci anahtar zamanında gelmedi"
    cause_en = "Nobody confirmed while the request was open."
    cause_tr = "İstek açıkken kimse onaylamadı."
    fix_en = "Ask again, and tell the second key's holder."
    fix_tr = "Yeniden isteyin ve ikinci anahtarın sahibine haber verin."
    detail_en = "The request was void at {expires_at}; nothing was changed. Ask again."
    detail_tr = "İstek {expires_at} zamanında düştü; hiçbir şey değişmedi. Yeniden isteyin."


class KeyNotPending(Refusal):
    """The request is settled"""

    tr = "İstek sonuçlandı"
    cause_en = "The request for a second key was confirmed, refused, taken back or has run out."
    cause_tr = "İkinci anahtar isteği onaylandı, reddedildi, geri alındı ya da süresi doldu."
    fix_en = "Read the record; ask anew if the change is still wanted."
    fix_tr = "Kaydı okuyun; değişiklik hâlâ isteniyorsa yeniden isteyin."
    detail_en = "It is {state} since {since}."
    detail_tr = "{since} zamanından beri durumu: {state}."


class KeyPending(Refusal):
    """The same is already waiting for its second key"""

    tr = "Aynı istek zaten ikinci anahtarı bekliyor"
    cause_en = "One request for this change is open; a second beside it could be confirmed twice."
    cause_tr = "Bu değişiklik için açık bir istek var; yanında ikincisi iki kez onaylanabilirdi."
    fix_en = "Have another key confirm or refuse two_key_id."
    fix_tr = "two_key_id isteğini başka bir anahtar onaylamalı ya da reddetmeli."
    detail_en = "Request {two_key_id} for {action} waits until {expires_at}; answer that one first."
    detail_tr = "{action} için {two_key_id} isteği {expires_at} zamanına dek bekliyor; önce onu yanıtlayın."
