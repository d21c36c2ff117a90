-- Of the next needs that an index leads to, so many and no more, those that fit; their lines are looked up.
SELECT need.need_id, need.changed_at
  FROM (SELECT need.need_id, need.is_drill, need.changed_at, need.asker_org_id, need.district, need.state, need.urgency
          FROM needs AS need
         WHERE {where}
         ORDER BY {order}
         LIMIT {look}) AS need
 WHERE {fits}
 ORDER BY {order}
 LIMIT {limit}
