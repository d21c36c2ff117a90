-- Every column that holds text, lists of texts, JSON or bytes, with the primary key of its table.
SELECT class.relname AS table_name, attribute.attname AS column_name, attribute.atttypid = 'bytea'::regtype AS is_bytes,
       (SELECT string_agg(format('%I::text', part.attname), ', ' ORDER BY place.ordinality)
          FROM pg_index AS key
         CROSS JOIN LATERAL unnest(key.indkey::int2[]) WITH ORDINALITY AS place (attnum, ordinality)
          JOIN pg_attribute AS part ON part.attrelid = key.indrelid AND part.attnum = place.attnum
         WHERE key.indrelid = class.oid AND key.indisprimary) AS key
  FROM pg_class AS class
  JOIN pg_attribute AS attribute ON attribute.attrelid = class.oid
 WHERE class.relnamespace = 'public'::regnamespace AND class.relkind IN ('r', 'p')
   AND attribute.attnum > 0 AND NOT attribute.attisdropped
   AND attribute.atttypid IN ('text'::regtype, 'varchar'::regtype, 'text[]'::regtype, 'json'::regtype, 'jsonb'::regtype,
                              'bytea'::regtype)
 ORDER BY class.relname, attribute.attnum
