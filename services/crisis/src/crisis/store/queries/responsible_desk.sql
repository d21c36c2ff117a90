-- The province desk a task goes to: of the crisis before standing, of the group before all groups, of the district before the province.
SELECT desk_id
  FROM desks
 WHERE level = 'province' AND is_active AND is_drill = $4
   AND (crisis_id IS NULL OR crisis_id = $1)
   AND ($2::text = ANY (area) OR left($2, 6) = ANY (area))
   AND (item_groups = '{}' OR $3::text = ANY (item_groups))
 ORDER BY crisis_id IS NULL, item_groups = '{}', $2 <> ALL (area), desk_id
 LIMIT 1
