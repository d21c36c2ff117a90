"""Commands of operators: prove the ledger and the audit trail, build the boards anew."""

import sys
from collections.abc import Sequence

from crisis import board as live_board
from crisis.settings import Settings
from crisis.store.command_seals import BrokenSeal, Head, head, verify
from crisis.usecases.check_ledger import check_ledger, sentence
from crisis.wiring.databases import CHECK_TIMEOUT_MS, connected
from imece_chassis.database import Transaction


async def check_command(settings: Settings, argv: Sequence[str]) -> int:
    """`python -m crisis check`: one line per invariant, then every row that breaks one.

    Exit status 1 if any does.
    """
    async with connected(settings, "check", 2, CHECK_TIMEOUT_MS) as database:
        findings = await check_ledger(database)
    for name, found in findings.items():
        sys.stdout.write(f"{'broken' if found else 'holds':8} {sentence(name)}\n")
        for finding in found:
            sys.stdout.write(f"         {finding.subject}: {finding.found}\n")
    return 1 if any(findings.values()) else 0


async def audit_verify_command(settings: Settings, argv: Sequence[str]) -> int:
    """`python -m crisis audit-verify [HEAD]`: prove the audit chain, print its head to be noted elsewhere.

    HEAD is one noted earlier: a chain cut short or written anew no longer holds it. Exit status 1 if broken.
    """
    noted = Head.parsed(argv[0]) if argv else None
    async with connected(settings, "audit-verify", 2, CHECK_TIMEOUT_MS) as database:
        last, broken = await database.snapshot(lambda tx: _head_and_broken(tx, noted))
    for found in broken:
        sys.stdout.write(f"{found.command_id}: {found.what}\n")
    sys.stdout.write(f"{'broken' if broken else 'whole'}, head {last}\n")
    return 1 if broken else 0


async def _head_and_broken(tx: Transaction, noted: Head | None) -> tuple[Head, list[BrokenSeal]]:
    return await head(tx), await verify(tx, noted)


async def rebuild_board_command(settings: Settings, argv: Sequence[str]) -> int:
    """`python -m crisis rebuild-board [--cut-log]`: every board again from the log.

    Until it is done no board claims to be fresh. Exit status 1, and nothing changed, when another rebuild is
    running, or when the log has lost its beginning: then `republish` first, and say `--cut-log`.
    """
    cut = await live_board.cut_topics(settings.kafka_bootstrap)
    if cut and "--cut-log" not in argv:
        sys.stdout.write(f"the log has lost its beginning: {', '.join(cut)}; see republish, then --cut-log\n")
        return 1
    async with (
        connected(settings, "rebuild-board", 2, CHECK_TIMEOUT_MS) as database,
        live_board.alone(database) as is_alone,
    ):
        if not is_alone:
            sys.stdout.write("another rebuild is running\n")
            return 1
        count = await live_board.rebuild(database, live_board.history(settings.kafka_bootstrap))
    sys.stdout.write(f"{count} events applied\n")
    return 0
