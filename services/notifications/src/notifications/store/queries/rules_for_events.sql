-- Rules that could want one of these events: right kind, right crisis, not ended. Of one whose endpoint is switched
-- off it is said: it still counts where a clock waits for its organisation.
-- $1 kinds, $2 crisis ids
SELECT r.subscription_id, r.integration_id, r.recipient_id, r.organisation_id, r.channel, r.contact_ref,
       r.crisis_id, r.event_kinds, r.only_own, r.created_at, e.disabled_at IS NOT NULL AS is_off
  FROM notify.rules r
  LEFT JOIN notify.endpoints e ON r.channel = 'webhook' AND e.endpoint_id = r.contact_ref
 WHERE r.ended_at IS NULL
   AND r.event_kinds && $1::text[]
   AND (r.crisis_id IS NULL OR r.crisis_id = ANY ($2::uuid[]))
   AND (r.channel <> 'webhook' OR e.endpoint_id IS NOT NULL)
 ORDER BY r.subscription_id
