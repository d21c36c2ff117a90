-- I9 An allocation waits exactly while a pending deadline of its own will end the wait.
WITH waiting (state) AS (
  VALUES ('proposed'), ('countered'), ('waitlisted'), ('held'), ('dispatched'), ('arrived'), ('return_due'), ('returning')
), judged AS (
  SELECT row.allocation_id, row.state,
         row.state IN (SELECT state FROM waiting) OR (row.state = 'confirmed' AND row.loan_until IS NOT NULL) AS waits,
         EXISTS (SELECT 1 FROM deadlines AS clock
                  WHERE clock.deadline_id = row.deadline_id AND clock.state = 'pending'
                    AND clock.subject_type = 'allocation' AND clock.subject_id = row.allocation_id) AS has_clock,
         row.deadline_id IS NOT NULL AS names_clock
    FROM allocations AS row
)
SELECT allocation_id::text AS subject,
       format('is %s, waits %s, has a pending deadline of its own %s', state, waits, has_clock) AS found
  FROM judged
 WHERE waits <> has_clock OR waits <> names_clock
UNION ALL
SELECT clock.subject_id::text, format('deadline %s of kind %s is pending for a row that does not name it',
       clock.deadline_id, clock.kind)
  FROM deadlines AS clock
  LEFT JOIN allocations AS row ON row.deadline_id = clock.deadline_id
 WHERE clock.state = 'pending' AND clock.subject_type = 'allocation'
   AND clock.kind IN ('allocation.answer', 'allocation.hold', 'allocation.waiting', 'allocation.confirm',
                      'allocation.return')
   AND row.allocation_id IS NULL
 ORDER BY subject
