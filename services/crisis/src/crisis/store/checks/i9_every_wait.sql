-- I9 Whatever waits (crisis, need, offer, package, task, order, question, request, condition, second key, import) has a
-- pending deadline of its own.
WITH standing (kind, id, state, deadline_id, waits) AS (
  SELECT 'crisis', crisis_id, state, deadline_id, state IN ('proposed', 'open', 'stood_down') FROM crises
  UNION ALL SELECT 'need', need_id, state, deadline_id, state <> 'closed' OR deadline_id IS NOT NULL FROM needs
  UNION ALL SELECT 'offer', offer_id, state, deadline_id, state <> 'closed' FROM offers
  UNION ALL SELECT 'package', package_id, state, deadline_id, state <> 'retired' FROM packages
  UNION ALL SELECT 'task', task_id, state, deadline_id, state <> 'done' FROM tasks
  UNION ALL SELECT 'two_keys', two_key_id, state, deadline_id, state = 'pending' FROM two_keys
  UNION ALL SELECT 'condition', condition_id, state, deadline_id, state = 'open' FROM conditions
  UNION ALL SELECT 'waiver', waiver_id, state, deadline_id, state = 'pending' FROM waivers
  UNION ALL SELECT 'release_request', request_id, state, deadline_id, state = 'pending' FROM release_requests
  UNION ALL SELECT 'saturation_order', order_id, state, deadline_id, state <> 'lapsed' FROM saturation_orders
  UNION ALL SELECT 'recurring_need', recurring_id, state, deadline_id, state = 'running' FROM recurring_needs
  UNION ALL SELECT 'import', import_id, state, sweep_deadline_id, state <> 'swept' FROM imports
  UNION ALL SELECT 'import at work', import_id, state, run_deadline_id, state IN ('applying', 'undoing') FROM imports
)
SELECT concat_ws(' ', standing.kind, standing.id) AS subject,
       format('is %s, waits %s, deadline %s', standing.state, standing.waits, coalesce(clock.state, 'none')) AS found
  FROM standing
  LEFT JOIN deadlines AS clock ON clock.deadline_id = standing.deadline_id AND clock.subject_id = standing.id
 WHERE standing.waits IS DISTINCT FROM coalesce(clock.state = 'pending', false)
 ORDER BY subject
