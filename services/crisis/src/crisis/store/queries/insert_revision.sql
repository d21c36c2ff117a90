-- Write the next revision of a locked line.
INSERT INTO need_line_revisions (need_line_id, is_drill, version, requested, over_cap, needed_by, reason, by_org_id,
                                 command_id, line_version)
SELECT $1, $2, max(version) + 1, $3, $4, $5, $6, $7, $8, $9
  FROM need_line_revisions
 WHERE need_line_id = $1 AND is_drill = $2
RETURNING version
