-- Requests to let goods go, newest first, before a position: asked of an organisation ($1) or by it. Each side is read
-- from its own index, as far as a page needs it, and the two are merged.
SELECT request_id, allocation_id, is_drill, asked_by_org, is_desk, qty, reason, state, deadline_id, answer_by, holder_org
  FROM ((SELECT request_id, allocation_id, is_drill, asked_by_org, asked_by_desk AS is_desk, qty, reason, state,
                deadline_id, answer_by, holder_org
           FROM release_requests
          WHERE holder_org = $1 AND {where}
          ORDER BY request_id DESC
          LIMIT {limit})
         UNION ALL
        (SELECT request_id, allocation_id, is_drill, asked_by_org, asked_by_desk AS is_desk, qty, reason, state,
                deadline_id, answer_by, holder_org
           FROM release_requests
          WHERE asked_by_org = $1 AND holder_org <> $1 AND {where}
          ORDER BY request_id DESC
          LIMIT {limit})) AS asked
 ORDER BY request_id DESC
 LIMIT {limit}
