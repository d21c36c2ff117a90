-- What was asked of lines at one of their events each; a line is absent where it is not known.
SELECT asked.need_line_id, asked.sequence, revision.requested, revision.needed_by
  FROM unnest($1::uuid[], $2::bigint[]) AS asked (need_line_id, sequence)
 CROSS JOIN LATERAL (
   SELECT known.requested, known.needed_by
     FROM need_line_revisions AS known
    WHERE known.need_line_id = asked.need_line_id AND known.line_version <= asked.sequence
    ORDER BY known.version DESC
    LIMIT 1
 ) AS revision
