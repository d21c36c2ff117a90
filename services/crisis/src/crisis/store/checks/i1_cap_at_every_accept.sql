-- I1 No accept in the whole history took a line above what was asked, agreed and not met elsewhere at that moment.
WITH steps AS (
  SELECT need_line_id, is_drill, line_version,
         sum(CASE WHEN to_state IN ('held', 'dispatched', 'arrived', 'confirmed', 'return_due') THEN qty ELSE 0 END
           - CASE WHEN from_state IN ('held', 'dispatched', 'arrived', 'confirmed', 'return_due') THEN qty ELSE 0 END)
           AS accepted
    FROM allocation_entries
   GROUP BY need_line_id, is_drill, line_version
), standing AS (
  SELECT need_line_id, is_drill, line_version, accepted,
         sum(accepted) OVER (PARTITION BY need_line_id, is_drill ORDER BY line_version) AS total
    FROM steps
)
SELECT standing.need_line_id::text AS subject,
       format('event %s: %s accepted of %s', standing.line_version, standing.total, asked.allowed) AS found
  FROM standing
 CROSS JOIN LATERAL (
   SELECT revision.requested + revision.over_cap AS allowed
     FROM need_line_revisions AS revision
    WHERE revision.need_line_id = standing.need_line_id
      AND revision.is_drill = standing.is_drill
      AND revision.line_version <= standing.line_version
    ORDER BY revision.version DESC
    LIMIT 1) AS asked
 WHERE standing.accepted > 0 AND standing.total > asked.allowed
 ORDER BY standing.need_line_id, standing.line_version
