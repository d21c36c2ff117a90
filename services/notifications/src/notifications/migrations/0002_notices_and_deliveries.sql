-- migrate:up
SET LOCAL lock_timeout = '3s';

CREATE TABLE notify.notices (
    notice_id       uuid PRIMARY KEY,
    recipient_id    uuid NOT NULL REFERENCES pii.recipients,
    organisation_id uuid NOT NULL,
    event_id        uuid NOT NULL,
    kind            text NOT NULL,
    event_type      text NOT NULL,
    class           text NOT NULL CHECK (class IN ('act_now', 'act_today')),
    crisis_id       uuid,
    subject         text NOT NULL,
    thread          uuid,
    params          jsonb NOT NULL,
    sequence        bigint NOT NULL,
    is_drill        boolean NOT NULL,
    occurred_at     timestamptz NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    read_at         timestamptz,
    -- However many rules match and however often a record arrives: one notice per recipient and event.
    CONSTRAINT notices_once UNIQUE (recipient_id, event_id)
);
-- The inbox, newest first; and its unread part.
CREATE INDEX notices_inbox ON notify.notices (recipient_id, notice_id DESC);
CREATE INDEX notices_unread ON notify.notices (recipient_id, notice_id DESC) WHERE read_at IS NULL;

CREATE TABLE notify.deliveries (
    delivery_id         uuid PRIMARY KEY,
    notice_id           uuid NOT NULL REFERENCES notify.notices,
    organisation_id     uuid NOT NULL,
    channel             text NOT NULL CHECK (channel IN ('inbox', 'mail', 'webhook')),
    contact_ref         uuid NOT NULL,
    lane                uuid NOT NULL,
    class_rank          smallint NOT NULL CHECK (class_rank IN (0, 1)),
    state               text NOT NULL CHECK (state IN ('queued', 'sending', 'handed_over', 'delivered', 'read',
                                                       'dead_lettered', 'suppressed')),
    attempts            integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    attempts_before     integer NOT NULL DEFAULT 0,
    redrives            integer NOT NULL DEFAULT 0,
    due_at              timestamptz,
    lease_until         timestamptz,
    first_attempt_at    timestamptz,
    ended_at            timestamptz,
    exhausted_by        text CHECK (exhausted_by IN ('attempts', 'permanent', 'endpoint_disabled')),
    last_code           text CHECK (length(last_code) <= 64),
    provider_message_id text CHECK (length(provider_message_id) <= 200),
    created_at          timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT deliveries_once UNIQUE (notice_id, channel, contact_ref),
    CONSTRAINT deliveries_due_while_queued CHECK ((state = 'queued') = (due_at IS NOT NULL)),
    CONSTRAINT deliveries_leased_while_sending CHECK ((state = 'sending') = (lease_until IS NOT NULL)),
    CONSTRAINT deliveries_ended CHECK ((state IN ('queued', 'sending')) = (ended_at IS NULL)),
    CONSTRAINT deliveries_tried CHECK (state NOT IN ('sending', 'handed_over', 'delivered', 'read') OR attempts > 0),
    CONSTRAINT deliveries_dead_with_reason CHECK ((state = 'dead_lettered') = (exhausted_by IS NOT NULL))
);
-- What is due next in a lane? Class first, so that act-now never waits behind a backlog.
CREATE INDEX deliveries_queue ON notify.deliveries (channel, lane, class_rank, due_at) WHERE state = 'queued';
-- How much is in flight per lane, and whose lease has run out?
CREATE INDEX deliveries_in_flight ON notify.deliveries (channel, lane, lease_until) WHERE state = 'sending';
CREATE INDEX deliveries_by_contact ON notify.deliveries (contact_ref, delivery_id DESC);
CREATE INDEX deliveries_dead ON notify.deliveries (organisation_id, ended_at) WHERE state = 'dead_lettered';

-- Insert-only: the row is written with the claim, before any byte is sent.
CREATE TABLE notify.attempts (
    delivery_id uuid NOT NULL REFERENCES notify.deliveries,
    number      integer NOT NULL CHECK (number > 0),
    begun_at    timestamptz NOT NULL,
    PRIMARY KEY (delivery_id, number)
);

-- Insert-only: what became of an attempt. A late answer after `unknown` is a second row; both are kept.
CREATE TABLE notify.attempt_outcomes (
    delivery_id uuid NOT NULL,
    number      integer NOT NULL,
    outcome     text NOT NULL CHECK (outcome IN ('accepted', 'temporary', 'permanent', 'unknown')),
    code        text NOT NULL CHECK (length(code) <= 64),
    latency_ms  integer CHECK (latency_ms >= 0),
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (delivery_id, number, outcome),
    FOREIGN KEY (delivery_id, number) REFERENCES notify.attempts
);

CREATE FUNCTION notify.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER attempts_insert_only BEFORE UPDATE ON notify.attempts
    FOR EACH ROW EXECUTE FUNCTION notify.refuse_change();
CREATE TRIGGER attempt_outcomes_insert_only BEFORE UPDATE ON notify.attempt_outcomes
    FOR EACH ROW EXECUTE FUNCTION notify.refuse_change();

-- queued and sending alternate; everything else only moves forward. An ending opens again by redrive alone.
CREATE FUNCTION notify.state_rank(state text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE state WHEN 'queued' THEN 0 WHEN 'sending' THEN 0
                      WHEN 'dead_lettered' THEN 1 WHEN 'suppressed' THEN 1
                      WHEN 'handed_over' THEN 2 WHEN 'delivered' THEN 3 WHEN 'read' THEN 4 END
$$;
CREATE FUNCTION notify.refuse_backward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF notify.state_rank(NEW.state) < notify.state_rank(OLD.state)
       AND NOT (OLD.state = 'dead_lettered' AND NEW.state = 'queued' AND NEW.redrives = OLD.redrives + 1) THEN
        RAISE EXCEPTION 'a delivery does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER deliveries_forward BEFORE UPDATE OF state ON notify.deliveries
    FOR EACH ROW EXECUTE FUNCTION notify.refuse_backward();

-- Deliveries that ran out: what an operator or owner can redrive.
CREATE VIEW notify.dead_letters AS
    SELECT d.delivery_id, d.organisation_id, d.channel, d.contact_ref, d.notice_id, n.event_id, d.exhausted_by,
           d.last_code, d.attempts, d.first_attempt_at, d.ended_at
      FROM notify.deliveries d JOIN notify.notices n USING (notice_id)
     WHERE d.state = 'dead_lettered';

-- migrate:down
