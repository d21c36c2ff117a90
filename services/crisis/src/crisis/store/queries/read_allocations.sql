-- Allocations with their deadlines. FOR UPDATE is appended only after crisis, offer line and need line are locked.
SELECT allocation.allocation_id, allocation.root_id, allocation.parent_id, allocation.crisis_id, allocation.is_drill,
       allocation.need_line_id, allocation.offer_line_id, allocation.pledger_org_id, allocation.initiated_by,
       allocation.awaiting, allocation.root_supply_qty, allocation.supply_qty, allocation.ratio_num,
       allocation.ratio_den, allocation.qty, allocation.pack_snapshot, allocation.state, allocation.state_since,
       allocation.deadline_id, deadline.kind AS deadline_kind, deadline.due_at, deadline.paused_since, allocation.reason,
       allocation.waitlisted_at, allocation.last_actor, allocation.version, allocation.promoted_at,
       allocation.earmark, allocation.given_item, allocation.substitute_of, allocation.plan_date,
       allocation.plan_transport, allocation.round, allocation.extensions, allocation.has_conditions,
       allocation.preferred_since, allocation.desk_org_id, allocation.bundle_id, allocation.behalf_org_id,
       allocation.object_until
  FROM allocations AS allocation
  LEFT JOIN deadlines AS deadline ON deadline.deadline_id = allocation.deadline_id
 WHERE allocation.allocation_id = ANY ($1::uuid[])
