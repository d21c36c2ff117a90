-- What came to a need after it was stated; revoked statements and undone merges do not count.
WITH line AS (SELECT need_line_id FROM need_lines WHERE need_id = $1)
SELECT (SELECT count(*) FROM need_line_revisions JOIN line USING (need_line_id) WHERE version > 1) AS revisions,
       (SELECT count(*) FROM need_merges WHERE into_need_id = $1 AND undone_at IS NULL) AS merges,
       (SELECT count(*) FROM elsewhere_statements JOIN line USING (need_line_id) WHERE revoked_at IS NULL)
         AS statements
