-- Audit rows to be sealed, in the order of the chain.
SELECT command_id, command, crisis_id, is_drill, subject_type, subject_id, actor_org_id, actor_key_id, actor_role,
       counterparty_org_id, reason, before_version, after_version, at
  FROM command_log
 WHERE command_id = ANY ($1::uuid[])
 ORDER BY at, command_id
