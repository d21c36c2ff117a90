"""Bundles as documents of the API."""

import orjson

from crisis.domain.states import State
from crisis.events import moment, vector
from crisis.http.views import Document, allocation_view
from crisis.usecases.bundle_step import Answered
from crisis.usecases.reading_bundles import BundleRead


def bundle_view(read: BundleRead, done: Answered | None = None) -> Document:
    """A bundle as its reader sees it, and what a command left alone."""
    bundle = read.bundle
    document: Document = {
        "bundle_id": bundle.bundle_id,
        "crisis_id": bundle.crisis_id,
        "is_drill": bundle.is_drill,
        "pledger_org_id": bundle.org_id,
        "offer_id": bundle.offer_id,
        "row_count": bundle.row_count,
        "made_at": moment(bundle.made_at),
        "version": read.version,
        "rows": _rows(read, done),
    }
    if done is not None:
        document["skipped"] = [
            {"allocation_id": row.allocation_id, "state": row.state.value} for row in done.skipped
        ]
    return document


def _rows(read: BundleRead, done: Answered | None) -> list[Document]:
    rows: list[Document] = []
    for row in read.rows:
        if row.state is State.SPLIT:
            continue
        line = read.lines[row.need_line_id]
        shown = allocation_view(row, line)
        shown["line"] = orjson.Fragment(vector(line, read.balances[row.need_line_id]))
        if done is not None and row.allocation_id in done.alternatives:
            shown["alternatives"] = [each.as_facts() for each in done.alternatives[row.allocation_id]]
        rows.append(shown)
    return rows
