-- I1 No accept in the whole history took a line above what was asked, agreed and not met elsewhere at that moment.
-- A merge brings rows that were accepted elsewhere and is not an accept, nor is a correction of the record; what they
-- bring counts from then on.
WITH merging AS (
  SELECT command_id FROM need_merges UNION ALL SELECT undo_command_id FROM need_merges WHERE undo_command_id IS NOT NULL
  UNION ALL SELECT command_id FROM corrections
), steps AS (
  SELECT need_line_id, is_drill, line_version, max(at) AS at,
         sum(CASE WHEN to_state IN ('held', 'dispatched', 'arrived', 'confirmed', 'return_due') THEN qty ELSE 0 END
           - CASE WHEN from_state IN ('held', 'dispatched', 'arrived', 'confirmed', 'return_due') THEN qty ELSE 0 END)
           AS accepted,
         bool_or(command_id IN (SELECT command_id FROM merging)) AS is_merge
    FROM allocation_entries
   GROUP BY need_line_id, is_drill, line_version
), standing AS (
  SELECT need_line_id, is_drill, line_version, at, accepted, is_merge,
         sum(accepted) OVER (PARTITION BY need_line_id, is_drill ORDER BY line_version) AS total
    FROM steps
), stated AS (
  SELECT statement.need_line_id, statement.is_drill, statement.qty, statement.line_version, statement.revoked_at,
         merge.merged_at
    FROM elsewhere_statements AS statement
    LEFT JOIN LATERAL (
      SELECT merge.merged_at
        FROM merged_statements AS moved
        JOIN need_merges AS merge ON merge.merge_id = moved.merge_id
       WHERE moved.statement_id = statement.statement_id
         AND (merge.undone_at IS NULL
              -- revoked before the undoing: it stayed where the merge had taken it
              OR (statement.revoked_at <= merge.undone_at AND statement.need_line_id <> moved.need_line_id))
       ORDER BY merge.merged_at DESC, merge.merge_id DESC
       LIMIT 1) AS merge ON true
)
SELECT standing.need_line_id::text AS subject,
       format('event %s: %s accepted and %s met elsewhere of %s', standing.line_version, standing.total,
              elsewhere.qty, asked.allowed) AS found
  FROM standing
 CROSS JOIN LATERAL (
   SELECT revision.requested + revision.over_cap AS allowed
     FROM need_line_revisions AS revision
    WHERE revision.need_line_id = standing.need_line_id
      AND revision.is_drill = standing.is_drill
      AND revision.line_version <= standing.line_version
    ORDER BY revision.version DESC
    LIMIT 1) AS asked
 CROSS JOIN LATERAL (
   SELECT coalesce(sum(stated.qty), 0) AS qty
     FROM stated
    WHERE stated.need_line_id = standing.need_line_id
      AND stated.is_drill = standing.is_drill
      AND CASE WHEN stated.merged_at IS NULL THEN stated.line_version < standing.line_version
               ELSE stated.merged_at < standing.at END
      AND (stated.revoked_at IS NULL OR stated.revoked_at > standing.at)) AS elsewhere
 WHERE standing.accepted > 0 AND NOT standing.is_merge AND standing.total + elsewhere.qty > asked.allowed
 ORDER BY standing.need_line_id, standing.line_version
