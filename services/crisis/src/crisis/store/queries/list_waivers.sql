-- Questions about earmarks, newest first, before a position: asked of an organisation ($1) or by it. Each side is read
-- from its own index, as far as a page needs it, and the two are merged.
SELECT waiver_id, crisis_id, is_drill, need_line_id, offer_line_id, asked_of_org, asked_by_org, state, deadline_id,
       answer_by, version
  FROM ((SELECT waiver_id, crisis_id, is_drill, need_line_id, offer_line_id, asked_of_org, asked_by_org, state,
                deadline_id, answer_by, version
           FROM waivers
          WHERE asked_of_org = $1 AND {where}
          ORDER BY waiver_id DESC
          LIMIT {limit})
         UNION ALL
        (SELECT waiver_id, crisis_id, is_drill, need_line_id, offer_line_id, asked_of_org, asked_by_org, state,
                deadline_id, answer_by, version
           FROM waivers
          WHERE asked_by_org = $1 AND asked_of_org <> $1 AND {where}
          ORDER BY waiver_id DESC
          LIMIT {limit})) AS asked
 ORDER BY waiver_id DESC
 LIMIT {limit}
