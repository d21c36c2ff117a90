-- migrate:up
SET LOCAL lock_timeout = '5s';

-- By how much did a correction raise what the offer line of its row holds (less than nothing: lower it)? What came
-- in excess is not counted here: its row says it. Corrections from before this column are taken as 0, so what they
-- raised stays.
ALTER TABLE corrections ADD COLUMN raised numeric(18,3) NOT NULL DEFAULT 0;
