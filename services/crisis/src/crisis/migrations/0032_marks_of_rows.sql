-- migrate:up transaction:false
-- Processes of an older release do not know bundles, promises on behalf and delegations, and write none of their columns.
-- What they cut, close, move or merge keeps what was said of it, whoever writes. Statements that concern none of these
-- rows call no function: a row that is promised whole is no piece, and few needs are delegated.
SET lock_timeout = '1s';

-- A piece is of the bundle and of the mark of the row it was cut from. No row has both.
CREATE OR REPLACE FUNCTION keep_marks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT cut.bundle_id, cut.behalf_org_id, cut.object_until
    INTO NEW.bundle_id, NEW.behalf_org_id, NEW.object_until
    FROM allocations AS cut
   WHERE cut.allocation_id = NEW.parent_id AND cut.is_drill = NEW.is_drill;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER keep_marks BEFORE INSERT ON allocations FOR EACH ROW
  WHEN (NEW.parent_id IS NOT NULL AND NEW.bundle_id IS NULL AND NEW.behalf_org_id IS NULL)
  EXECUTE FUNCTION keep_marks();

-- A delegation ends with its need, and where the need is at another place.
CREATE OR REPLACE FUNCTION end_delegation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.delegated_until := NULL;
  NEW.delegated_by_org_id := NULL;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER end_delegation BEFORE UPDATE ON needs FOR EACH ROW
  WHEN (NEW.delegated_until IS NOT NULL AND (NEW.state = 'closed' OR NEW.district <> OLD.district))
  EXECUTE FUNCTION end_delegation();

-- It ends where the need takes in the rows of another one: whoever merges holds the locks of both.
CREATE OR REPLACE FUNCTION end_delegation_of_survivor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE needs SET delegated_until = NULL, delegated_by_org_id = NULL
   WHERE need_id = NEW.merged_into AND is_drill = NEW.is_drill AND delegated_until IS NOT NULL;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER end_delegation_of_survivor AFTER UPDATE OF merged_into ON needs FOR EACH ROW
  WHEN (NEW.merged_into IS NOT NULL AND OLD.merged_into IS DISTINCT FROM NEW.merged_into)
  EXECUTE FUNCTION end_delegation_of_survivor();
