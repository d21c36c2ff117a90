-- migrate:up

-- Events that wait for Kafka, and published ones for 30 days. A writer locks its aggregate first and draws the
-- position afterwards (CACHE 1), so within one key position order is commit order.
CREATE TABLE outbox (
    position bigint GENERATED ALWAYS AS IDENTITY (CACHE 1) PRIMARY KEY,
    event_id uuid NOT NULL UNIQUE,
    slot smallint NOT NULL CHECK (slot BETWEEN 0 AND 15),
    topic text NOT NULL,
    key text NOT NULL,
    type text NOT NULL,
    headers json NOT NULL,
    payload bytea NOT NULL CHECK (octet_length(payload) <= 921600),
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    published_at timestamptz
) WITH (
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 5000,
    autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_scale_factor = 0,
    autovacuum_analyze_threshold = 50000
);
COMMENT ON COLUMN outbox.slot IS 'crc32 of the key modulo 16; lane = slot modulo number of lanes';
COMMENT ON COLUMN outbox.headers IS 'Kafka headers as one JSON object, ready to send';

-- What does the relay still have to send, slot by slot, in order?
CREATE INDEX outbox_unpublished ON outbox (slot, position) WHERE published_at IS NULL;
-- Which published rows are old enough to move? What was created since T (republish)?
CREATE INDEX outbox_created ON outbox USING brin (created_at);

-- Published events older than 30 days; lives as long as the facts, because republish reads it.
CREATE TABLE outbox_archive (
    position bigint PRIMARY KEY,
    event_id uuid NOT NULL,
    slot smallint NOT NULL,
    topic text NOT NULL,
    key text NOT NULL,
    type text NOT NULL,
    headers json NOT NULL,
    payload bytea NOT NULL,
    created_at timestamptz NOT NULL,
    published_at timestamptz NOT NULL
);
CREATE INDEX outbox_archive_created ON outbox_archive USING brin (created_at);

-- Rows the broker refuses for ever (too large, topic unknown to it): kept here so that they page and block nobody.
CREATE TABLE outbox_refused (
    position bigint PRIMARY KEY,
    event_id uuid NOT NULL,
    topic text NOT NULL,
    key text NOT NULL,
    reason text NOT NULL,
    refused_at timestamptz NOT NULL DEFAULT now()
);

-- Raised by republish: positions reached in an older log never vouch for a rebuilt one.
CREATE TABLE log_epoch (
    is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
    epoch integer NOT NULL CHECK (epoch >= 1)
);
INSERT INTO log_epoch (epoch) VALUES (1);

-- Has this consumer applied this event? Ids are UUIDv7: inserts go to the right edge, old ids leave from the left.
CREATE TABLE inbox (
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    PRIMARY KEY (consumer, event_id)
) WITH (autovacuum_vacuum_insert_scale_factor = 0.1);

-- How far has this consumer applied each partition? Moves in the transaction that applied the records.
CREATE TABLE consumer_positions (
    consumer text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL CHECK (partition >= 0),
    next_offset bigint NOT NULL CHECK (next_offset >= 0),
    log_epoch integer NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, topic, partition)
) WITH (fillfactor = 50);

-- Which topics does this consumer read? A mark speaks of all topics of its owner, a consumer may read some.
CREATE TABLE consumer_topics (
    consumer text NOT NULL,
    topic text NOT NULL,
    PRIMARY KEY (consumer, topic)
);

-- Progress marks of other services' relay lanes, from the newest one that counts onwards.
CREATE TABLE progress_marks (
    consumer text NOT NULL,
    progress_topic text NOT NULL,
    lane smallint NOT NULL,
    lanes smallint NOT NULL,
    drained_at timestamptz NOT NULL,
    log_epoch integer NOT NULL,
    end_offsets jsonb NOT NULL,
    PRIMARY KEY (consumer, progress_topic, lane, drained_at)
);

-- Records that could not be applied, with all that is needed to apply them later.
CREATE TABLE dead_letters (
    dead_letter_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consumer text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    record_offset bigint NOT NULL,
    log_epoch integer NOT NULL,
    event_id uuid,
    event_type text,
    reason text NOT NULL,
    detail text NOT NULL,
    tries integer NOT NULL,
    condition text NOT NULL DEFAULT 'waiting' CHECK (condition IN ('waiting', 'blocking', 'replayed', 'discarded')),
    key bytea,
    value bytea,
    headers json NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    resolved_at timestamptz,
    UNIQUE (consumer, topic, partition, record_offset, log_epoch)
);

-- Records of keys whose earlier record failed, in order; the first of a key is the failed one itself.
CREATE TABLE parked_events (
    parked_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consumer text NOT NULL,
    topic text NOT NULL,
    key text NOT NULL,
    partition integer NOT NULL,
    record_offset bigint NOT NULL,
    event_id uuid NOT NULL,
    value bytea,
    headers json NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (consumer, event_id)
);
-- What waits behind this key, in order?
CREATE INDEX parked_events_key ON parked_events (consumer, topic, key, parked_id);
