-- migrate:up transaction:false

-- Which notices carry what is told of a clock to the organisation's contacts?
CREATE INDEX CONCURRENTLY IF NOT EXISTS notices_of_clock
    ON notify.notices (clock_notice_id) WHERE clock_notice_id IS NOT NULL;

-- migrate:down
