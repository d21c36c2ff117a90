"""JSON answers of the board: the whole of it, one page of rows, or what changed after a number."""

import json
from datetime import datetime

from crisis.board.card import Card, instant
from crisis.board.selection import Filter, order, select
from crisis.board.view import ALL, BoardView


def whole(view: BoardView, scope: str, now: datetime) -> bytes:
    """Every card of a scope, worst first."""
    cards = order((card for card in view.cards.values() if scope in {ALL, card.province}), now)
    return _document(view, scope, cards, now, {})


def page(view: BoardView, wanted: Filter, now: datetime) -> bytes:
    """The rows a reader of the page sees, in their order, with how many there are."""
    selection = select(view, wanted, now)
    return _document(
        view,
        wanted.scope,
        selection.rows,
        now,
        {"found": selection.found, "page": selection.page, "pages": selection.pages},
    )


def _document(
    view: BoardView, scope: str, cards: list[Card] | tuple[Card, ...], now: datetime, more: dict[str, int]
) -> bytes:
    facts = {
        "epoch": str(view.epoch),
        "as_of": view.head,
        "fresh_at": None if view.fresh_at is None else instant(view.fresh_at),
        "server_time": instant(now),
        "scope": scope,
        "totals": view.totals(scope).as_dict(),
        "provinces": {province: counts.gaps for province, counts in sorted(view.provinces().items())},
        **more,
    }
    head = json.dumps(facts, separators=(",", ":"), ensure_ascii=False).encode()
    return b'%s,"cards":[%s]}' % (head[:-1], b",".join(card.body for card in cards))
