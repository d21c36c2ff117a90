-- migrate:up transaction:false
-- Each index ends with what its list is ordered by.

-- Which needs of a crisis are in this province, newest first?
CREATE INDEX CONCURRENTLY IF NOT EXISTS needs_of_province ON needs (crisis_id, left(district, 6), need_id);
-- Which needs of a crisis changed since a moment, which offers, in the order of their change?
CREATE INDEX CONCURRENTLY IF NOT EXISTS needs_in_order_of_change ON needs (crisis_id, changed_at, need_id);
CREATE INDEX CONCURRENTLY IF NOT EXISTS offers_in_order_of_change ON offers (crisis_id, changed_at, offer_id);
