-- migrate:up transaction:false
-- Which lines changed since a moment, in the order of their change?
CREATE INDEX CONCURRENTLY IF NOT EXISTS balances_in_order_of_change ON need_line_balances (changed_minute);
DROP INDEX CONCURRENTLY IF EXISTS balances_changed;
