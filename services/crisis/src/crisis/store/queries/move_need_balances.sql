-- Move quantities between buckets of need lines. A line whose version moved on, or whose accepted quantity no
-- longer fits under requested + over-cap, is not updated and not returned.
UPDATE need_line_balances AS balance
   SET proposed   = balance.proposed + change.proposed,
       waitlisted = balance.waitlisted + change.waitlisted,
       held       = balance.held + change.held,
       in_transit = balance.in_transit + change.in_transit,
       arrived    = balance.arrived + change.arrived,
       good       = balance.good + change.good,
       lost       = balance.lost + change.lost,
       version    = change.new_version
  FROM unnest($1::uuid[], $2::boolean[], $3::bigint[], $4::bigint[], $5::numeric[], $6::numeric[], $7::numeric[],
              $8::numeric[], $9::numeric[], $10::numeric[], $11::numeric[])
    AS change (need_line_id, is_drill, old_version, new_version, proposed, waitlisted, held,
               in_transit, arrived, good, lost)
 WHERE balance.need_line_id = change.need_line_id
   AND balance.is_drill = change.is_drill
   AND balance.version = change.old_version
   AND (change.held + change.in_transit + change.arrived + change.good <= 0
        OR balance.held + balance.in_transit + balance.arrived + balance.good + balance.elsewhere
           + change.held + change.in_transit + change.arrived + change.good
           <= balance.requested + balance.over_cap)
RETURNING balance.need_line_id
