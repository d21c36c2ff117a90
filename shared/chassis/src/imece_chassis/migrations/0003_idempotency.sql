-- migrate:up

-- Answers already given, per organisation, route and key. A row exists only for work that has an outcome.
CREATE TABLE idempotency (
    scope      text        NOT NULL,
    key        text        NOT NULL,
    body_hash  bytea       NOT NULL,
    status     integer     NOT NULL,
    headers    jsonb       NOT NULL,
    body       bytea       NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (scope, key),
    -- May the key be that long? The header refuses more than 255 characters before it comes here.
    CONSTRAINT idempotency_key_length CHECK (char_length(key) BETWEEN 1 AND 255),
    CONSTRAINT idempotency_body_hash_is_sha256 CHECK (octet_length(body_hash) = 32),
    -- Is this an outcome? Failures of ours (5xx) must never be replayed.
    CONSTRAINT idempotency_status_is_outcome CHECK (status BETWEEN 200 AND 499)
);

-- Which answers are old enough to forget? Rows arrive in time order, so a block range index is enough.
CREATE INDEX idempotency_created_at ON idempotency USING brin (created_at);
