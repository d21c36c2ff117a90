-- Audit rows that are neither sealed nor waiting for it, and waiting ones that are gone or sealed already.
SELECT log.command_id, 'was put in beside the chain' AS found
  FROM command_log AS log
  LEFT JOIN command_seals AS seal ON seal.command_id = log.command_id
  LEFT JOIN commands_to_seal AS waiting ON waiting.command_id = log.command_id
 WHERE seal.command_id IS NULL AND waiting.command_id IS NULL
UNION ALL
SELECT waiting.command_id, 'was removed before it was sealed'
  FROM commands_to_seal AS waiting
  LEFT JOIN command_log AS log ON log.command_id = waiting.command_id
 WHERE log.command_id IS NULL
UNION ALL
SELECT waiting.command_id, 'waits for a seal it has'
  FROM commands_to_seal AS waiting
  JOIN command_seals AS seal ON seal.command_id = waiting.command_id
