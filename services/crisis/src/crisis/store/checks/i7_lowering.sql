-- I7 Nothing asked of a line ever fell below what was on its way, arrived, good or met elsewhere; what was held above it
-- was let go in the same command. What a merge carried over the cap is left out.
WITH merged AS (
  SELECT need_line_id, is_drill FROM need_line_merges UNION SELECT into_line_id, is_drill FROM need_line_merges
), lowered AS (
  SELECT revision.need_line_id, revision.is_drill, revision.version, revision.line_version, revision.requested,
         revision.over_cap, revision.command_id,
         lag(requested) OVER (PARTITION BY revision.need_line_id, revision.is_drill ORDER BY revision.version) AS before
    FROM need_line_revisions AS revision
), folded AS (
  SELECT lowered.need_line_id, lowered.version, lowered.requested, lowered.over_cap, lowered.line_version,
         sum(CASE WHEN entry.to_state IN ('dispatched', 'arrived', 'confirmed', 'return_due') THEN entry.qty ELSE 0 END
           - CASE WHEN entry.from_state IN ('dispatched', 'arrived', 'confirmed', 'return_due') THEN entry.qty ELSE 0 END)
           AS gone,
         sum(CASE WHEN entry.to_state = 'held' THEN entry.qty ELSE 0 END
           - CASE WHEN entry.from_state = 'held' THEN entry.qty ELSE 0 END) AS held
    FROM lowered
    JOIN allocation_entries AS entry ON entry.need_line_id = lowered.need_line_id AND entry.is_drill = lowered.is_drill
                                    AND entry.line_version <= lowered.line_version
   WHERE lowered.requested < lowered.before
     AND NOT EXISTS (SELECT 1 FROM merged WHERE merged.need_line_id = lowered.need_line_id
                                            AND merged.is_drill = lowered.is_drill)
   GROUP BY lowered.need_line_id, lowered.version, lowered.requested, lowered.over_cap, lowered.line_version
)
SELECT need_line_id::text AS subject,
       format('lowered to %s + %s at event %s with %s held and %s gone', requested, over_cap, line_version, held, gone)
         AS found
  FROM folded
 WHERE gone > requested OR held + gone > requested + over_cap
 ORDER BY need_line_id, version
