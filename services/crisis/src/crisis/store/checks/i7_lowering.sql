-- I7 No request was ever lowered below what was on its way, arrived, good or met elsewhere then, on lines of merged needs
-- too; what was held above it was let go in the same command. What a merge or its undoing asks for lowers nothing.
-- A statement counts where it stood: on the line it was made for, and on the line a merge took it to until the undoing,
-- told by the line's events; by the time of both commands only for a merge undone without that record.
WITH merging AS (
  SELECT command_id FROM need_merges UNION ALL SELECT undo_command_id FROM need_merges WHERE undo_command_id IS NOT NULL
), lowered AS (
  SELECT revision.need_line_id, revision.is_drill, revision.version, revision.line_version, revision.requested,
         revision.over_cap, coalesce(log.at, revision.created_at) AS at
    FROM (SELECT need_line_id, is_drill, version, line_version, requested, over_cap, command_id, created_at,
                 lag(requested) OVER (PARTITION BY need_line_id, is_drill ORDER BY version) AS before
            FROM need_line_revisions) AS revision
    LEFT JOIN command_log AS log ON log.command_id = revision.command_id
   WHERE revision.requested < revision.before
     AND revision.command_id NOT IN (SELECT command_id FROM merging)
), journeys AS (
  SELECT moved.statement_id, moved.is_drill, moved.need_line_id, pair.into_line_id, pair.revision, merge.merge_id,
         merge.merged_at, merge.undone_at, undone.undone_line_version
    FROM merged_statements AS moved
    JOIN need_line_merges AS pair ON pair.merge_id = moved.merge_id AND pair.is_drill = moved.is_drill
                                 AND pair.need_line_id = moved.need_line_id
    JOIN need_merges AS merge ON merge.merge_id = moved.merge_id AND merge.is_drill = moved.is_drill
    LEFT JOIN undone_line_merges AS undone ON undone.merge_id = pair.merge_id AND undone.is_drill = pair.is_drill
                                          AND undone.need_line_id = pair.need_line_id
), stays AS (
  SELECT statement.statement_id, statement.is_drill, coalesce(first.need_line_id, statement.need_line_id) AS need_line_id,
         statement.line_version AS since_event, NULL::int AS since_revision, NULL::timestamptz AS until,
         NULL::bigint AS until_event
    FROM elsewhere_statements AS statement
    LEFT JOIN LATERAL (
      SELECT journeys.need_line_id
        FROM journeys
       WHERE journeys.statement_id = statement.statement_id AND journeys.is_drill = statement.is_drill
       ORDER BY journeys.merged_at, journeys.merge_id
       LIMIT 1) AS first ON true
  UNION ALL
  SELECT statement_id, is_drill, into_line_id, NULL, revision, undone_at, undone_line_version FROM journeys
), stated AS (
  SELECT stays.need_line_id, stays.is_drill, stays.since_event, stays.since_revision, stays.until, stays.until_event,
         statement.qty, statement.revoked_at,
         (SELECT min(log.after_version)
            FROM command_log AS log
           WHERE log.command = 'revoke_statement' AND log.subject_id = stays.need_line_id
             AND log.at = statement.revoked_at) AS revoked_event
    FROM stays
    JOIN elsewhere_statements AS statement ON statement.statement_id = stays.statement_id
                                          AND statement.is_drill = stays.is_drill
), folded AS (
  SELECT lowered.need_line_id, lowered.version, lowered.requested, lowered.over_cap, lowered.line_version,
         stood.held, stood.gone, elsewhere.qty AS elsewhere
    FROM lowered
   CROSS JOIN LATERAL (
     SELECT coalesce(sum(
              CASE WHEN entry.to_state IN ('dispatched', 'arrived', 'confirmed', 'return_due') THEN entry.qty ELSE 0 END
            - CASE WHEN entry.from_state IN ('dispatched', 'arrived', 'confirmed', 'return_due') THEN entry.qty ELSE 0 END),
            0) AS gone,
            coalesce(sum(CASE WHEN entry.to_state = 'held' THEN entry.qty ELSE 0 END
                       - CASE WHEN entry.from_state = 'held' THEN entry.qty ELSE 0 END), 0) AS held
       FROM allocation_entries AS entry
      WHERE entry.need_line_id = lowered.need_line_id AND entry.is_drill = lowered.is_drill
        AND entry.line_version <= lowered.line_version) AS stood
   CROSS JOIN LATERAL (
     SELECT coalesce(sum(stated.qty), 0) AS qty
       FROM stated
      WHERE stated.need_line_id = lowered.need_line_id AND stated.is_drill = lowered.is_drill
        AND (stated.since_event <= lowered.line_version OR stated.since_revision < lowered.version)
        AND CASE WHEN stated.until_event IS NULL THEN stated.until IS NULL OR stated.until > lowered.at
                 ELSE stated.until_event > lowered.line_version END
        AND (stated.revoked_at IS NULL
             OR CASE WHEN stated.revoked_event IS NULL THEN stated.revoked_at > lowered.at
                     ELSE stated.revoked_event > lowered.line_version END)) AS elsewhere
)
SELECT need_line_id::text AS subject,
       format('lowered to %s + %s at event %s with %s held, %s gone and %s met elsewhere', requested, over_cap,
              line_version, held, gone, elsewhere) AS found
  FROM folded
 WHERE gone + elsewhere > requested OR held + gone + elsewhere > requested + over_cap
 ORDER BY need_line_id, version
