"""The organisation's inbox: a page of it, and the mark that a notice was read."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from imece_chassis.database import Transaction
from notifications.domain.refusals import NoticeNotFound
from notifications.store import contacts, inbox
from notifications.store.inbox import Entry
from notifications.usecases.follow_reach import follow_reach

DEFAULT_LANGUAGE = "tr"


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Newest first. `unread` is counted up to 1,000; `language` is the inbox's own."""

    entries: list[Entry]
    unread: int
    language: str


async def read_inbox(
    tx: Transaction, organisation_id: UUID, *, is_unread_only: bool, before: UUID | None, limit: int
) -> InboxPage:
    """One page; an organisation that never subscribed an inbox has an empty one."""
    recipient_id = await contacts.inbox_recipient(tx, organisation_id)
    if recipient_id is None:
        return InboxPage([], 0, DEFAULT_LANGUAGE)
    entries = await inbox.page(tx, recipient_id, is_unread_only=is_unread_only, before=before, limit=limit)
    unread = await inbox.unread(tx, recipient_id)
    return InboxPage(entries, unread, await contacts.language_of_recipient(tx, recipient_id))


async def mark_read(tx: Transaction, organisation_id: UUID, notice_id: UUID) -> datetime:
    """Time of the first reading. Raises NoticeNotFound for a foreign or unknown notice."""
    recipient_id = await contacts.inbox_recipient(tx, organisation_id)
    read_at = None if recipient_id is None else await inbox.mark_read(tx, recipient_id, notice_id)
    if read_at is None:
        raise NoticeNotFound
    await follow_reach(tx, [notice_id])
    return read_at
