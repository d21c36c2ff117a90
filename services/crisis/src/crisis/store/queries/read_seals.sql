-- Seals after a position with the audit rows under them, as they are now.
SELECT seal.position, seal.command_id AS sealed_id, seal.hash,
       log.command_id, log.command, log.crisis_id, log.is_drill, log.subject_type, log.subject_id, log.actor_org_id,
       log.actor_key_id, log.actor_role, log.counterparty_org_id, log.reason, log.before_version, log.after_version,
       log.at
  FROM command_seals AS seal
  LEFT JOIN command_log AS log ON log.command_id = seal.command_id
 WHERE seal.position > $1
 ORDER BY seal.position
 LIMIT $2
