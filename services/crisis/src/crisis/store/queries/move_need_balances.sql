-- Move quantities between buckets of need lines and change their terms. A line whose version moved on, or whose
-- accepted quantity no longer fits under requested + over-cap, is not updated and not returned. A carried excess
-- shrinks as the surplus it stands for leaves; only a merge or correction raises it, and may then pass the cap.
UPDATE need_line_balances AS balance
   SET requested      = balance.requested + change.requested,
       over_cap       = balance.over_cap + change.over_cap,
       elsewhere      = balance.elsewhere + change.elsewhere,
       carried_excess = least(balance.carried_excess + change.carried_excess,
                              greatest(0, balance.held + balance.in_transit + balance.arrived + balance.good
                                          + change.held + change.in_transit + change.arrived + change.good
                                          - balance.requested - balance.over_cap - change.requested - change.over_cap)),
       proposed       = balance.proposed + change.proposed,
       waitlisted     = balance.waitlisted + change.waitlisted,
       held           = balance.held + change.held,
       in_transit     = balance.in_transit + change.in_transit,
       arrived        = balance.arrived + change.arrived,
       good           = balance.good + change.good,
       lost           = balance.lost + change.lost,
       version        = change.new_version,
       changed_at     = now()
  FROM unnest($1::uuid[], $2::boolean[], $3::bigint[], $4::bigint[], $5::numeric[], $6::numeric[], $7::numeric[],
              $8::numeric[], $9::numeric[], $10::numeric[], $11::numeric[], $12::numeric[], $13::numeric[],
              $14::numeric[], $15::numeric[])
    AS change (need_line_id, is_drill, old_version, new_version, requested, over_cap, elsewhere, carried_excess,
               proposed, waitlisted, held, in_transit, arrived, good, lost)
 WHERE balance.need_line_id = change.need_line_id
   AND balance.is_drill = change.is_drill
   AND balance.version = change.old_version
   AND (change.held + change.in_transit + change.arrived + change.good <= 0
        OR change.carried_excess > 0
        OR balance.held + balance.in_transit + balance.arrived + balance.good + balance.elsewhere
           + change.held + change.in_transit + change.arrived + change.good + change.elsewhere
           <= balance.requested + balance.over_cap + change.requested + change.over_cap)
RETURNING balance.need_line_id, now() AS at,
          balance.waitlisted > 0
          AND (change.requested + change.over_cap
                 > change.elsewhere + change.held + change.in_transit + change.arrived + change.good
               -- what was proposed and is not held now may have been a call from the waiting list, also where it waits
               OR change.proposed < 0 AND change.proposed + greatest(0, change.held) < 0)
          AND balance.requested + balance.over_cap
              > balance.elsewhere + balance.held + balance.in_transit + balance.arrived + balance.good AS may_promote
