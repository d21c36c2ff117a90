-- I11 What was published last of every line is its balance, and its room, gap and surplus count no pledge and no queue.
WITH told AS (
  SELECT DISTINCT ON (key) key, (headers ->> 'ce_sequence')::bigint AS sequence,
         convert_from(payload, 'UTF8')::jsonb -> 'line' AS line
    FROM outbox
   WHERE topic IN ('crisis.lines.v1', 'drill.crisis.lines.v1')
   ORDER BY key, (headers ->> 'ce_sequence')::bigint DESC
), figures AS (
  SELECT told.key, told.sequence, balance.version,
         ARRAY[(line ->> 'R')::numeric, (line ->> 'C')::numeric, (line ->> 'E')::numeric, (line ->> 'P')::numeric,
               (line ->> 'W')::numeric, (line ->> 'H')::numeric, (line ->> 'T')::numeric, (line ->> 'A')::numeric,
               (line ->> 'D')::numeric, (line ->> 'L')::numeric] AS published,
         ARRAY[requested, over_cap, elsewhere, proposed, waitlisted, held, in_transit, arrived, good, lost] AS balanced,
         ARRAY[(line ->> 'room')::numeric, (line ->> 'gap')::numeric, (line ->> 'surplus')::numeric] AS derived,
         ARRAY[greatest(0, requested + over_cap - elsewhere - held - in_transit - arrived - good),
               greatest(0, requested - elsewhere - held - in_transit - arrived - good),
               greatest(0, held + in_transit + arrived + good + elsewhere - requested - over_cap)] AS expected
    FROM told
    JOIN need_line_balances AS balance ON balance.need_line_id::text = told.key
)
SELECT key AS subject,
       format('event %s of %s says %s with room, gap, surplus %s; the balance is %s with %s', sequence, version,
              published, derived, balanced, expected) AS found
  FROM figures
 WHERE sequence <> version OR published <> balanced OR derived <> expected
 ORDER BY key
