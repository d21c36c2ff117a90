-- I8 Nobody accepted the own pledge, verified the own need or corrected the record alone, and no asker answered that no
-- desk of another than the pledger let, by the audit rows against the rows themselves.
SELECT log.command_id::text AS subject,
       format('%s by %s on its own %s', log.command, log.actor_org_id, log.subject_type) AS found
  FROM command_log AS log
  JOIN allocations AS row ON row.allocation_id = log.subject_id AND row.is_drill = log.is_drill
 WHERE log.command = 'accept_allocation'
   AND row.initiated_by = 'pledger' AND log.actor_role <> 'pledger' AND log.actor_org_id = row.pledger_org_id
UNION ALL
SELECT DISTINCT log.command_id::text, format('%s by the asker %s, to whom nobody delegated it', log.command, log.actor_org_id)
  FROM command_log AS log
  JOIN allocation_entries AS entry ON entry.command_id = log.command_id
  JOIN allocations AS row ON row.allocation_id = entry.allocation_id AND row.is_drill = entry.is_drill
  JOIN need_lines AS line ON line.need_line_id = entry.need_line_id AND line.is_drill = entry.is_drill
 WHERE log.command = 'accept_allocation' AND log.actor_role = 'asker'
   AND NOT EXISTS (SELECT FROM command_log AS given
                    WHERE given.command = 'delegate_answers' AND given.subject_id = line.need_id
                      AND given.actor_org_id NOT IN (log.actor_org_id, row.pledger_org_id)
                      AND given.actor_org_id IS DISTINCT FROM row.behalf_org_id)
UNION ALL
SELECT log.command_id::text, format('%s names %s, for whom %s wrote', log.command, log.counterparty_org_id,
                                    row.behalf_org_id)
  FROM command_log AS log
  JOIN allocations AS row ON row.allocation_id = log.subject_id AND row.is_drill = log.is_drill
 WHERE log.command = 'accept_allocation' AND row.behalf_org_id IS NOT NULL AND log.counterparty_org_id = row.pledger_org_id
UNION ALL
SELECT log.command_id::text, format('%s by %s, who asks for it or gives it', log.command, log.actor_org_id)
  FROM command_log AS log
  JOIN allocations AS row ON row.allocation_id = log.subject_id AND row.is_drill = log.is_drill
  JOIN need_lines AS line ON line.need_line_id = row.need_line_id AND line.is_drill = row.is_drill
  JOIN needs AS need ON need.need_id = line.need_id AND need.is_drill = line.is_drill
 WHERE log.command = 'propose_on_behalf' AND log.actor_org_id IN (need.asker_org_id, row.pledger_org_id)
UNION ALL
SELECT log.command_id::text, format('%s by %s on its own need', log.command, log.actor_org_id)
  FROM command_log AS log
  JOIN needs AS need ON need.need_id = log.subject_id AND need.is_drill = log.is_drill
 WHERE log.command IN ('verify_need', 'reject_need', 'return_need')
   AND log.actor_org_id = need.asker_org_id
UNION ALL
SELECT log.command_id::text, format('%s by %s with itself', log.command, log.actor_org_id)
  FROM command_log AS log
 WHERE log.actor_org_id = log.counterparty_org_id AND log.command IN ('accept_allocation', 'verify_need')
UNION ALL
SELECT entry.allocation_id::text, format('became %s by a command %s without audit row', entry.to_state, entry.command_id)
  FROM allocation_entries AS entry
  LEFT JOIN command_log AS log ON log.command_id = entry.command_id
 WHERE log.command_id IS NULL
UNION ALL
SELECT correction.command_id::text, format('corrected %s without two keys of others', correction.allocation_id)
  FROM corrections AS correction
  JOIN allocations AS row ON row.allocation_id = correction.allocation_id AND row.is_drill = correction.is_drill
  LEFT JOIN two_keys AS agreed ON agreed.two_key_id = correction.two_key_id AND agreed.is_drill = correction.is_drill
                              AND agreed.action = 'correct_record' AND agreed.subject_id = correction.allocation_id
                              AND agreed.state = 'confirmed'
 WHERE agreed.two_key_id IS NULL OR row.pledger_org_id IN (correction.first_org_id, correction.second_org_id)
    OR row.behalf_org_id IN (correction.first_org_id, correction.second_org_id)
 ORDER BY subject
