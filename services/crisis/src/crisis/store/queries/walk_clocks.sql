-- Of the next clocks that run, so many and no more, the allocations that wait for them and fit.
SELECT allocation.allocation_id, allocation.changed_at
  FROM (SELECT clock.deadline_id, clock.subject_type, clock.subject_id, clock.due_at
          FROM deadlines AS clock
         WHERE clock.state = 'pending'
           AND {where}
         ORDER BY {order}
         LIMIT {look}) AS clock
 CROSS JOIN LATERAL
       (SELECT one.allocation_id, one.is_drill, one.crisis_id, one.changed_at, one.need_line_id, one.pledger_org_id,
               one.state, one.bundle_id, one.root_id, one.behalf_org_id
          FROM allocations AS one
         WHERE one.allocation_id = clock.subject_id AND one.deadline_id = clock.deadline_id
        {fence}) AS allocation
 CROSS JOIN LATERAL
       (SELECT need.district, need.urgency, line.tamp_group
          FROM need_lines AS line
          JOIN needs AS need ON need.need_id = line.need_id AND need.is_drill = line.is_drill
         WHERE line.need_line_id = allocation.need_line_id AND line.is_drill = allocation.is_drill
        {fence}) AS goal
 WHERE clock.subject_type = 'allocation'
   AND {fits}
 ORDER BY {order}
 LIMIT {limit}
