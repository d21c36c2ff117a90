-- I16 Along every line time never runs backwards by more than clocks of servers differ, and entries bear the time of their command.
WITH steps AS (
  SELECT need_line_id, line_version, at, lag(at) OVER (PARTITION BY need_line_id, is_drill ORDER BY line_version) AS before
    FROM allocation_entries
)
SELECT need_line_id::text AS subject, format('event %s at %s follows one at %s', line_version, at, before) AS found
  FROM steps
 WHERE at < before - interval '5 seconds'
UNION ALL
SELECT entry.allocation_id::text, format('entry of %s, its command was at %s', entry.at, log.at)
  FROM allocation_entries AS entry
  JOIN command_log AS log ON log.command_id = entry.command_id
 WHERE entry.at <> log.at
 ORDER BY subject
