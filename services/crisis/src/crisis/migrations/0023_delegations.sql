-- migrate:up
SET LOCAL lock_timeout = '5s';

-- Until when may the asker itself answer what is promised for its need, and whose desk said so?
ALTER TABLE needs ADD COLUMN delegated_until timestamptz, ADD COLUMN delegated_by_org_id uuid;
-- Does a delegation lack its end or its author, or did an asker delegate to itself? No older row has one.
ALTER TABLE needs ADD CONSTRAINT delegated_by_another CHECK
  ((delegated_until IS NULL) = (delegated_by_org_id IS NULL) AND delegated_by_org_id <> asker_org_id) NOT VALID;
