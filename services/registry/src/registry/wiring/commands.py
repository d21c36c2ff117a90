"""Operator commands of the registry: bootstrap and audit-verify."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from imece_chassis.clock import SystemClock
from imece_chassis.database import Database, Transaction
from imece_chassis.ids import uuid7
from registry.domain.organisations import Particulars
from registry.settings import Settings
from registry.store.audit import BrokenLink
from registry.usecases import queries
from registry.usecases.bootstrap import Bootstrap, Bootstrapped, bootstrap
from registry.usecases.minting import Mint


def mint_of(settings: Settings) -> Mint:
    """Keys are made under the deployment's current pepper."""
    return Mint(settings.api_key_pepper.get_secret_value())


async def bootstrap_command(settings: Settings, argv: Sequence[str]) -> int:
    """Create the secretariat once, and a key when none is live; print what a person or script needs next."""
    options = _bootstrap_options(argv)
    command = Bootstrap(
        Particulars(
            kind=options.kind,
            legal_name=options.name,
            seat_plate=options.province,
            short_name=options.short_name,
        ),
        mode="live" if options.live else "test",
        is_new_key_wanted=options.new_key,
    )
    database = await Database.connect(settings.database_url, application="registry bootstrap", min_size=1)

    async def work(tx: Transaction) -> Bootstrapped:
        return await bootstrap(tx, command, mint_of(settings), SystemClock().now(), uuid7)

    try:
        made = await database.unit_of_work(work)
    finally:
        await database.close()
    facts = {
        "organisation_id": str(made.organisation_id),
        "integration_id": str(made.integration_id),
        "key_id": None if made.key_id is None else str(made.key_id),
        "key": made.key,
        "is_new": made.is_new,
    }
    _say(json.dumps(facts) if options.json else _in_words(made))
    return 0


async def audit_verify_command(settings: Settings, argv: Sequence[str]) -> int:
    """Recompute every audit chain; status 1 and one line per chain that does not verify."""
    argparse.ArgumentParser(prog="python -m registry audit-verify").parse_args(argv)
    database = await Database.connect(settings.database_url, application="registry audit", min_size=1)

    async def work(tx: Transaction) -> list[BrokenLink]:
        return await queries.broken_audit_links(tx)

    try:
        broken = await database.snapshot(work)
    finally:
        await database.close()
    for link in broken:
        _say(f"chain {link.chain}: broken at position {link.position}")
    if not broken:
        _say("every audit chain verifies")
    return 1 if broken else 0


def _bootstrap_options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m registry bootstrap")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--new-key", action="store_true", help="make a key even when one is live")
    parser.add_argument("--live", action="store_true", help="a live key instead of a test key")
    parser.add_argument("--name", default="Ortak Sekretarya", help="legal name of the secretariat")
    parser.add_argument("--short-name", default=None)
    parser.add_argument("--kind", default="federasyon", help="kind of organisation, see GET /kinds")
    parser.add_argument("--province", default="06", help="plate code of its seat")
    return parser.parse_args(argv)


def _in_words(made: Bootstrapped) -> str:
    lines = [f"organisation  {made.organisation_id}", f"integration   {made.integration_id}"]
    if made.key is None:
        lines.append("key           one is live already; --new-key makes another")
    else:
        lines.append(f"key           {made.key}   (shown only now)")
    return "\n".join(lines)


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201
