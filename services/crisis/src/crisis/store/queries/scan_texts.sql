-- Texts of one column that look like personal data. {subject}, {said} and {table} are put in from the catalogue.
-- A national id has eleven digits, of which the last two are sums over the others; other numbers are numbers.
SELECT DISTINCT texts.subject, looks.kind
  FROM (SELECT {subject} AS subject, {said} AS said FROM {table}) AS texts
 CROSS JOIN LATERAL (
   SELECT pattern.kind
     FROM unnest($1::text[], $2::text[]) AS pattern (kind, expression)
    WHERE texts.said ~ pattern.expression
   UNION ALL
   SELECT 'national id'
     FROM regexp_matches(texts.said, '(?<![\w.-])[1-9]\d{10}(?![\w.-])', 'g') AS numbers (found)
    CROSS JOIN LATERAL (SELECT string_to_array(found[1], NULL)::int[] AS d) AS digits
    WHERE d[10] = ((d[1] + d[3] + d[5] + d[7] + d[9]) * 7 - (d[2] + d[4] + d[6] + d[8]) + 40) % 10
      AND d[11] = (d[1] + d[2] + d[3] + d[4] + d[5] + d[6] + d[7] + d[8] + d[9] + d[10]) % 10
 ) AS looks
 WHERE texts.said ~ '[[:digit:]]{2}|@'
 LIMIT 20
