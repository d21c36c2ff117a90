-- Saturation orders: all columns, with when their silence ends.
SELECT saturation.order_id, saturation.crisis_id, saturation.is_drill, saturation.item_code, saturation.item_group,
       saturation.area, saturation.issued_at, saturation.until, saturation.reason, saturation.depot,
       saturation.names_life_saving, saturation.state, saturation.state_since, saturation.first_org_id,
       saturation.first_key_id, saturation.first_role, saturation.second_org_id, saturation.second_key_id,
       saturation.lapse_reason, saturation.deadline_id, deadline.due_at, saturation.version
  FROM saturation_orders AS saturation
  LEFT JOIN deadlines AS deadline ON deadline.deadline_id = saturation.deadline_id
