-- Write the lines of a need, after those it has.
INSERT INTO need_lines (need_line_id, need_id, crisis_id, is_drill, position, item_code, unit, pack_snapshot,
                        min_useful_qty, needed_by, tamp_edition, tamp_group, sector, note, substitution, is_loan_ok,
                        is_earmark_welcome, populations)
SELECT need_line_id, $1, $2, $3,
       position + (SELECT coalesce(max(known.position), 0) FROM need_lines AS known WHERE known.need_id = $1),
       item_code, unit, pack_snapshot, min_useful, needed_by, $4, tamp_group, sector, note, substitution, is_loan_ok,
       is_earmark_welcome, string_to_array(populations, ' ')
  FROM unnest($5::uuid[], $6::text[], $7::text[], $8::jsonb[], $9::numeric[], $10::timestamptz[],
              $11::text[], $12::text[], $13::text[], $14::text[], $15::boolean[], $16::boolean[], $17::text[])
    WITH ORDINALITY
    AS line (need_line_id, item_code, unit, pack_snapshot, min_useful, needed_by, tamp_group, sector, note,
             substitution, is_loan_ok, is_earmark_welcome, populations, position)
