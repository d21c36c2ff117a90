-- I12 A merge and its undoing keep the sum of every bucket over both needs; the survivor asks for the larger, or the sum if chosen.
WITH bucket (state, name) AS (
  VALUES ('proposed', 'P'), ('countered', 'P'), ('waitlisted', 'W'), ('held', 'H'), ('dispatched', 'T'),
         ('arrived', 'A'), ('confirmed', 'D'), ('return_due', 'D'), ('damaged', 'L'), ('short', 'L')
), acts AS (
  SELECT merge_id, command_id FROM need_merges
  UNION ALL SELECT merge_id, undo_command_id FROM need_merges WHERE undo_command_id IS NOT NULL
), moved AS (
  SELECT acts.merge_id, acts.command_id, entry.to_state AS state, entry.qty
    FROM acts JOIN allocation_entries AS entry ON entry.command_id = acts.command_id
  UNION ALL
  SELECT acts.merge_id, acts.command_id, entry.from_state, -entry.qty
    FROM acts JOIN allocation_entries AS entry ON entry.command_id = acts.command_id
   WHERE entry.from_state IS NOT NULL
), asked AS (
  SELECT pair.merge_id, merge.mode, pair.requested_before, revision.requested,
         (SELECT other.requested FROM need_line_revisions AS other
           WHERE other.need_line_id = pair.need_line_id AND other.is_drill = pair.is_drill
             AND other.command_id <> merge.command_id
             AND other.command_id IS DISTINCT FROM merge.undo_command_id
           ORDER BY other.version DESC LIMIT 1) AS other
    FROM need_line_merges AS pair
    JOIN need_merges AS merge ON merge.merge_id = pair.merge_id AND merge.is_drill = pair.is_drill
    JOIN need_line_revisions AS revision ON revision.need_line_id = pair.into_line_id
                                        AND revision.is_drill = pair.is_drill AND revision.version = pair.revision
   WHERE merge.undone_at IS NULL
)
SELECT merge_id::text AS subject, format('command %s changed bucket %s by %s', command_id, name, sum(qty)) AS found
  FROM moved JOIN bucket ON bucket.state = moved.state
 GROUP BY merge_id, command_id, name
HAVING sum(qty) <> 0
UNION ALL
SELECT merge_id::text, format('mode %s asks %s of %s and %s', mode, requested, requested_before, other)
  FROM asked
 WHERE (mode = 'max' AND requested <> greatest(requested_before, other))
    OR (mode = 'sum' AND requested <> requested_before + other)
 ORDER BY subject
