-- migrate:up transaction:false
SET lock_timeout = '1s';

-- Which crises, tasks and orders changed since I last asked? Set for every update, whoever writes it: processes of an
-- older release do not know the column.
ALTER TABLE crises ADD COLUMN IF NOT EXISTS changed_at timestamptz NOT NULL DEFAULT now();
CREATE OR REPLACE TRIGGER stamp_change BEFORE UPDATE ON crises FOR EACH ROW EXECUTE FUNCTION stamp_change();
ALTER TABLE tasks ADD COLUMN IF NOT EXISTS changed_at timestamptz NOT NULL DEFAULT now();
CREATE OR REPLACE TRIGGER stamp_change BEFORE UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION stamp_change();
ALTER TABLE saturation_orders ADD COLUMN IF NOT EXISTS changed_at timestamptz NOT NULL DEFAULT now();
CREATE OR REPLACE TRIGGER stamp_change BEFORE UPDATE ON saturation_orders
  FOR EACH ROW EXECUTE FUNCTION stamp_change();
-- An index that is built beside everybody waits for who was there before.
SET lock_timeout = '30s';

-- The same in the order of the changes; desks follow the tasks of all crises.
CREATE INDEX CONCURRENTLY IF NOT EXISTS crises_in_order_of_change ON crises (changed_at, crisis_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS tasks_in_order_of_change ON tasks (changed_at, task_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_in_order_of_change
  ON saturation_orders (crisis_id, changed_at, order_id);

-- What did desks of this organisation write down for others? Most rows are of none and cost nothing here.
CREATE INDEX CONCURRENTLY IF NOT EXISTS written_for_others ON allocations (behalf_org_id, crisis_id, allocation_id)
  WHERE behalf_org_id IS NOT NULL;
