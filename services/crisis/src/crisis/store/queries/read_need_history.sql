-- Commands on a need, its lines and their allocations (all, or one pledger's), oldest first, after a position. What is
-- known beside a command is looked up for those of the page only.
SELECT logged.command_id, logged.command, logged.at, claimed.device_at, logged.subject_type, logged.subject_id,
       promised.bundle_id, logged.actor_role, logged.actor_org_id, logged.reason, logged.before_version, logged.after_version
  FROM (SELECT logged.command_id, logged.command, logged.at, logged.is_drill, logged.subject_type, logged.subject_id,
               logged.actor_role, logged.actor_org_id, logged.reason, logged.before_version, logged.after_version
          FROM command_log AS logged
         WHERE logged.subject_id = ANY (ARRAY(
                 SELECT $1::uuid
                  UNION ALL SELECT need_line_id FROM need_lines WHERE need_id = $1
                  UNION ALL SELECT allocation.allocation_id
                              FROM need_lines AS line
                              JOIN allocations AS allocation ON allocation.need_line_id = line.need_line_id
                             WHERE line.need_id = $1 {of_pledger}))
           AND {where}
         ORDER BY logged.at, logged.command_id, logged.subject_id
         LIMIT {limit}) AS logged
  LEFT JOIN device_times AS claimed ON claimed.command_id = logged.command_id
  LEFT JOIN allocations AS promised ON promised.allocation_id = logged.subject_id AND promised.is_drill = logged.is_drill
 ORDER BY logged.at, logged.command_id, logged.subject_id
