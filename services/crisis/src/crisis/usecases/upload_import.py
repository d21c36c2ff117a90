"""UploadImport: a file of need lines is compared with the ledger, and nothing is changed by it.

Comparing reads one unchanging view and computes beside the event loop; what moves between then and the
moment a row is applied is found there.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from crisis.domain.crises import Crisis
from crisis.domain.imports import KEPT, Compared, Import, ImportState, Known, Said, Writer, compared
from crisis.domain.imports.issues import issue
from crisis.domain.lines import Line
from crisis.domain.refusals import NotFound, RoleMissing
from crisis.store import command_log, crises, import_rows, imports, line_terms, lines
from crisis.usecases.authority import WHOLE_COUNTRY, acting_role, plates_of
from crisis.usecases.line_step import owner_role
from crisis.usecases.need_authority import REPORTERS
from crisis.usecases.submit_need import crisis_of
from crisis.usecases.tools import Tools, audit, story_of
from imece_chassis.access.caller import Caller
from imece_chassis.database import Database, Transaction


@dataclass(frozen=True, slots=True)
class UploadImport:
    """A file as compared; `digest` is its SHA-256, `unknown_columns` how many were left aside."""

    crisis_id: UUID
    file_kind: str
    digest: bytes
    unknown_columns: int
    rows: Sequence[Compared]


@dataclass(frozen=True, slots=True)
class Uploaded:
    """The new import, and an earlier one of the same file."""

    imported: Import
    same_file_as: UUID | None


async def compare_rows(
    database: Database, crisis_id: UUID, rows: Sequence[Said], caller: Caller, tools: Tools
) -> list[Compared]:
    """Each row beside the ledger. Raises NotFound, RoleMissing."""
    crisis, known = await database.snapshot(lambda tx: _ground(tx, crisis_id, rows, caller))
    writer = Writer(
        organisation_id=caller.organisation_id,
        crisis=crisis,
        now=tools.clock.now(),
        new_id=tools.new_id,
        speaks_for=partial(owner_role, caller),
        may_ask=lambda place: acting_role(caller, REPORTERS, place=place, crisis_id=crisis_id),
    )
    return await asyncio.to_thread(_compared, rows, known, writer)


async def upload_import(tx: Transaction, command: UploadImport, caller: Caller, tools: Tools) -> Uploaded:
    """A new import of compared rows. Raises NotFound, RoleMissing."""
    crisis = await crisis_of(tx, command.crisis_id)
    role = writer_role(caller, crisis.crisis_id)
    now = tools.clock.now()
    imported = Import(
        import_id=tools.new_id(),
        crisis_id=crisis.crisis_id,
        is_drill=crisis.is_drill,
        org_id=caller.organisation_id,
        state=ImportState.OPEN,
        file_kind=command.file_kind,
        digest=command.digest,
        rows=len(command.rows),
        unknown_columns=command.unknown_columns,
        created_at=now,
        keep_until=now + KEPT,
        sweep_deadline_id=tools.new_id(),
    )
    await imports.insert(tx, imported)
    await import_rows.insert(tx, imported, command.rows)
    story = story_of(caller, role, tools.new_id(), crisis.crisis_id, crisis.is_drill, now)
    logged = audit(story, caller, "upload_import", imports.SUBJECT, imported.import_id, (0, 1))
    await command_log.record(tx, [logged])
    return Uploaded(imported, await imports.same_file(tx, imported))


def writer_role(caller: Caller, crisis_id: UUID) -> str:
    """The role in which the caller writes needs somewhere in the crisis; raises RoleMissing."""
    for role in REPORTERS:
        if plates_of(caller, (role,), crisis_id) != frozenset():
            return role
    raise RoleMissing(roles=", ".join(REPORTERS), place=WHOLE_COUNTRY)


async def _ground(
    tx: Transaction, crisis_id: UUID, rows: Sequence[Said], caller: Caller
) -> tuple[Crisis, dict[tuple[UUID, int | None], Known]]:
    crisis = await crises.read(tx, crisis_id)
    if crisis is None:
        raise NotFound(kind="crisis", id=str(crisis_id))
    writer_role(caller, crisis_id)
    wanted = [(said.need_line_id, said.sequence) for said in rows if said.need_line_id is not None]
    ids = [line_id for line_id, _ in wanted]
    found, balances = await lines.read(tx, ids), await lines.read_balances(tx, ids)
    asked = await line_terms.asked_at(tx, [(line_id, at) for line_id, at in wanted if at is not None])
    known = {
        (line_id, at): Known(
            found[line_id], balances[line_id], None if at is None else asked.get((line_id, at))
        )
        for line_id, at in wanted
        if line_id in found and _is_visible(found[line_id], crisis_id, caller)
    }
    return crisis, known


def _is_visible(line: Line, crisis_id: UUID, caller: Caller) -> bool:
    is_own = line.asker_org_id == caller.organisation_id
    return line.crisis_id == crisis_id and (is_own or line.need_state != "draft")


def _compared(
    rows: Sequence[Said], known: dict[tuple[UUID, int | None], Known], writer: Writer
) -> list[Compared]:
    first: dict[UUID, int] = {}
    found: list[Compared] = []
    for said in rows:
        line_id = said.need_line_id
        if line_id is None:
            found.append(compared(said, None, writer))
            continue
        if first.setdefault(line_id, said.number) != said.number:
            twice = issue("line_twice", "need_line_id", row=first[line_id])
            found.append(compared(said.with_issue(twice), None, writer))
            continue
        found.append(compared(said, known.get((line_id, said.sequence)), writer))
    return found
