-- migrate:up
SET LOCAL lock_timeout = '5s';

-- Which desk's organisation wrote it down for another, and until when may that one object?
ALTER TABLE offers ADD COLUMN behalf_org_id uuid, ADD COLUMN object_until timestamptz;
ALTER TABLE allocations ADD COLUMN behalf_org_id uuid, ADD COLUMN object_until timestamptz;
-- Is the time to object missing, or did an organisation act for itself? No older row has either.
ALTER TABLE offers ADD CONSTRAINT written_by_another CHECK
  ((behalf_org_id IS NULL) = (object_until IS NULL) AND behalf_org_id <> org_id) NOT VALID;
ALTER TABLE allocations ADD CONSTRAINT written_by_another CHECK
  ((behalf_org_id IS NULL) = (object_until IS NULL) AND behalf_org_id <> pledger_org_id) NOT VALID;
