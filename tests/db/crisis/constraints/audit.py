"""The audit trail, its chain, and the proofs of the ledger."""

from tests.db.crisis.constraints.forms import HASH, NEW, NO, NOW, NULL, ONE, refused, table, twice

TABLES = (
    table(
        "command_log",
        {
            "command_id": NEW,
            "command": "'withdraw_allocation'",
            "is_drill": NO,
            "subject_type": "'allocation'",
            "subject_id": ONE,
            "actor_org_id": ONE,
            "actor_role": "'secretariat'",
            "counterparty_org_id": ONE,
            "before_version": "1",
            "after_version": "2",
            "at": NOW,
        },
        refused("two_parties", command="'accept_allocation'"),
        refused("two_parties", command="'verify_need'"),
        refused("two_parties", command="'return_need'"),
        refused("two_parties", command="'reject_need'"),
        refused("two_parties", command="'decide_appeal'"),
        refused("two_parties", command="'decide_appeal'", counterparty_org_id=NULL),
        refused("corrected_by_another", command="'correct_record'"),
        refused("corrected_by_another", command="'correct_record'", counterparty_org_id=NULL),
        refused("somebody_did_it", actor_org_id=NULL),
        refused("somebody_did_it", actor_role="'system'"),
        refused("moves_forward", after_version="1"),
        refused("moves_forward", before_version="-1"),
    ),
    table(
        "command_seals",
        {"position": "1", "command_id": ONE, "hash": HASH},
        refused("counts_from_one", position="0"),
        refused("hash_is_sha256", hash="'x'"),
        twice("command_seals_command_id_key", position="2", hash="sha256('y')"),
    ),
    table(
        "ledger_checks",
        {"scope": "'conservation'", "next_at": NOW},
        refused("known_scope", scope="'nothing'"),
        refused("counted_when_checked", checked_at=NOW),
        refused("counted_when_checked", mismatches="0"),
    ),
)
