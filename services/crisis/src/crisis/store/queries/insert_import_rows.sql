-- Write the rows of a new import.
INSERT INTO import_rows (import_id, is_drill, row_no, status, need_line_id, changes, statement, issues)
SELECT $1, $2, row_no, status, need_line_id, changes, statement, issues
  FROM unnest($3::int[], $4::text[], $5::uuid[], $6::jsonb[], $7::jsonb[], $8::jsonb[])
    AS compared (row_no, status, need_line_id, changes, statement, issues)
