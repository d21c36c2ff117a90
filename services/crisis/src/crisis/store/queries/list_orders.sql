-- Ids of saturation orders of a crisis and when each last changed.
SELECT saturation.order_id, saturation.changed_at
  FROM saturation_orders AS saturation
 WHERE {where}
 ORDER BY {order}
 LIMIT {limit}
