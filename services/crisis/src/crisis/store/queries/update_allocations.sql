-- Write what steps change of locked allocations.
UPDATE allocations AS row
   SET awaiting       = changed.awaiting,
       supply_qty     = changed.supply_qty,
       qty            = changed.qty,
       state          = changed.state,
       state_since    = changed.state_since,
       deadline_id    = changed.deadline_id,
       reason         = changed.reason,
       waitlisted_at  = changed.waitlisted_at,
       last_actor     = changed.last_actor,
       version        = changed.version,
       initiated_by   = changed.initiated_by,
       promoted_at    = changed.promoted_at,
       plan_date      = changed.plan_date,
       plan_transport = changed.plan_transport,
       round          = changed.round,
       extensions     = changed.extensions,
       has_conditions = changed.has_conditions,
       desk_org_id    = changed.desk_org_id
  FROM unnest($1::uuid[], $2::boolean[], $3::text[], $4::numeric[], $5::numeric[], $6::text[], $7::timestamptz[],
              $8::uuid[], $9::text[], $10::timestamptz[], $11::text[], $12::bigint[], $13::text[], $14::timestamptz[],
              $15::timestamptz[], $16::text[], $17::smallint[], $18::smallint[], $19::boolean[], $20::uuid[])
    AS changed (allocation_id, is_drill, awaiting, supply_qty, qty, state, state_since, deadline_id, reason,
                waitlisted_at, last_actor, version, initiated_by, promoted_at, plan_date, plan_transport, round,
                extensions, has_conditions, desk_org_id)
 WHERE row.allocation_id = changed.allocation_id
   AND row.is_drill = changed.is_drill
