-- I17 What is earmarked is held, under way and delivered inside its earmark only, or with the pledger's recorded waiver.
SELECT row.allocation_id::text AS subject,
       format('%s earmarked for %s, used for %s in %s', row.qty, row.earmark, need_line.item_code, need.district) AS found
  FROM allocations AS row
  JOIN need_lines AS need_line ON need_line.need_line_id = row.need_line_id AND need_line.is_drill = row.is_drill
  JOIN needs AS need ON need.need_id = need_line.need_id AND need.is_drill = need_line.is_drill
 WHERE row.state IN ('held', 'dispatched', 'arrived', 'confirmed', 'return_due')
   AND row.earmark <> '{}'
   AND NOT (
     (NOT row.earmark ? 'places' OR EXISTS (
        SELECT 1 FROM jsonb_array_elements_text(row.earmark -> 'places') AS area (pcode)
         WHERE starts_with(need.district, area.pcode)))
     AND (NOT row.earmark ? 'items' OR row.earmark -> 'items' ? need_line.item_code
          OR row.earmark -> 'items' ? coalesce(row.given_item, need_line.item_code))
     AND (NOT row.earmark ? 'tamp_groups' OR row.earmark -> 'tamp_groups' ? need_line.tamp_group)
     AND (NOT row.earmark ? 'asker_orgs' OR row.earmark -> 'asker_orgs' ? need.asker_org_id::text)
     AND (NOT row.earmark ? 'populations' OR row.earmark -> 'populations' ?| need_line.populations))
   AND NOT EXISTS (
     SELECT 1 FROM waivers AS waiver
      WHERE waiver.state = 'granted' AND waiver.is_drill = row.is_drill
        AND waiver.offer_line_id = row.offer_line_id AND waiver.need_line_id = row.need_line_id)
 ORDER BY row.allocation_id
