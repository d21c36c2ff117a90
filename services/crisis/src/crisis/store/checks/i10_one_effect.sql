-- I10 Every stored answer is whole and of one request, and every command of the audit trail stands in it once.
SELECT concat_ws(' ', answer.scope, answer.key) AS subject,
       format('status %s, body hash of %s bytes', answer.status, octet_length(answer.body_hash)) AS found
  FROM idempotency AS answer
 WHERE octet_length(answer.body_hash) <> 32 OR answer.status NOT BETWEEN 200 AND 499
UNION ALL
SELECT concat_ws(' ', scope, key), format('answered %s times', count(*))
  FROM idempotency
 GROUP BY scope, key
HAVING count(*) > 1
UNION ALL
SELECT subject_id::text, format('%s brought it to version %s %s times', string_agg(DISTINCT command, ', '), after_version, count(*))
  FROM command_log
 WHERE subject_type IN ('allocation', 'need', 'offer', 'crisis')
 GROUP BY subject_type, subject_id, is_drill, after_version
HAVING count(*) > 1
 ORDER BY subject
