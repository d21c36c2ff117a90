"""Liveness: what must not come to a stand, asked after every step; each statement takes the instant as $1.

Safety says that nothing wrong was written. These say that whoever waits is heard: by a clock or by a task.
"""

_CALLABLE = """
SELECT row.allocation_id::text AS subject,
       format('waits for %s beside %s of room and %s free, and no promotion is pending',
              row.qty, room.not_asked_for, free.qty) AS found
  FROM allocations AS row
  JOIN need_lines AS line ON line.need_line_id = row.need_line_id AND line.is_drill = row.is_drill
  JOIN needs AS need ON need.need_id = line.need_id AND need.is_drill = line.is_drill
  JOIN crises AS crisis ON crisis.crisis_id = need.crisis_id AND crisis.is_drill = need.is_drill
  JOIN need_line_balances AS balance
    ON balance.need_line_id = line.need_line_id AND balance.is_drill = line.is_drill
  JOIN offer_lines AS given ON given.offer_line_id = row.offer_line_id AND given.is_drill = row.is_drill
  JOIN offers AS offer ON offer.offer_id = given.offer_id AND offer.is_drill = given.is_drill
  JOIN offer_line_balances AS stock
    ON stock.offer_line_id = given.offer_line_id AND stock.is_drill = given.is_drill
 CROSS JOIN LATERAL (
   SELECT balance.requested + balance.over_cap - balance.elsewhere - balance.held - balance.in_transit
          - balance.arrived - balance.good
          - coalesce((SELECT sum(called.qty) FROM allocations AS called
                       WHERE called.need_line_id = line.need_line_id AND called.promoted_at IS NOT NULL
                         AND called.state IN ('proposed', 'countered')), 0) AS not_asked_for) AS room
 CROSS JOIN LATERAL (
   SELECT (stock.qty - stock.reserved - stock.committed - stock.consumed)
          * row.ratio_num / row.ratio_den AS qty) AS free
 WHERE row.state = 'waitlisted'
   AND crisis.state = 'open' AND need.state = 'open' AND NOT need.is_stale AND line.needed_by > $1
   AND offer.state = 'open' AND upper(offer.available) > $1
   -- what cannot be cut exactly, or is of no use, is passed over: two whole steps of the ratio can be called
   AND least(row.qty, free.qty, room.not_asked_for)
       >= greatest(2 * row.ratio_num, least(line.min_useful_qty, room.not_asked_for))
   AND NOT EXISTS (SELECT FROM deadlines AS promotion
                    WHERE promotion.subject_id = line.need_line_id AND promotion.kind = 'need_line.promote'
                      AND promotion.state = 'pending')
   AND NOT EXISTS (SELECT FROM saturation_orders AS stop
                    WHERE stop.crisis_id = crisis.crisis_id AND stop.state <> 'lapsed'
                      AND EXISTS (SELECT FROM unnest(stop.area) AS place
                                   WHERE starts_with(need.district, place)))
"""

_HELD_IN_DOUBT = """
SELECT row.allocation_id::text AS subject,
       format('is held by an organisation that is %s, and nobody is asked to decide', standing.state) AS found
  FROM allocations AS row
  JOIN organisation_standings AS standing ON standing.org_id = row.pledger_org_id
  JOIN crises AS crisis ON crisis.crisis_id = row.crisis_id AND crisis.is_drill = row.is_drill
 WHERE row.state = 'held' AND standing.state <> 'active' AND crisis.state = 'open'
   AND $1::timestamptz IS NOT NULL
   -- what was held before the news: a key of the organisation promises nothing after it
   AND row.state_since <= (SELECT max(news.due_at) FROM deadlines AS news
                            WHERE news.subject_id = standing.org_id AND news.kind = 'organisation.standing')
   -- the standing is followed by a clock that is due at once
   AND NOT EXISTS (SELECT FROM deadlines AS following
                    WHERE following.subject_id = standing.org_id AND following.kind = 'organisation.standing'
                      AND following.state = 'pending')
   -- a task that a person ended was decided: the goods are kept under watch
   AND NOT EXISTS (SELECT FROM tasks AS task
                    WHERE task.kind = 'decide_hold' AND task.subject_id = row.allocation_id
                      AND (task.state <> 'done' OR task.done_by_org_id IS NOT NULL))
"""

_DUTIES = """
WITH duty (subject_id, what, kinds, clock) AS (
  SELECT need_id, 'to be verified', ARRAY['verify_need', 'verify_life_saving'],
         CASE need.state WHEN 'submitted' THEN need.deadline_id END
    FROM needs AS need JOIN crises AS crisis USING (crisis_id, is_drill)
   WHERE crisis.state = 'open' AND need.verification = 0 AND need.state IN ('submitted', 'open')
  UNION ALL
  SELECT crisis_id, 'to be opened or dismissed', ARRAY['decide_crisis'], NULL
    FROM crises WHERE state = 'proposed'
)
SELECT duty.subject_id::text AS subject, format('is %s, and nobody is asked', duty.what) AS found
  FROM duty
 WHERE $1::timestamptz IS NOT NULL
   AND NOT EXISTS (SELECT FROM tasks AS task
                    WHERE task.subject_id = duty.subject_id AND task.kind = ANY (duty.kinds)
                      AND task.state <> 'done')
   AND NOT EXISTS (SELECT FROM deadlines AS clock
                    WHERE clock.deadline_id = duty.clock AND clock.state = 'pending')
"""

LIVENESS = {
    "nobody_waits_beside_room": _CALLABLE,
    "doubtful_holds_are_decided": _HELD_IN_DOUBT,
    "duties_are_asked_for": _DUTIES,
}
"""Name → statement; a row is somebody who waits unheard."""
