-- Rules that could want one of these events: right kind, right crisis, not ended, endpoint switched on.
-- $1 kinds, $2 crisis ids
SELECT r.subscription_id, r.integration_id, r.recipient_id, r.organisation_id, r.channel, r.contact_ref,
       r.crisis_id, r.event_kinds, r.only_own, r.created_at
  FROM notify.rules r
 WHERE r.ended_at IS NULL
   AND r.event_kinds && $1::text[]
   AND (r.crisis_id IS NULL OR r.crisis_id = ANY ($2::uuid[]))
   AND (r.channel <> 'webhook'
        OR EXISTS (SELECT FROM notify.endpoints e WHERE e.endpoint_id = r.contact_ref AND e.disabled_at IS NULL))
 ORDER BY r.subscription_id
