-- Rows whose last entry on a line was written by this command.
SELECT arrived.allocation_id
  FROM allocation_entries AS arrived
 WHERE arrived.need_line_id = $1
   AND arrived.is_drill = $2
   AND arrived.command_id = $3
   AND NOT EXISTS (
     SELECT 1 FROM allocation_entries AS later
      WHERE later.need_line_id = arrived.need_line_id
        AND later.is_drill = arrived.is_drill
        AND later.allocation_id = arrived.allocation_id
        AND later.line_version > arrived.line_version)
