-- Rows of an import in the order of the file, chosen by the filters of the request.
SELECT row_no, status, need_line_id, need_id, changes, statement, issues, outcome, problem, settled_at
  FROM import_rows
 WHERE {where}
 ORDER BY row_no
 LIMIT {limit}
