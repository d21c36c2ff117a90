-- migrate:up
SET LOCAL lock_timeout = '3s';

-- Clocks of another service that notices speak of; `version` counts what was published about each.
CREATE TABLE notify.clocks (
    deadline_ref uuid PRIMARY KEY,
    version      bigint NOT NULL DEFAULT 0 CHECK (version >= 0),
    created_at   timestamptz NOT NULL DEFAULT now()
);

-- What one organisation is told of one event about a clock, however many of its contacts hear it.
CREATE TABLE notify.clock_notices (
    clock_notice_id uuid PRIMARY KEY,
    deadline_ref    uuid NOT NULL REFERENCES notify.clocks,
    event_id        uuid NOT NULL,
    organisation_id uuid NOT NULL,
    kind            text NOT NULL,
    crisis_id       uuid,
    subject         text NOT NULL,
    milestone       smallint CHECK (milestone IN (50, 80)),
    is_drill        boolean NOT NULL,
    occurred_at     timestamptz NOT NULL,
    reach           text NOT NULL DEFAULT 'open' CHECK (reach IN ('open', 'deferred', 'undelivered', 'delivered')),
    reach_since     timestamptz NOT NULL DEFAULT now(),
    -- Is an organisation told of an event twice under two stories?
    CONSTRAINT clock_notices_once UNIQUE (event_id, organisation_id)
);
-- Did a later notice about the same clock arrive?
CREATE INDEX clock_notices_by_clock ON notify.clock_notices (deadline_ref, organisation_id);

-- What a notice tells of a clock; notices that speak of no clock have none.
ALTER TABLE notify.notices ADD COLUMN clock_notice_id uuid REFERENCES notify.clock_notices;

-- Whether an organisation was reached only moves forward.
CREATE FUNCTION notify.reach_rank(reach text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE reach WHEN 'open' THEN 0 WHEN 'deferred' THEN 1 WHEN 'undelivered' THEN 2 WHEN 'delivered' THEN 3 END
$$;
CREATE FUNCTION notify.refuse_unreaching() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF notify.reach_rank(NEW.reach) <= notify.reach_rank(OLD.reach) THEN
        RAISE EXCEPTION 'a notice does not go from % to %', OLD.reach, NEW.reach
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER clock_notices_forward BEFORE UPDATE OF reach ON notify.clock_notices
    FOR EACH ROW EXECUTE FUNCTION notify.refuse_unreaching();

-- Promises that still stand, as last heard of: whom does an order about these goods concern?
-- Ended ones stay, so that an older event does not bring them back.
CREATE TABLE notify.promises (
    allocation_id   uuid PRIMARY KEY,
    need_line_id    uuid NOT NULL,
    organisation_id uuid NOT NULL,
    crisis_id       uuid NOT NULL,
    item            text NOT NULL,
    district        text NOT NULL,
    urgency         text NOT NULL,
    is_open         boolean NOT NULL,
    changed_at      timestamptz NOT NULL
);
CREATE INDEX promises_open ON notify.promises (crisis_id, item) WHERE is_open;
-- Which promises follow a line that moves?
CREATE INDEX promises_by_line ON notify.promises (need_line_id) WHERE is_open;

-- A rule that chose everything hears of orders, too.
UPDATE notify.rules
   SET event_kinds = event_kinds || ARRAY['saturation_order.issued', 'saturation_order.lapsed']
 WHERE ended_at IS NULL
   AND event_kinds @> ARRAY['crisis.opened', 'need_line.opened', 'allocation.proposed', 'allocation.held',
                            'allocation.withdrawn', 'allocation.promoted', 'allocation.reminder_due',
                            'allocation.countered', 'allocation.release_requested']
   AND NOT event_kinds && ARRAY['saturation_order.issued', 'saturation_order.lapsed'];

-- migrate:down
