-- Write the need line and version of rows that changed their line.
UPDATE allocations AS allocation
   SET need_line_id = moved.need_line_id,
       version      = moved.version
  FROM unnest($1::uuid[], $2::boolean[], $3::uuid[], $4::bigint[])
    AS moved (allocation_id, is_drill, need_line_id, version)
 WHERE allocation.allocation_id = moved.allocation_id
   AND allocation.is_drill = moved.is_drill
