-- Offers with their clocks.
SELECT offer.offer_id, offer.crisis_id, offer.is_drill, offer.org_id, offer.origin,
       lower(offer.available) AS available_from, upper(offer.available) AS available_until, offer.has_transport,
       offer.state, offer.is_unsolicited, offer.package_id, offer.ends_with_call, offer.suspension_cause,
       offer.reason, offer.asked_by_key, offer.approved_by_grant, offer.deadline_id,
       deadline.kind AS deadline_kind, deadline.due_at, offer.told, offer.version,
       offer.behalf_org_id, offer.object_until
  FROM offers AS offer
  LEFT JOIN deadlines AS deadline ON deadline.deadline_id = offer.deadline_id
 WHERE offer.offer_id = ANY ($1::uuid[])
