-- migrate:up transaction:false

-- Which lines changed since I last asked? Set by whoever moves or tells a balance.
ALTER TABLE need_line_balances ADD COLUMN IF NOT EXISTS changed_at timestamptz NOT NULL DEFAULT now();
-- Which needs changed since I last asked, also those no event was told of? Set by whoever updates a need.
ALTER TABLE needs ADD COLUMN IF NOT EXISTS changed_at timestamptz NOT NULL DEFAULT now();
-- Which lines does a crisis have, newest first?
CREATE INDEX CONCURRENTLY IF NOT EXISTS lines_of_crisis ON need_lines (crisis_id, need_line_id);
-- Which allocations does a crisis have, newest first?
CREATE INDEX CONCURRENTLY IF NOT EXISTS allocations_of_crisis ON allocations (crisis_id, allocation_id);
