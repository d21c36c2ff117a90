-- migrate:up
SET LOCAL lock_timeout = '3s';

-- A rule that chose everything hears of questions about earmarks and of conditions, too.
UPDATE notify.rules
   SET event_kinds = event_kinds || ARRAY['waiver.requested', 'waiver.settled', 'condition.stated', 'condition.settled']
 WHERE ended_at IS NULL
   AND event_kinds @> ARRAY['crisis.opened', 'need_line.opened', 'allocation.proposed', 'allocation.held',
                            'allocation.withdrawn', 'allocation.promoted', 'allocation.reminder_due',
                            'allocation.countered', 'allocation.release_requested',
                            'saturation_order.issued', 'saturation_order.lapsed']
   AND NOT event_kinds && ARRAY['waiver.requested', 'waiver.settled', 'condition.stated', 'condition.settled'];

-- migrate:down
