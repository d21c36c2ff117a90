-- Who sits at a moment: at one desk, at the desks of one host, or everywhere; after a desk and seat.
SELECT watch.watch_id, watch.desk_id, watch.is_drill, watch.seat, watch.person_ref, lower(watch.period) AS since,
       upper(watch.period) AS until, watch.version
  FROM watches AS watch
  JOIN desks AS desk ON desk.desk_id = watch.desk_id AND desk.is_drill = watch.is_drill
 WHERE watch.period @> $1::timestamptz
   AND {where}
 ORDER BY watch.desk_id, watch.seat
 LIMIT {limit}
