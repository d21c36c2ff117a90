-- Of the next allocations that an index leads to, so many and no more, those that fit; what they are for is looked up.
SELECT allocation.allocation_id, allocation.changed_at
  FROM (SELECT allocation.allocation_id, allocation.is_drill, allocation.changed_at, allocation.need_line_id,
               allocation.pledger_org_id, allocation.state, allocation.deadline_id, allocation.bundle_id,
               allocation.root_id, allocation.behalf_org_id
          FROM allocations AS allocation
         WHERE {where}
         ORDER BY {order}
         LIMIT {look}) AS allocation
 CROSS JOIN LATERAL
       (SELECT need.district, need.urgency, line.tamp_group
          FROM need_lines AS line
          JOIN needs AS need ON need.need_id = line.need_id AND need.is_drill = line.is_drill
         WHERE line.need_line_id = allocation.need_line_id AND line.is_drill = allocation.is_drill
        {fence}) AS goal
 WHERE {fits}
 ORDER BY {order}
 LIMIT {limit}
