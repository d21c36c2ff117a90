-- migrate:up
SET LOCAL lock_timeout = '5s';

-- Which offers changed since I last asked? Set for every update, whoever writes it: processes of an older release do not
-- know the column. What is promised of an offer changes its balances, not the offer.
ALTER TABLE offers ADD COLUMN changed_at timestamptz NOT NULL DEFAULT now();
CREATE TRIGGER stamp_change BEFORE UPDATE ON offers FOR EACH ROW EXECUTE FUNCTION stamp_change();
