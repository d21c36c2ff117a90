"""Message texts in every mandatory locale. A key or placeholder missing in one of them fails the build."""

from notifications.domain.texts import ar, en, tr
from notifications.domain.texts.model import KindText, Locale, PageText, Phrases

MANDATORY_LOCALES = ("tr", "en", "ar")

LOCALES: dict[str, Locale] = {"tr": tr.LOCALE, "en": en.LOCALE, "ar": ar.LOCALE}

__all__ = ["LOCALES", "MANDATORY_LOCALES", "KindText", "Locale", "PageText", "Phrases"]
