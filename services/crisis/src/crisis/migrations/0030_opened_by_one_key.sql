-- migrate:up transaction:false
SET lock_timeout = '5s';
-- Which key put these goods up alone, where its organisation limits what one key may?
ALTER TABLE offers ADD COLUMN IF NOT EXISTS opened_by_key uuid;
RESET lock_timeout;
-- What did a key put up alone lately?
CREATE INDEX CONCURRENTLY IF NOT EXISTS offers_opened_by_key ON offers (opened_by_key, created_at)
  WHERE opened_by_key IS NOT NULL;
