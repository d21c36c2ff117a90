-- migrate:up transaction:false
-- A filter that few rows pass must find them, not look through all the others: each index ends with what its list is
-- ordered by.

-- Which allocations of a crisis are in this state, newest first?
CREATE INDEX CONCURRENTLY IF NOT EXISTS allocations_in_state ON allocations (crisis_id, state, allocation_id);
-- Which offers of a crisis are in this state, newest first?
CREATE INDEX CONCURRENTLY IF NOT EXISTS offers_in_state ON offers (crisis_id, state, offer_id);
-- Which needs of a crisis are in this state, or of this asker, newest first?
CREATE INDEX CONCURRENTLY IF NOT EXISTS needs_in_state ON needs (crisis_id, state, need_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS needs_of_asker ON needs (crisis_id, asker_org_id, need_id);
-- Which needs of a crisis are in this district, or in this province, whose code the districts' begin with?
CREATE INDEX CONCURRENTLY IF NOT EXISTS needs_of_place ON needs (crisis_id, district, need_id);
-- Which lines changed since a moment, or their needs? One row of balances is updated thousands of times in place, and
-- an index of ranges of pages leaves it there.
CREATE INDEX CONCURRENTLY IF NOT EXISTS needs_changed ON needs (changed_at);
CREATE INDEX CONCURRENTLY IF NOT EXISTS balances_changed ON need_line_balances
  USING brin (changed_at) WITH (pages_per_range = 4, autosummarize = on);
-- Which lines of a crisis ask for this item, newest first?
CREATE INDEX CONCURRENTLY IF NOT EXISTS lines_of_item_in_order ON need_lines (crisis_id, item_code, need_line_id);
DROP INDEX CONCURRENTLY IF EXISTS lines_of_item;
-- What is there to do in a crisis, in which order?
CREATE INDEX CONCURRENTLY IF NOT EXISTS tasks_of_crisis ON tasks (crisis_id, due_at, task_id);
-- What was heard of a crisis, in the order it was heard?
CREATE INDEX CONCURRENTLY IF NOT EXISTS reports_in_order ON hazard_reports (crisis_id, report_id);
DROP INDEX CONCURRENTLY IF EXISTS reports_of_crisis;
-- What was stated about a line, in order?
CREATE INDEX CONCURRENTLY IF NOT EXISTS statements_in_order ON elsewhere_statements (need_line_id, statement_id);
DROP INDEX CONCURRENTLY IF EXISTS statements_of_line;
-- Who is on duty at a moment?
CREATE INDEX CONCURRENTLY IF NOT EXISTS watches_at ON watches USING gist (period);
