-- By how much did revisions of an offer line ($1, $2) for a reason ($3) raise it since its owner last said what it holds?
WITH step AS (
  SELECT revision.version, revision.reason,
         revision.qty - lag(revision.qty, 1, line.stated_qty) OVER (ORDER BY revision.version) AS by
    FROM offer_line_revisions AS revision
    JOIN offer_lines AS line ON line.offer_line_id = revision.offer_line_id AND line.is_drill = revision.is_drill
   WHERE revision.offer_line_id = $1 AND revision.is_drill = $2
)
SELECT greatest(0, coalesce(sum(by), 0))
  FROM step
 WHERE reason = $3
   AND version > coalesce((SELECT max(version) FROM step WHERE reason IS NULL), 0)
