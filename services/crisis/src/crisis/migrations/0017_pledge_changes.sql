-- migrate:up transaction:false

-- Which allocations changed since I last asked? Set for every update, whoever writes it: processes of an older release
-- do not know the column.
ALTER TABLE allocations ADD COLUMN IF NOT EXISTS changed_at timestamptz NOT NULL DEFAULT now();
CREATE OR REPLACE FUNCTION stamp_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed_at := now();
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER stamp_change BEFORE UPDATE ON allocations
  FOR EACH ROW EXECUTE FUNCTION stamp_change();
-- What changed in a crisis, in the order of the changes?
CREATE INDEX CONCURRENTLY IF NOT EXISTS changes_of_crisis ON allocations (crisis_id, changed_at, allocation_id);
-- What changed of an organisation's own promises?
CREATE INDEX CONCURRENTLY IF NOT EXISTS changes_of_pledger
  ON allocations (pledger_org_id, crisis_id, changed_at, allocation_id);

-- Was this pledge stated before under an id of the pledger's own, and in the same words? Written before the
-- allocation, in its transaction; kept as long as the allocation is.
CREATE TABLE IF NOT EXISTS pledge_ids (
  allocation_id uuid  NOT NULL PRIMARY KEY,
  org_id        uuid  NOT NULL,
  stated        bytea NOT NULL, -- SHA-256 of the body in canonical form
  CONSTRAINT whole_hash CHECK (length(stated) = 32)
);
