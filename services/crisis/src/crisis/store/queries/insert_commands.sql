-- Write one audit row per command.
INSERT INTO command_log (command_id, command, crisis_id, is_drill, subject_type, subject_id, actor_org_id,
                         actor_key_id, actor_role, counterparty_org_id, reason, before_version, after_version, at)
SELECT command_id, command, crisis_id, is_drill, subject_type, subject_id, actor_org_id,
       actor_key_id, actor_role, counterparty_org_id, reason, before_version, after_version, at
  FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::boolean[], $5::text[], $6::uuid[], $7::uuid[],
              $8::uuid[], $9::text[], $10::uuid[], $11::text[], $12::bigint[], $13::bigint[], $14::timestamptz[])
    AS command (command_id, command, crisis_id, is_drill, subject_type, subject_id, actor_org_id,
                actor_key_id, actor_role, counterparty_org_id, reason, before_version, after_version, at)
