-- What keeps a crisis from being closed: needs that are not closed and allocations that wait; the first ones, and how many.
SELECT named, count(*) OVER () AS total
  FROM (SELECT 'need/' || need_id || ' ' || state AS named, 1 AS rank, need_id AS id
          FROM needs WHERE crisis_id = $1 AND state NOT IN ('draft', 'closed')
        UNION ALL
        SELECT 'allocation/' || allocation_id || ' ' || state, 2, allocation_id
          FROM allocations WHERE crisis_id = $1
           AND state IN ('proposed', 'countered', 'waitlisted', 'held', 'dispatched', 'arrived')) AS waiting
 ORDER BY rank, id
 LIMIT $2
